/**
 * All parameters at once: an axis for each, a line for each trial, its colour the value. A stretch of an axis that is marked, by
 * dragging or by numbers, leaves the trials that go through it.
 */
import { tell, told } from "../address.js";
import { button, element } from "../dom.js";
import { metric as metricText, parameter as parameterText, words } from "../format.js";
import { pictureButtons } from "../parts/picture-buttons.js";
import { css, goodness, shade } from "./colours.js";
import { parameterScale, ticks } from "./parameter-scale.js";
import { colour } from "./theme.js";

const HEIGHT = 340;
const [TOP, BOTTOM, SIDE] = [40, 22, 56];
/** An axis needs this much room for its labels, in pixels. */
const ROOM = 96;
/** So near to an axis, in pixels, it is the axis that is dragged on; so near to a line it is that trial. */
const [NEAR_AXIS, NEAR_LINE] = [12, 8];
/** The name of the axis of values, which no parameter can have. */
const VALUE = "";
const dark = matchMedia("(prefers-color-scheme: dark)");

/** A place as the address has it. */
function digits(place) {
  return String(Number(place.toFixed(4)));
}

/** Whether a place, from 0 to 1, lies in a stretch; what the address says of it is rounded. */
function isIn(place, stretch) {
  return place !== null && place >= stretch[0] - 1e-4 && place <= stretch[1] + 1e-4;
}

/** `onFilter(isShown, text)` is told which trials are left: a function of a trial, or null for all. */
export function parallel(parameters, { metric, maximize, study, onPick, onFilter }) {
  const heading = "All parameters at once";
  const names = [...Object.keys(parameters), VALUE];
  const canvas = element("canvas", { role: "img" });
  const over = element("canvas", { "aria-hidden": "true", class: "over" });
  const tip = element("div", { class: "tip", hidden: true });
  const stage = element("div", { class: "stage" }, canvas, over, tip);
  const status = element("p", { class: "quiet note", role: "status" });
  const clear = button("Show all trials", () => mark(new Map()), { class: "plain small", hidden: true });
  const inputs = element("div", { class: "stretches" });
  const node = element("section", { class: "card", id: "parallel" },
    element("div", { class: "title" }, element("h2", {}, heading), element("div", { class: "row" }, clear, pictureButtons({
      title: heading, owner: study, plot: "parallel", pieces: () => [{ width, height: HEIGHT, draw: paint }],
    }))),
    element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "All parameters at once, scrolls sideways" }, stage),
    status,
    element("details", {}, element("summary", {}, "Choose trials by numbers"), inputs));
  let given = null;
  let shown = null;
  /** By axis, the stretch that is marked: two places, from 0 to 1. */
  let stretches = new Map();
  let width = 0;
  let drag = null;
  let lines = [];

  const x = (index) => SIDE + (index * (width - 2 * SIDE)) / (names.length - 1);
  const y = (place) => HEIGHT - BOTTOM - place * (HEIGHT - TOP - BOTTOM);
  const placeAt = (top) => Math.min(1, Math.max(0, (HEIGHT - BOTTOM - top) / (HEIGHT - TOP - BOTTOM)));
  const title = (name) => words(name === VALUE ? metric : name);
  const text = (name, value) => (name === VALUE ? metricText(metric, value) : parameterText(value));

  function prepared(one, wide) {
    const ratio = devicePixelRatio || 1;
    Object.assign(one, { width: wide * ratio, height: HEIGHT * ratio });
    one.style.width = `${wide}px`;
    one.style.height = `${HEIGHT}px`;
    const pen = one.getContext("2d");
    pen.scale(ratio, ratio);
    return pen;
  }

  const isLeft = (places) => [...stretches].every(([name, stretch]) => isIn(places[names.indexOf(name)], stretch));

  function trace(pen, places) {
    pen.beginPath();
    let isOpen = false;
    places.forEach((place, index) => {
      if (place === null) isOpen = false;
      else if (isOpen) pen.lineTo(x(index), y(place));
      else {
        pen.moveTo(x(index), y(place));
        isOpen = true;
      }
    });
    pen.stroke();
  }

  /** A label that can be read above lines. */
  function written(pen, label, left, top) {
    pen.strokeStyle = colour("--card");
    pen.lineWidth = 4;
    pen.lineJoin = "round";
    pen.strokeText(label, left, top, SIDE + 34);
    pen.fillText(label, left, top, SIDE + 34);
  }

  function drawAxes(pen) {
    pen.font = `12px ${getComputedStyle(document.body).fontFamily}`;
    names.forEach((name, index) => {
      const scale = shown.scales[name];
      pen.strokeStyle = colour("--edge");
      pen.lineWidth = 1;
      pen.beginPath();
      pen.moveTo(x(index), y(0));
      pen.lineTo(x(index), y(1));
      pen.stroke();
      pen.fillStyle = colour("--text");
      // The first and the last title keep inside.
      const side = index === 0 ? "left" : index === names.length - 1 ? "right" : "center";
      pen.textAlign = side;
      pen.fillText(title(name), side === "left" ? 2 : side === "right" ? width - 2 : x(index), 16, x(1) - x(0) - 12);
      pen.fillStyle = colour("--quiet");
      pen.textAlign = "right";
      for (const tick of ticks(scale, 6)) written(pen, text(name, tick), x(index) - 6, y(scale.place(tick)) + 4);
      const stretch = stretches.get(name);
      if (!stretch) return;
      pen.fillStyle = colour("--focus");
      pen.globalAlpha = 0.45;
      pen.fillRect(x(index) - 5, y(stretch[1]), 10, Math.max(3, y(stretch[0]) - y(stretch[1])));
      pen.globalAlpha = 1;
    });
  }

  /** Draws with any pen; gives the lines that are left. */
  function paint(pen) {
    const left = lines.filter(({ places }) => isLeft(places));
    pen.lineWidth = 1;
    if (left.length < lines.length) {
      pen.strokeStyle = colour("--line");
      pen.globalAlpha = 0.5;
      for (const line of lines) if (!isLeft(line.places)) trace(pen, line.places);
    }
    pen.globalAlpha = left.length > 300 ? 0.45 : 0.8;
    // The good ones are above the others.
    for (const line of left) {
      pen.strokeStyle = line.colour;
      trace(pen, line.places);
    }
    pen.globalAlpha = 1;
    const { best } = shown;
    const places = best && names.map((name) => shown.scales[name].place(name === VALUE ? best.value : best.parameters[name] ?? null));
    if (places && isLeft(places)) {
      pen.strokeStyle = colour("--accent");
      pen.lineWidth = 3;
      trace(pen, places);
    }
    drawAxes(pen);
    return left;
  }

  function draw() {
    if (!shown || !node.isConnected) return;
    width = Math.max(stage.parentElement.clientWidth, names.length * ROOM + 20);
    prepared(over, width);
    const left = paint(prepared(canvas, width));
    canvas.setAttribute("aria-label", `${left.length} trials as lines through ${names.map(title).join(", ")}`);
    status.textContent = stretches.size === 0
      ? "Drag along an axis to leave the trials that go through it; press a line for its trial. "
        + `${dark.matches ? "Light" : "Dark"} lines are the better ones.`
      : `${left.length} of ${lines.length} trials that are drawn go through ${[...stretches].map(([name, stretch]) => described(name, stretch)).join(" and ")}.`;
    clear.hidden = stretches.size === 0;
  }

  /** What the address says that is marked. */
  function kept() {
    return new Map((told("marked") ?? "").split(",").map((one) => one.split(":"))
      .filter(([name, low, high]) => names.includes(name) && low && high && Number(low) <= Number(high)).map(([name, ...ends]) => [name, ends.map(Number)]));
  }

  function described(name, [low, high]) {
    const scale = shown.scales[name];
    if (!scale.levels) return `${title(name)} ${text(name, scale.at(low))} to ${text(name, scale.at(high))}`;
    return `${title(name)} ${scale.levels.filter((level) => isIn(scale.place(level), [low, high])).map((level) => text(name, level)).join(", ") || "none"}`;
  }

  /** Sets what is marked; tells of it unless it is still being dragged, and keeps it in the address unless it is from there. */
  function mark(made, isDone = true, isKept = true) {
    stretches = made;
    draw();
    if (!isDone) return;
    fillInputs();
    if (isKept) tell({ marked: stretches.size ? [...stretches].map(([name, stretch]) => [name, ...stretch.map(digits)].join(":")).join() : null });
    if (stretches.size === 0) onFilter(null);
    else {
      const { scales } = shown;
      onFilter((trial) => [...stretches].every(([name, stretch]) =>
        isIn(scales[name].place(name === VALUE ? trial.value : trial.parameters[name]), stretch)));
    }
  }

  /** From and to of an axis, or one of its levels. */
  function fields(name) {
    const scale = shown.scales[name];
    const id = `stretch-${name || "value"}`;
    if (!scale.numeric) {
      const control = element("select", { id }, element("option", { value: "" }, "any"),
        scale.levels.map((level, index) => element("option", { value: index }, text(name, level))));
      control.addEventListener("change", () => {
        const made = new Map(stretches);
        if (control.value === "") made.delete(name);
        else made.set(name, Array(2).fill(scale.place(scale.levels[Number(control.value)])));
        mark(made);
      });
      return element("p", { class: "field" }, element("label", { for: id }, title(name)), control);
    }
    const ends = ["from", "to"].map((word) => element("input", {
      id: `${id}-${word}`, type: "number", step: "any", "aria-label": `${title(name)} ${word}`, "data-axis": name,
    }));
    const change = () => {
      const made = new Map(stretches);
      const [low, high] = ends.map((end, index) => (end.value === "" ? index : Math.min(1, Math.max(0, scale.place(Number(end.value)) ?? index))));
      if (low <= 0 && high >= 1) made.delete(name);
      else made.set(name, [low, high]);
      mark(made);
    };
    ends.forEach((end) => end.addEventListener("change", change));
    return element("div", { class: "field" }, element("span", { class: "quiet" }, title(name)), element("div", { class: "pair" }, ends));
  }

  function fillInputs() {
    if (!inputs.contains(document.activeElement)) inputs.replaceChildren(...names.map(fields));
    for (const name of names) {
      const scale = shown.scales[name];
      const stretch = stretches.get(name);
      const id = `stretch-${name || "value"}`;
      if (scale.numeric) {
        ["from", "to"].forEach((word, index) => {
          const field = inputs.querySelector(`#${id}-${word}`);
          if (field && field !== document.activeElement) field.value = stretch ? Number(scale.at(stretch[index]).toPrecision(4)) : "";
        });
      } else if (!stretch && inputs.querySelector(`#${id}`)) inputs.querySelector(`#${id}`).value = "";
    }
  }

  function pointer(event) {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  function axisAt(left) {
    const index = Math.round(((left - SIDE) * (names.length - 1)) / (width - 2 * SIDE));
    return index >= 0 && index < names.length && Math.abs(x(index) - left) <= NEAR_AXIS ? index : -1;
  }

  /** The line under the pointer, or null. */
  function lineAt(left, top) {
    const index = Math.min(names.length - 2, Math.max(0, Math.floor(((left - SIDE) * (names.length - 1)) / (width - 2 * SIDE))));
    const share = (left - x(index)) / (x(index + 1) - x(index));
    let nearest = null;
    let least = NEAR_LINE;
    for (const line of lines) {
      const [from, to] = [line.places[index], line.places[index + 1]];
      if (from === null || to === null || !isLeft(line.places)) continue;
      const away = Math.abs(y(from + share * (to - from)) - top);
      if (away <= least) [nearest, least] = [line, away];
    }
    return nearest;
  }

  function point(line, left, top) {
    const pen = prepared(over, width);
    tip.hidden = !line;
    stage.style.cursor = axisAt(left) >= 0 ? "ns-resize" : line ? "pointer" : "";
    if (!line) return;
    pen.strokeStyle = colour("--text");
    pen.lineWidth = 2;
    trace(pen, line.places);
    tip.replaceChildren(element("strong", {}, `trial ${line.number}: ${metricText(metric, line.value)}`), element("br"), shown.describe(line.index));
    tip.style.left = `${Math.min(left + 14, width - 240)}px`;
    tip.style.top = `${Math.min(top + 14, HEIGHT - 60)}px`;
  }

  stage.addEventListener("pointerdown", (event) => {
    const [left, top] = pointer(event);
    const index = axisAt(left);
    if (index < 0 || event.button !== 0) return;
    event.preventDefault();
    stage.setPointerCapture(event.pointerId);
    drag = { name: names[index], from: placeAt(top), top, moved: false };
  });
  stage.addEventListener("pointermove", (event) => {
    const [left, top] = pointer(event);
    if (!drag) {
      point(shown && lineAt(left, top), left, top);
      return;
    }
    drag.moved ||= Math.abs(top - drag.top) > 3;
    if (drag.moved) mark(new Map([...stretches, [drag.name, [drag.from, placeAt(top)].sort((a, b) => a - b)]]), false);
  });
  stage.addEventListener("pointerup", (event) => {
    const [left, top] = pointer(event);
    if (!drag) {
      const line = event.button === 0 && shown ? lineAt(left, top) : null;
      if (line) onPick(line.number);
      return;
    }
    const made = new Map(stretches);
    if (!drag.moved) made.delete(drag.name);
    drag = null;
    mark(made);
  });
  stage.addEventListener("pointercancel", () => { drag = null; });
  stage.addEventListener("pointerleave", () => point(null, -1, -1));
  const sized = new ResizeObserver(() => draw());
  sized.observe(node);
  const recolour = () => shown && update(shown.columns, given, shown.describe, shown);
  dark.addEventListener("change", recolour);

  function update(columns, scales, describe, { best }) {
    given = scales;
    const values = parameterScale({ type: "real" }, columns.value);
    values.levels = null;
    shown = { columns, scales: { ...scales, [VALUE]: values }, describe, best };
    const isFirst = lines.length === 0;
    const { share } = goodness(columns.value, maximize);
    lines = columns.number.flatMap((number, index) => {
      const value = columns.value[index];
      if (value === null) return [];
      const places = names.map((name) => shown.scales[name].place(name === VALUE ? value : columns.parameters[name][index]));
      const good = share(value);
      return [{ number, index, value, places, good, colour: css(shade(dark.matches ? 0.12 + 0.88 * good : 0.92 * (1 - good))) }];
    }).sort((a, b) => a.good - b.good);
    if (isFirst && kept().size) mark(kept(), true, false);
    fillInputs();
    draw();
  }

  return {
    node,
    update,
    restate() {
      if (shown) mark(kept(), true, false);
    },
    destroy() {
      sized.disconnect();
      dark.removeEventListener("change", recolour);
    },
  };
}
