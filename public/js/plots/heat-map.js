/** Two parameters at once: what the trials of each cell reached, over all others. A table, so that it is read as it is seen. */
import { tell, told } from "../address.js";
import { element, fill } from "../dom.js";
import { metric as metricText, parameter as parameterText, words } from "../format.js";
import { choice } from "../parts/choice.js";
import { pictureButtons } from "../parts/picture-buttons.js";
import { css, goodness, ink, shade } from "./colours.js";
import { bins, summed } from "./parameter-scale.js";
import { colour } from "./theme.js";

const STATISTICS = { mean: "mean over the others", best: "best over the others" };

/** The picture of a map has cells of this size, and this much room for what they are called, in pixels. */
const [WIDE, HIGH, SIDE, BELOW] = [74, 32, 130, 44];

/** `of(row, column)` gives the colour and the text of a cell, or null; rows from below. */
function drawMap(pen, { right, below, names, of }) {
  Object.assign(pen, { font: `12px ${getComputedStyle(document.body).fontFamily}`, textBaseline: "middle" });
  const write = (text, align, name, left, top, most) => {
    Object.assign(pen, { textAlign: align, fillStyle: colour(name) });
    pen.fillText(text, left, top, most);
  };
  const bottom = below.length * HIGH;
  below.forEach((label, row) => {
    const top = bottom - (row + 1) * HIGH;
    write(label, "right", "--quiet", SIDE - 8, top + HIGH / 2, SIDE - 34);
    right.forEach((_, column) => {
      const cell = of(row, column);
      if (!cell) return;
      pen.fillStyle = cell.colour;
      pen.fillRect(SIDE + column * WIDE + 1, top + 1, WIDE - 2, HIGH - 2);
      pen.fillStyle = cell.ink;
      pen.textAlign = "center";
      pen.fillText(cell.text, SIDE + (column + 0.5) * WIDE, top + HIGH / 2, WIDE - 8);
    });
  });
  right.forEach((label, column) => write(label, "center", "--quiet", SIDE + (column + 0.5) * WIDE, bottom + 12, WIDE - 6));
  write(words(names[0]), "center", "--text", SIDE + (right.length * WIDE) / 2, bottom + 34);
  pen.save();
  pen.translate(10, bottom / 2);
  pen.rotate(-Math.PI / 2);
  write(words(names[1]), "center", "--text", 0, 0, Math.max(60, bottom));
  pen.restore();
}

/** Gives a `node`, `update(columns, scales)`, `restate()` and `destroy()`. */
export function heatMap(parameters, { metric, maximize, study, onPick }) {
  const names = Object.keys(parameters);
  let shown = null;
  let map = null;
  const chosen = () => {
    const [x, y, statistic] = (told("heat") ?? "").split(",");
    return [names.includes(x) ? x : names[0], names.includes(y) ? y : names[1], statistic in STATISTICS ? statistic : "mean"];
  };
  const change = () => {
    const made = [across.value(), down.value(), what.value()].join();
    tell({ heat: made === `${names[0]},${names[1]},mean` ? null : made });
    draw();
  };
  const list = names.map((name) => [name, words(name)]);
  const across = choice("heat-x", "Across", list, chosen()[0], change);
  const down = choice("heat-y", "Down", list, chosen()[1], change);
  const what = choice("heat-what", "Colour", Object.entries(STATISTICS), chosen()[2], change);
  const title = "Two parameters at once";
  const body = element("tbody");
  const head = element("thead");
  const key = element("p", { class: "quiet note scale" });
  const caption = element("caption", { class: "unseen" });
  const table = element("table", { class: "heat" }, caption, head, body);
  const node = element("section", { class: "card", id: "heat-map" },
    element("div", { class: "title" }, element("h2", {}, title), pictureButtons({
      title, owner: study, plot: "heat-map", pieces: () => [{
        label: caption.textContent, width: SIDE + map.right.length * WIDE, height: map.below.length * HIGH + BELOW, draw: (pen) => drawMap(pen, map),
      }],
    })),
    element("div", { class: "fields three" }, across.node, down.node, what.node),
    element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Two parameters at once, scrolls sideways" }, table), key);
  body.addEventListener("click", (event) => {
    const asked = event.target.closest("button")?.dataset.trial;
    if (asked) onPick(Number(asked));
  });

  function cell(found, share, statistic) {
    if (!found) return element("td", { class: "quiet" }, "–");
    const tint = shade(share(found[statistic]));
    const text = metricText(metric, found[statistic]);
    const trials = `${found.count} ${found.count === 1 ? "trial" : "trials"}`;
    const made = element("td", {}, element("button", {
      type: "button", "data-trial": found.number,
      title: `${trials}, mean ${metricText(metric, found.mean)}, best ${metricText(metric, found.best)} by trial ${found.number}`,
    }, text.replace(" %", "")));
    made.firstChild.style.backgroundColor = css(tint);
    made.firstChild.style.color = ink(tint);
    return made;
  }

  function draw() {
    if (!shown) return;
    const { columns, scales } = shown;
    const [x, y, statistic] = [across.value(), down.value(), what.value()];
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
    map = {
      right: right.list, below: below.list, names: [x, y],
      of(row, column) {
        const one = found.get(row * wide + column);
        if (!one) return null;
        const tint = shade(share(one[statistic]));
        return { colour: css(tint), ink: ink(tint), text: metricText(metric, one[statistic]) };
      },
    };
    key.textContent = best === null ? "" : `${words(metric)}${metric.endsWith("accuracy") ? " in %" : ""}; dark is ${metricText(metric, worst)} or worse, `
      + `light is the best, ${metricText(metric, best)}. A press on a cell shows its best trial.`;
  }

  return {
    node,
    update(columns, scales) {
      shown = { columns, scales };
      draw();
    },
    restate() {
      const [x, y, statistic] = chosen();
      across.set(x);
      down.set(y);
      what.set(statistic);
      draw();
    },
    destroy() {},
  };
}
