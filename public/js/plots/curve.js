/** The learning curve of one trial: what was measured of one kind (`accuracy` or `loss`), by iteration. */
import { axis, colour, options, scaleOf } from "./theme.js";

const LINES = [["train", "--dot"], ["validation", "--bar"]];

/** Draws on a canvas; gives an object with `destroy()`. */
export function plotCurve(canvas, curve, kind) {
  const { axis: metricAxis, label, shown } = scaleOf(kind);
  const datasets = LINES.map(([part, name]) => ({
    label: part, parsing: false, pointRadius: 0, pointStyle: "line", borderWidth: 2, borderColor: colour(name), backgroundColor: colour(name),
    data: curve.filter((point) => Number.isFinite(point.metrics[`${part}_${kind}`]))
      .map((point) => ({ x: point.step, y: shown(point.metrics[`${part}_${kind}`]) })),
  }));
  return new Chart(canvas, {
    type: "line",
    data: { datasets },
    options: options({ x: axis("iteration"), y: metricAxis(label) }),
  });
}
