/** The value of each trial as a dot, and the best so far as a line; over trial numbers or over seconds of training. */
import { element, scrolling, short } from "../dom.js";
import { metric as metricText, seconds, whole, words } from "../format.js";
import { dots, improvements, moves, thinned } from "./thinning.js";
import { axis, colour, follow, logTicks, options, scaleOf } from "./theme.js";

/** More dots than these are not told apart. */
const MOST = 1500;

/** The trials that were better than all before them, as a table; the numbers of trials are buttons with `data-trial`. */
export function improvementTable(trials, { metric, maximize }) {
  const row = ({ number, y, x }) => [
    element("button", { type: "button", class: "plain small", "data-trial": number, "aria-label": `Trial ${number}, details` }, String(number)),
    short(metricText(metric, y), whole(y)), seconds(x),
  ];
  return scrolling("Best so far in numbers", element("table", {},
    element("thead", {}, element("tr", {}, ["Trial", words(metric), "After training for"].map((head) => element("th", { scope: "col" }, head)))),
    element("tbody", {}, improvements(dots(trials, "seconds"), maximize).map((point) =>
      element("tr", {}, row(point).map((cell) => element("td", {}, cell)))))));
}

/** The best value's steps: a point wherever it improves, and one at the end. */
function steps(better, points) {
  return better.length ? [...better, { ...better.at(-1), x: points.at(-1).x }] : [];
}

/**
 * Draws on a canvas; gives an object with `update(trials, over, best, logs)` and `destroy()`; `over` is `trials` or `seconds`,
 * `best` has the numbers of the trials of the best points, `logs` says which axes are log axes (`x`, `y`), and `onPick(number)` is
 * called with a trial that is clicked.
 */
export function plotBestSoFar(canvas, { metric, maximize, onPick }) {
  const { axis: metricAxis, label, shown } = scaleOf(metric);
  let across = "trial";
  let log = { x: false, y: false };
  const scales = () => ({
    x: axis(across, log.x ? { type: "logarithmic", ticks: logTicks } : {}),
    y: metricAxis(label, log.y ? { type: "logarithmic", ticks: logTicks } : {}),
  });
  const chart = new Chart(canvas, {
    type: "scatter",
    data: {
      datasets: [
        {
          label: "best so far", type: "line", stepped: true, data: [], borderWidth: 2.5, pointRadius: 0, pointStyle: "line",
          parsing: false, clip: false,
        },
        { label: "trials", data: [], pointRadius: 2.5, parsing: false, clip: false },
      ],
    },
  });
  const end = follow(chart, () => ({
    options: options(scales(), {
      onClick: (_, items) => {
        const item = items.find(({ datasetIndex }) => datasetIndex === 1);
        if (item) onPick(item.element.$context.raw.number);
      },
      plugins: {
        tooltip: {
          filter: (item) => item.datasetIndex === 1,
          callbacks: { label: ({ raw }) => `trial ${raw.number}: ${Number(raw.y.toPrecision(4))}` },
        },
      },
    }),
    looks: [
      { borderColor: colour("--bar"), backgroundColor: colour("--bar") }, { backgroundColor: colour("--dot") },
    ],
  }));
  return {
    chart,
    update(trials, over, best, logs) {
      const points = dots(trials, over);
      const better = improvements(points, maximize);
      const kept = new Set([...best, ...moves(trials), ...better.map(({ number }) => number)]);
      // What is not above zero has no place on a log axis.
      log = { x: logs.x && points.every(({ x }) => x > 0), y: logs.y && points.every(({ y }) => y > 0) };
      const onAxis = (point) => ({ ...point, y: shown(point.y) });
      chart.data.datasets[0].data = steps(better, points).map(onAxis);
      chart.data.datasets[1].data = thinned(points, kept, MOST).map(onAxis);
      across = over === "seconds" ? "seconds of training" : "trial";
      chart.options.scales = scales();
      chart.update("none");
      const last = better.at(-1);
      canvas.setAttribute("aria-label", last
        ? `Best so far over ${over}: ${label} ${Number(shown(last.y).toPrecision(4))}, first at trial ${last.number}`
        : "Best so far: no trial is completed yet");
    },
    destroy() {
      end();
      chart.destroy();
    },
  };
}
