/** Two parameters at once: what the trials of each cell reached, over all others. A table, so that it is read as it is seen. */
import { element, fill } from "../dom.js";
import { metric as metricText, parameter as parameterText, words } from "../format.js";
import { css, goodness, ink, shade } from "./colours.js";
import { bins, summed } from "./parameter-scale.js";

const STATISTICS = { mean: "mean over the others", best: "best over the others" };

/** Gives a `node`, `update(columns, scales)`. */
export function heatMap(parameters, { metric, maximize, onPick }) {
  const names = Object.keys(parameters);
  let shown = null;
  const choice = (id, label, list, chosen) => {
    const control = element("select", { id }, list.map(([value, text]) => element("option", { value, selected: value === chosen }, text)));
    control.addEventListener("change", () => draw());
    return { control, node: element("p", { class: "field" }, element("label", { for: id }, label), control) };
  };
  const list = names.map((name) => [name, words(name)]);
  const across = choice("heat-x", "Across", list, names[0]);
  const down = choice("heat-y", "Down", list, names[1]);
  const what = choice("heat-what", "Colour", Object.entries(STATISTICS), "mean");
  const body = element("tbody");
  const head = element("thead");
  const key = element("p", { class: "quiet note scale" });
  const caption = element("caption", { class: "unseen" });
  const map = element("table", { class: "heat" }, caption, head, body);
  const node = element("section", { class: "card", id: "heat-map" },
    element("h2", {}, "Two parameters at once"),
    element("div", { class: "fields three" }, across.node, down.node, what.node),
    element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Two parameters at once, scrolls sideways" }, map), key);
  body.addEventListener("click", (event) => {
    const asked = event.target.closest("button")?.dataset.trial;
    if (asked) onPick(Number(asked));
  });

  function cell(found, share, statistic) {
    if (!found) return element("td", { class: "quiet" }, "–");
    const colour = shade(share(found[statistic]));
    const text = metricText(metric, found[statistic]);
    const trials = `${found.count} ${found.count === 1 ? "trial" : "trials"}`;
    const made = element("td", {}, element("button", {
      type: "button", "data-trial": found.number,
      title: `${trials}, mean ${metricText(metric, found.mean)}, best ${metricText(metric, found.best)} by trial ${found.number}`,
    }, text.replace(" %", "")));
    made.firstChild.style.backgroundColor = css(colour);
    made.firstChild.style.color = ink(colour);
    return made;
  }

  function draw() {
    if (!shown) return;
    const { columns, scales } = shown;
    const [x, y, statistic] = [across.control.value, down.control.value, what.control.value];
    const [right, below] = [bins(scales[x], parameterText), bins(scales[y], parameterText)];
    const wide = right.list.length;
    const keys = columns.number.map((_, index) => {
      const [column, row] = [right.of(columns.parameters[x][index]), below.of(columns.parameters[y][index])];
      return column < 0 || row < 0 ? -1 : row * wide + column;
    });
    const found = summed(keys, columns.value, columns.number, maximize);
    const { share, worst, best } = goodness([...found.values()].map((one) => one[statistic]), maximize);
    caption.textContent = `${words(metric)}, ${STATISTICS[statistic]}, by ${words(x)} and ${words(y)}`;
    fill(head, element("tr", {}, element("td", { class: "quiet" }, `${words(y)} ↓`, element("br"), `${words(x)} →`),
      right.list.map((label) => element("th", { scope: "col" }, label))));
    // Larger values are further up, as on an axis.
    const order = below.list.map((_, index) => index).reverse();
    fill(body, order.map((row) => element("tr", {}, element("th", { scope: "row" }, below.list[row]),
      right.list.map((_, column) => cell(found.get(row * wide + column), share, statistic)))));
    key.textContent = best === null ? "" : `${words(metric)}${metric.endsWith("accuracy") ? " in %" : ""}; dark is ${metricText(metric, worst)} or worse, `
      + `light is the best, ${metricText(metric, best)}. A press on a cell shows its best trial.`;
  }

  return {
    node,
    update(columns, scales) {
      shown = { columns, scales };
      draw();
    },
    destroy() {},
  };
}
