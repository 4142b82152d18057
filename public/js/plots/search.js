/**
 * The search itself, on two of its parameters: each trial a point whose colour is its value, what a descent moved to as a line,
 * what it tried and refused as a dashed one. A slider shows it as it was after any trial.
 */
import { tell, tellSoon, told } from "../address.js";
import { button, element, fill, scrolling, short } from "../dom.js";
import { metric as metricText, parameter as parameterText, whole, words } from "../format.js";
import { choice } from "../parts/choice.js";
import { pictureButtons } from "../parts/picture-buttons.js";
import { replay } from "../parts/replay.js";
import { goodness } from "./colours.js";
import { drawSearch, ground, roomOf } from "./search-drawing.js";
import { byOrder, lastTrials, lastUpTo, searchSteps, spread, stepWords } from "./search-steps.js";

const HEIGHT = 460;
/** Points of one spot are this far from one another where there is room, in pixels. */
const APART = 7;
/** So near to a point, in pixels, it is meant. */
const NEAR = 12;
/** The table has this many rows. */
const ROWS = 25;
const dark = matchMedia("(prefers-color-scheme: dark)");

/** Gives a `node`, `update(columns, scales, describe, more)` with the `origins` and `descents` in `more`, `restate()`, `destroy()`. */
export function searchPlot(parameters, { metric, maximize, study, onPick }) {
  const names = Object.keys(parameters);
  const canvas = element("canvas", { role: "img" });
  const over = element("canvas", { "aria-hidden": "true", class: "over" });
  const tip = element("div", { class: "tip", hidden: true });
  const stage = element("div", { class: "stage" }, canvas, over, tip);
  const now = element("p", { class: "now" });
  const open = button("", () => onPick(scene.points[shown - 1].number), { class: "plain small", id: "search-open" });
  const table = element("div");
  const inNumbers = element("details", {}, element("summary", {}, "In numbers"), table);
  const title = "The search on two parameters";
  let scene = null;
  let shown = 0;
  let area = null;
  let drawn = null;

  const chosen = () => {
    const wanted = (told("search") ?? "").split(",");
    const across = names.includes(wanted[0]) ? wanted[0] : names[0];
    return [across, names.includes(wanted[1]) ? wanted[1] : names.find((name) => name !== across)];
  };
  const keep = () => tell({ search: across.value() === names[0] && down.value() === names[1] ? null : `${across.value()},${down.value()}` });
  const list = names.map((name) => [name, words(name)]);
  const change = () => {
    keep();
    prepare();
  };
  const across = choice("search-x", "Across", list, chosen()[0], change);
  const down = choice("search-y", "Up", list, chosen()[1], change);
  const slider = replay({
    id: "search-step", label: "As it was after trial",
    textOf: (step) => (scene ? `trial ${scene.points[step - 1]?.number} of ${scene.total}` : ""),
    onStep(step, isPlaying) {
      shown = step;
      draw(isPlaying);
      if (!isPlaying) tellSoon({ at: slider.isAtEnd() ? null : String(scene.points[step - 1].number) });
    },
  });
  const node = element("section", { class: "card", id: "search" },
    element("div", { class: "title" }, element("h2", {}, title),
      pictureButtons({ title, owner: study, plot: "search", pieces: () => [{ width: area.width, height: HEIGHT, draw: (pen) => drawSearch(pen, area, scene, shown) }] })),
    element("div", { class: "fields three" }, across.node, down.node),
    stage, slider.node, element("div", { class: "row" }, now, open),
    element("p", { class: "quiet note", id: "search-key" }), inNumbers);
  const key = node.querySelector("#search-key");

  /** Places every trial; what is shown of them is the slider's. */
  function prepare() {
    if (!drawn || !node.isConnected) return;
    const { columns, scales, origins, descents } = drawn;
    const axes = [across.value(), down.value()];
    const axisScales = axes.map((name) => byOrder(scales[name]));
    area = ground(stage.clientWidth, HEIGHT);
    const places = axes.map((name, which) => columns.parameters[name].map(axisScales[which].place));
    const isPlaced = columns.number.map((_, index) => places[0][index] !== null && places[1][index] !== null);
    const order = columns.number.map((_, index) => index).filter((index) => isPlaced[index] && columns.state[index] !== "queued");
    const room = Math.min(roomOf(axisScales[0], area.x(1) - area.x(0)), roomOf(axisScales[1], area.y(0) - area.y(1)));
    const keys = order.map((index) => `${places[0][index].toFixed(4)} ${places[1][index].toFixed(4)}`);
    const away = spread(keys, room, APART);
    const steps = searchSteps(order.map((index) => columns.number[index]), origins, descents,
      new Set(columns.number.filter((_, index) => ["queued", "running", "stopped"].includes(columns.state[index]))));
    const { share, worst, best } = goodness(columns.value, maximize);
    const points = order.map((index, place) => ({
      index, number: columns.number[index], value: columns.value[index], step: steps[place],
      at: [area.x(places[0][index]) + away[place][0], area.y(places[1][index]) + away[place][1]],
      share: columns.value[index] === null ? null : share(columns.value[index]),
    }));
    scene = {
      points, steps, names: axes, scales: axisScales, total: columns.total, metric, maximize, worst, best,
      byNumber: new Map(points.map(({ number }, place) => [number, place])),
      descents: descents.map((one) => ({ ...one, isDone: one.stop_reason !== null && one.stop_reason !== "open" })),
      ended: lastTrials(steps), isDark: dark.matches, family: getComputedStyle(document.body).fontFamily,
    };
    const isLate = slider.isAtEnd();
    slider.update(points.length);
    const wanted = Number(told("at"));
    if (wanted && isLate && !slider.isPlaying()) slider.set(lastUpTo(points.map(({ number }) => number), wanted) + 1);
    shown = slider.step();
    draw();
  }

  function prepared(one) {
    const ratio = devicePixelRatio || 1;
    Object.assign(one, { width: area.width * ratio, height: HEIGHT * ratio });
    one.style.width = `${area.width}px`;
    one.style.height = `${HEIGHT}px`;
    const pen = one.getContext("2d");
    pen.scale(ratio, ratio);
    return pen;
  }

  /** The best trial up to what is shown. */
  function best() {
    let found = null;
    for (let index = 0; index < shown; index += 1) {
      const point = scene.points[index];
      if (point.value !== null && (!found || (maximize ? point.value > found.value : point.value < found.value))) found = point;
    }
    return found;
  }

  function draw(isPlaying = false) {
    if (!scene || !node.isConnected || scene.points.length === 0) return;
    const hasGradient = drawSearch(prepared(canvas), area, scene, shown);
    prepared(over);
    tip.hidden = true;
    const last = scene.points[shown - 1];
    const leader = best();
    now.textContent = `Trial ${last.number} of ${scene.total}: ${metricText(metric, last.value)}`
      + `${stepWords(last.step) ? ` (${stepWords(last.step)})` : ""}; best until then ${leader ? `${metricText(metric, leader.value)}, trial ${leader.number}` : "–"}`;
    open.textContent = `Trial ${last.number}, details`;
    if (isPlaying) return;
    canvas.setAttribute("aria-label", `${shown} trials by ${words(scene.names[0])} and ${words(scene.names[1])}; ${now.textContent}`);
    key.textContent = explained(hasGradient);
    if (inNumbers.open) tabulate();
  }

  function explained(hasGradient) {
    const hasDescents = scene.descents.length > 0;
    return [
      "A point is a trial; trials of one place are spread around it. The ring is the trial that the slider is at.",
      hasDescents ? "A numbered square is where a descent began, a line what it moved to, a dashed line what it tried and refused, a star where it ended." : null,
      hasGradient ? "The blue arrow points to where the model expected better values from the trial that the step began at." : null,
      scene.points.some(({ share }) => share === null) ? "Empty circles have no value." : null,
      scene.total > scene.points.length ? `${scene.points.length} of the ${scene.total} trials are drawn.` : null,
    ].filter(Boolean).join(" ");
  }

  function tabulate() {
    const heads = ["Trial", ...scene.names.map(words), words(metric), "What the search did"];
    const rows = scene.points.slice(Math.max(0, shown - ROWS), shown).reverse();
    const trial = (number) => button(String(number), null, { class: "plain small", "data-trial": number, "aria-label": `Trial ${number}, details` });
    const value = (name, index) => drawn.columns.parameters[name][index];
    fill(table, element("p", { class: "quiet note" }, `The last ${rows.length} trials up to the slider's place, the latest first.`),
      scrolling("The search in numbers", element("table", {},
        element("thead", {}, element("tr", {}, heads.map((head) => element("th", { scope: "col" }, head)))),
        element("tbody", {}, rows.map((point) => element("tr", { "data-key": point.number },
          element("td", {}, trial(point.number)),
          scene.names.map((name) => element("td", {}, short(parameterText(value(name, point.index)), whole(value(name, point.index))))),
          element("td", {}, short(metricText(metric, point.value), whole(point.value))),
          element("td", {}, stepWords(point.step) || "–")))))));
  }

  inNumbers.addEventListener("toggle", () => scene && inNumbers.open && tabulate());
  table.addEventListener("click", (event) => {
    const asked = event.target.closest("button")?.dataset.trial;
    if (asked) onPick(Number(asked));
  });

  function pointAt(event) {
    if (!scene) return null;
    const box = canvas.getBoundingClientRect();
    const [left, top] = [event.clientX - box.left, event.clientY - box.top];
    let nearest = null;
    let least = NEAR;
    for (let index = 0; index < shown; index += 1) {
      const point = scene.points[index];
      const away = Math.hypot(point.at[0] - left, point.at[1] - top);
      if (away <= least) [nearest, least] = [point, away];
    }
    return nearest;
  }

  function point(found) {
    if (!area) return;
    const pen = prepared(over);
    tip.hidden = !found;
    stage.style.cursor = found ? "pointer" : "";
    if (!found) return;
    pen.strokeStyle = getComputedStyle(node).color;
    pen.lineWidth = 2;
    pen.beginPath();
    pen.arc(...found.at, 8, 0, 2 * Math.PI);
    pen.stroke();
    tip.replaceChildren(element("strong", {}, `trial ${found.number}: ${metricText(metric, found.value)}`), element("br"),
      drawn.describe(found.index), ...(stepWords(found.step) ? [element("br"), stepWords(found.step)] : []));
    tip.style.left = `${Math.max(0, Math.min(found.at[0] + 14, area.width - 240))}px`;
    tip.style.top = `${Math.min(found.at[1] + 14, HEIGHT - 90)}px`;
  }

  stage.addEventListener("pointermove", (event) => point(pointAt(event)));
  stage.addEventListener("pointerleave", () => point(null));
  stage.addEventListener("click", (event) => {
    const found = pointAt(event);
    if (found) onPick(found.number);
  });
  const sized = new ResizeObserver(() => stage.clientWidth !== area?.width && prepare());
  sized.observe(stage);
  dark.addEventListener("change", prepare);

  return {
    node,
    update(columns, scales, describe, { origins, descents }) {
      drawn = { columns, scales, describe, origins, descents };
      prepare();
    },
    /** Shows what the address tells. */
    restate() {
      const [x, y] = chosen();
      across.set(x);
      down.set(y);
      if (!scene) return;
      slider.set(told("at") ? lastUpTo(scene.points.map(({ number }) => number), Number(told("at"))) + 1 : scene.points.length);
      prepare();
    },
    destroy() {
      slider.destroy();
      sized.disconnect();
      dark.removeEventListener("change", prepare);
    },
  };
}
