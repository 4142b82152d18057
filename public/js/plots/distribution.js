/** How the values of trials are spread: their empirical distribution, of a study or of each algorithm of a comparison. */
import { element, scrolling, short } from "../dom.js";
import { metric as metricText, whole, words } from "../format.js";
import { pictureButtons } from "../parts/picture-buttons.js";
import { chartPiece } from "./picture.js";
import { quantile, sorted, steps } from "./quantiles.js";
import { look } from "./race.js";
import { axis, colour, follow, options, scaleOf } from "./theme.js";

/** More steps than these are not told apart. */
const STEPS = 600;
const SHARES = [[0, "Least"], [0.1, "10 %"], [0.25, "25 %"], [0.5, "Half"], [0.75, "75 %"], [0.9, "90 %"], [1, "Most"]];

/** Draws on a canvas; gives `chart`, `update(groups)` and `destroy()`. A group has a `name` and its `values`. */
export function plotDistribution(canvas, { metric }) {
  const { axis: metricAxis, label, shown } = scaleOf(metric);
  const chart = new Chart(canvas, { type: "line", data: { datasets: [] } });
  const dress = () => ({
    options: options({ x: metricAxis(label), y: axis("trials with at most this value, in %", { min: 0, max: 100 }) }, {
      plugins: {
        legend: { display: chart.data.datasets.length > 1, labels: { color: colour("--text"), usePointStyle: true, boxWidth: 30, boxHeight: 6 } },
        tooltip: {
          callbacks: {
            title: () => "",
            label: ({ raw, dataset }) => `${dataset.label}: ${Number(raw.y.toPrecision(4))} % have at most ${metricText(metric, raw.value)}`,
          },
        },
      },
    }),
    looks: chart.data.datasets.map((_, index) => {
      const { whole: tint, dash } = look(index);
      return { borderColor: tint, backgroundColor: tint, borderDash: dash };
    }),
  });
  const end = follow(chart, dress);
  return {
    chart,
    update(groups) {
      chart.data.datasets = groups.map(({ name, values }) => ({
        label: name, parsing: false, pointRadius: 0, pointStyle: "line", stepped: true, clip: false, borderWidth: 2.5,
        data: steps(sorted(values), STEPS).map(({ x, y }) => ({ x: shown(x), y, value: x })),
      }));
      const { options: made, looks } = dress();
      chart.options = made;
      looks.forEach((one, index) => Object.assign(chart.data.datasets[index], one));
      chart.update("none");
      canvas.setAttribute("aria-label", `Spread of ${label}: ${groups.map(({ name, values }) =>
        `half of ${name} have at most ${metricText(metric, quantile(sorted(values), 0.5))}`).join(", ")}`);
    },
    destroy() {
      end();
      chart.destroy();
    },
  };
}

/** The quantiles of each group, as a table. */
export function quantileTable(groups, metric) {
  const row = ({ name, values }) => {
    const rising = sorted(values);
    return element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, String(rising.length)),
      SHARES.map(([share]) => quantile(rising, share)).map((value) => element("td", {}, short(metricText(metric, value), whole(value)))));
  };
  return scrolling("Spread of the values in numbers", element("table", {},
    element("thead", {}, element("tr", {}, ["", "Trials drawn", ...SHARES.map(([, text]) => text)].map((head) =>
      (head ? element("th", { scope: "col" }, head) : element("td"))))),
    element("tbody", {}, groups.map(row))));
}

/** The plot of a study: gives a `node`, `update(columns)` and `destroy()`. */
export function distribution(_, { metric, study }) {
  const title = "Spread of the values";
  const canvas = element("canvas", { role: "img", "aria-label": title });
  const numbers = element("div");
  const note = element("p", { class: "quiet note" });
  let plot = null;
  return {
    node: element("section", { class: "card", id: "distribution" },
      element("div", { class: "title" }, element("h2", {}, title),
        pictureButtons({ title, owner: study, plot: "distribution", pieces: () => [chartPiece(plot.chart)] })),
      element("div", { class: "plot low" }, canvas), note,
      element("details", {}, element("summary", {}, "In numbers"), numbers)),
    update(columns) {
      plot ??= plotDistribution(canvas, { metric });
      const groups = [{ name: "the trials", values: columns.value }];
      plot.update(groups);
      const drawn = columns.number.length;
      note.textContent = `How many of the trials have at most a given ${words(metric)}.${columns.total > drawn
        ? ` Of the ${columns.total} trials ${drawn} are drawn, among them every improvement.` : ""}`;
      numbers.replaceChildren(quantileTable(groups, metric));
    },
    destroy: () => plot?.destroy(),
  };
}
