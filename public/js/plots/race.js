/** The best value so far of several algorithms: a line each, the mean over its seeds, in the band of its 95 % interval. */
import { axis, colour, follow, options, scaleOf } from "./theme.js";

/** Told apart by dashes as well as by colour. */
const COLOURS = ["--bar", "--focus", "--train", "--good", "--bad", "--wait"];
const DASHES = [[], [7, 4], [2, 3], [10, 3, 2, 3]];

/** The colour, the faint colour of a band, and the dash of one of several lines. */
export function look(index) {
  const whole = colour(COLOURS[index % COLOURS.length]);
  const hex = whole.length === 4 ? whole.replace(/[0-9a-f]/gi, "$&$&") : whole;
  return { whole, faint: `${hex}26`, dash: DASHES[Math.floor(index / COLOURS.length + index) % DASHES.length] };
}

/** Three lines a curve: the mean, and without a name of their own the ends of the interval with what lies between filled. */
function lines({ name, curve, over }, shown) {
  const points = (values) => values.map((value, index) => ({ x: curve[over][index], y: shown(value) }));
  const common = { parsing: false, pointRadius: 0, clip: false, stepped: true };
  return [
    { ...common, label: name, pointStyle: "line", borderWidth: 2.5, data: curve ? points(curve.mean) : [] },
    { ...common, label: "", borderWidth: 0, fill: "+1", data: curve ? points(curve.lower) : [] },
    { ...common, label: "", borderWidth: 0, data: curve ? points(curve.upper) : [] },
  ];
}

/**
 * Draws on a canvas; gives an object with `update(curves, over)` and `destroy()`. A curve has a `name` and the comparison's
 * arrays, or null where there is none; `over` is `trials`, `iterations` or `seconds`.
 */
export function plotRace(canvas, { metric }) {
  const { axis: metricAxis, label, shown } = scaleOf(metric);
  const texts = { trials: "trials of each study", iterations: "iterations", seconds: "seconds of training" };
  let across = texts.trials;
  const chart = new Chart(canvas, { type: "line", data: { datasets: [] } });
  const isMean = (index) => index % 3 === 0;
  const dress = () => ({
    options: options({ x: axis(across), y: metricAxis(`${label}, best so far`) }, {
      plugins: {
        legend: {
          labels: { color: colour("--text"), usePointStyle: true, boxWidth: 30, boxHeight: 6, filter: (item) => isMean(item.datasetIndex) },
          // A name shows or hides its band, too.
          onClick: (event, { datasetIndex }) => {
            for (const index of [0, 1, 2]) {
              const visible = chart.isDatasetVisible(datasetIndex + index);
              chart.setDatasetVisibility(datasetIndex + index, !visible);
            }
            chart.update("none");
          },
        },
        tooltip: {
          filter: (item) => isMean(item.datasetIndex),
          callbacks: { label: ({ raw, dataset }) => `${dataset.label}: ${Number(raw.y.toPrecision(4))}` },
        },
      },
    }),
    looks: chart.data.datasets.map((_, index) => {
      const { whole, faint, dash } = look(Math.floor(index / 3));
      return isMean(index)
        ? { borderColor: whole, backgroundColor: whole, borderDash: dash } : { borderColor: faint, backgroundColor: faint };
    }),
  });
  const end = follow(chart, dress);
  return {
    chart,
    update(curves, over) {
      across = texts[over];
      chart.data.datasets = curves.flatMap(({ name, curve }) => lines({ name, curve, over }, shown));
      const { options: made, looks } = dress();
      chart.options = made;
      looks.forEach((one, index) => Object.assign(chart.data.datasets[index], one));
      chart.update("none");
      const ends = curves.filter(({ curve }) => curve?.mean.length)
        .map(({ name, curve }) => `${name} ${Number(shown(curve.mean.at(-1)).toPrecision(4))}`);
      canvas.setAttribute("aria-label", ends.length
        ? `Best so far over ${across}, at the end: ${label} ${ends.join(", ")}` : "Best so far: nothing is known yet");
    },
    destroy() {
      end();
      chart.destroy();
    },
  };
}
