/** The plots of a study's trials, drawn once they are near to what is seen. */
import { onTold } from "../address.js";
import { element } from "../dom.js";
import { isTable, parameter as parameterText, words } from "../format.js";
import { distribution } from "../plots/distribution.js";
import { heatMap } from "../plots/heat-map.js";
import { importance } from "../plots/importance.js";
import { parallel } from "../plots/parallel.js";
import { parameterScale } from "../plots/parameter-scale.js";
import { searchPlot } from "../plots/search.js";
import { slices } from "../plots/slices.js";
import { timeline } from "../plots/timeline.js";

/** A plot is drawn when it is this near to what is seen. */
const NEAR = "400px";

/**
 * `onPick(number)` is called with a trial that is asked for, `onFilter` with what leaves some trials. Gives a `node`,
 * `update(columns, more)`, `destroy()`; `more` has what the columns lack: the `trials` as they are known, their `origins` by
 * number, `descents`, and the `best` point.
 */
export function studyPlots(study, { onPick, onFilter }) {
  const { metric, goal } = study.resolved.objective;
  const { parameters } = study.resolved;
  const common = { metric, maximize: goal === "maximize", study: study.name, onPick, onFilter };
  const isWide = Object.keys(parameters).length > 1;
  const plots = [
    ...(isWide ? [searchPlot(parameters, common), importance(common)] : []), slices(parameters, common),
    ...(isWide ? [heatMap(parameters, common), parallel(parameters, common)] : []), distribution(parameters, common),
    // A table's trials are looked up, by nobody.
    ...(isTable(study) ? [] : [timeline(parameters, common)]),
  ];
  const node = element("div", { id: "plots", hidden: true }, plots.map((plot) => plot.node));
  let drawn = null;
  const stale = new Set();
  const near = new Set();

  function draw() {
    for (const plot of plots) {
      if (!drawn || !stale.has(plot) || !near.has(plot)) continue;
      stale.delete(plot);
      // Each in a task of its own, so that none keeps the page busy for long.
      setTimeout(() => plot.node.isConnected && plot.update(drawn.columns, drawn.scales, drawn.describe, drawn.more));
    }
  }

  const seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const plot = plots.find((one) => one.node === target);
      if (isIntersecting) near.add(plot);
      else near.delete(plot);
    }
    draw();
  }, { rootMargin: NEAR });
  plots.forEach((plot) => seen.observe(plot.node));
  const end = onTold(() => plots.forEach((plot) => plot.restate?.()));

  return {
    node,
    /** Whether anything of them is seen, or would be once there is something to draw. */
    isNear: () => drawn === null || near.size > 0,
    update(columns, more) {
      // What one trial alone says is in the head already.
      node.hidden = columns.value.filter((value) => value !== null).length < 2;
      const scales = Object.fromEntries(Object.entries(parameters).map(([name, one]) => [name, parameterScale(one, columns.parameters[name])]));
      const describe = (index) => Object.keys(parameters).filter((name) => columns.parameters[name][index] !== null)
        .map((name) => `${words(name)} ${parameterText(columns.parameters[name][index])}`).join(", ");
      drawn = { columns, scales, describe, more };
      plots.forEach((plot) => stale.add(plot));
      draw();
    },
    destroy() {
      seen.disconnect();
      end();
      plots.forEach((plot) => plot.destroy());
    },
  };
}
