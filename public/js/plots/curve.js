/** The learning curve of one trial: what was measured of one kind (`accuracy` or `loss`), by iteration. */
import { axis, colour, follow, options, scaleOf } from "./theme.js";

/** Told apart by dashes and by how light they are, not by hue alone. */
const LINES = [["train", "--train", [6, 4]], ["validation", "--bar", []]];

/** Draws on a canvas; gives an object with `destroy()`. */
export function plotCurve(canvas, curve, kind) {
  const { axis: metricAxis, label, shown } = scaleOf(kind);
  const datasets = LINES.map(([part, , borderDash]) => ({
    label: part, parsing: false, pointRadius: 0, pointStyle: "line", borderWidth: 2, borderDash,
    data: curve.filter((point) => Number.isFinite(point.metrics[`${part}_${kind}`]))
      .map((point) => ({ x: point.step, y: shown(point.metrics[`${part}_${kind}`]) })),
  }));
  const chart = new Chart(canvas, { type: "line", data: { datasets } });
  const end = follow(chart, () => ({
    options: options({ x: axis("iteration"), y: metricAxis(label) }),
    looks: LINES.map(([, name]) => ({ borderColor: colour(name), backgroundColor: colour(name) })),
  }));
  return {
    destroy() {
      end();
      chart.destroy();
    },
  };
}
