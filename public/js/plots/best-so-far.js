/** The value of each trial as a dot, and the best so far as a line; over trial numbers or over seconds of training. */
import { axis, colour, options, scaleOf } from "./theme.js";

/** Keeps at most `count` dots, evenly spaced, so that a long study draws in one frame. */
function thinned(points, count) {
  if (points.length <= count) return points;
  const step = points.length / count;
  return Array.from({ length: count }, (_, index) => points[Math.floor(index * step)]);
}

/** Trials as { x, y, number }, in order; over seconds, x is all training up to the trial's end. */
export function dots(trials, over) {
  let spent = 0;
  const made = [];
  for (const trial of trials) {
    spent += trial.compute_seconds ?? 0;
    if (trial.value === null) continue;
    made.push({ x: over === "seconds" ? spent : trial.number, y: trial.value, number: trial.number });
  }
  return made;
}

/** The best value's steps: a point wherever it improves, and one at the end. */
export function bestSoFar(points, maximize) {
  const steps = [];
  for (const point of points) {
    const last = steps[steps.length - 1];
    if (!last || (maximize ? point.y > last.y : point.y < last.y)) steps.push(point);
  }
  if (steps.length) steps.push({ ...steps[steps.length - 1], x: points[points.length - 1].x });
  return steps;
}

/** Draws on a canvas; gives an object with `update(trials, over)` and `destroy()`; `over` is `trials` or `seconds`. */
export function plotBestSoFar(canvas, { metric, maximize }) {
  const { axis: metricAxis, label, shown } = scaleOf(metric);
  const chart = new Chart(canvas, {
    type: "scatter",
    data: {
      datasets: [
        {
          label: "best so far", type: "line", stepped: true, data: [], borderColor: colour("--bar"),
          backgroundColor: colour("--bar"), borderWidth: 2.5, pointRadius: 0, pointStyle: "line", parsing: false, clip: false,
        },
        { label: "trials", data: [], backgroundColor: colour("--dot"), pointRadius: 2.5, parsing: false, clip: false },
      ],
    },
    options: options({ x: axis("trial"), y: metricAxis(label) }, {
      plugins: {
        tooltip: {
          filter: (item) => item.datasetIndex === 1,
          callbacks: { label: ({ raw }) => `trial ${raw.number}: ${Number(raw.y.toPrecision(4))}` },
        },
      },
    }),
  });
  return {
    update(trials, over) {
      const points = dots(trials, over);
      const onAxis = (point) => ({ ...point, y: shown(point.y) });
      const steps = bestSoFar(points, maximize);
      chart.data.datasets[0].data = steps.map(onAxis);
      chart.data.datasets[1].data = thinned(points, 1500).map(onAxis);
      chart.options.scales.x.title.text = over === "seconds" ? "seconds of training" : "trial";
      chart.update("none");
      const best = steps[steps.length - 1];
      canvas.setAttribute("aria-label", best
        ? `Best so far over ${over}: ${label} ${Number(shown(best.y).toPrecision(4))}, first at trial ${best.number}`
        : "Best so far: no trial is completed yet");
    },
    destroy() {
      chart.destroy();
    },
  };
}
