/** The learning curve of one trial: what was measured of one kind (`accuracy` or `loss`), by iteration; or one metric by step. */
import { axis, colour, follow, options, scaleOf } from "./theme.js";

/** Told apart by dashes and by how light they are, not by hue alone. */
const LINES = [["train", "--train", [6, 4]], ["validation", "--bar", []]];

/** Draws on a canvas; `isOne`: `kind` is the name of one metric. Gives its `chart` and `destroy()`. */
export function plotCurve(canvas, curve, kind, isOne = false) {
  const { axis: metricAxis, label, shown } = scaleOf(kind);
  const lines = isOne ? [[kind, "--bar", []]] : LINES;
  const nameOf = (part) => (isOne ? kind : `${part}_${kind}`);
  const datasets = lines.map(([part, , borderDash]) => ({
    label: part, parsing: false, pointRadius: 0, pointStyle: "line", borderWidth: 2, borderDash,
    data: curve.filter((point) => Number.isFinite(point.metrics[nameOf(part)]))
      .map((point) => ({ x: point.step, y: shown(point.metrics[nameOf(part)]) })),
  }));
  const chart = new Chart(canvas, { type: "line", data: { datasets } });
  const end = follow(chart, () => ({
    options: options({ x: axis(isOne ? "step" : "iteration"), y: metricAxis(label) }),
    looks: lines.map(([, name]) => ({ borderColor: colour(name), backgroundColor: colour(name) })),
  }));
  return {
    chart,
    destroy() {
      end();
      chart.destroy();
    },
  };
}
