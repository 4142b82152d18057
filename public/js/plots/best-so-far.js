/** The value of each trial as a dot, and the best so far as a line; over trial numbers or over seconds of training. */
import { dots, improvements, moves, thinned } from "./thinning.js";
import { axis, colour, follow, options, scaleOf } from "./theme.js";

/** More dots than these are not told apart. */
const MOST = 1500;

/** The best value's steps: a point wherever it improves, and one at the end. */
function steps(better, points) {
  return better.length ? [...better, { ...better.at(-1), x: points.at(-1).x }] : [];
}

/**
 * Draws on a canvas; gives an object with `update(trials, over, best)` and `destroy()`; `over` is `trials` or `seconds`,
 * `best` has the numbers of the trials of the best points.
 */
export function plotBestSoFar(canvas, { metric, maximize }) {
  const { axis: metricAxis, label, shown } = scaleOf(metric);
  let across = "trial";
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
    options: options({ x: axis(across), y: metricAxis(label) }, {
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
    update(trials, over, best) {
      const points = dots(trials, over);
      const better = improvements(points, maximize);
      const kept = new Set([...best, ...moves(trials), ...better.map(({ number }) => number)]);
      const onAxis = (point) => ({ ...point, y: shown(point.y) });
      chart.data.datasets[0].data = steps(better, points).map(onAxis);
      chart.data.datasets[1].data = thinned(points, kept, MOST).map(onAxis);
      across = over === "seconds" ? "seconds of training" : "trial";
      chart.options.scales.x.title.text = across;
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
