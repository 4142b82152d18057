/** Which worker ran which trial when: a lane for each worker, a bar for each trial. */
import { element, fill, scrolling } from "../dom.js";
import { metric as metricText, number as numberText, seconds } from "../format.js";
import { pictureButtons } from "../parts/picture-buttons.js";
import { css, goodness, shade } from "./colours.js";
import { colour } from "./theme.js";
import { lanes, timeText, timeTicks } from "./timeline-rows.js";

/** At most this many trials, the last ones, and at most this many workers. */
const [TRIALS, WORKERS] = [1000, 32];
const [LEFT, RIGHT, TOP, BOTTOM, ROW, GAP] = [110, 24, 8, 44, 14, 8];
const dark = matchMedia("(prefers-color-scheme: dark)");

function tintOf({ trial }, share) {
  if (trial.state === "running") return colour("--bar");
  if (trial.value === null || trial.value === undefined) return colour(trial.state === "pruned" ? "--wait" : "--bad");
  const good = share(trial.value);
  return css(shade(dark.matches ? 0.12 + 0.88 * good : 0.92 * (1 - good)));
}

/** Gives a `node`, `update(columns, scales, describe, more)` with the `trials` in `more`, and `destroy()`. */
export function timeline(_, { metric, maximize, study, onPick }) {
  const title = "Which worker ran which trial when";
  const canvas = element("canvas", { role: "img" });
  const tip = element("div", { class: "tip", hidden: true });
  const stage = element("div", { class: "stage" }, canvas, tip);
  const note = element("p", { class: "quiet note" });
  const numbers = element("div");
  let scene = null;
  let width = 0;
  const node = element("section", { class: "card", id: "timeline" },
    element("div", { class: "title" }, element("h2", {}, title), pictureButtons({
      title, owner: study, plot: "timeline", pieces: () => [{ width, height: scene.height, draw: paint }],
    })), stage, note, element("details", {}, element("summary", {}, "In numbers"), numbers));
  const x = (time) => LEFT + (scene.span > 0 ? (time / scene.span) * (width - LEFT - RIGHT) : 0);
  const place = (lane, bar) => ({ left: x(bar.from), top: lane.top + bar.row * ROW, width: Math.max(1, x(bar.to) - x(bar.from) - 0.5), height: ROW - 2 });

  function paint(pen) {
    const { height } = scene;
    Object.assign(pen, { font: `12px ${getComputedStyle(document.body).fontFamily}`, textBaseline: "middle", lineWidth: 1 });
    for (const tick of timeTicks(scene.span, Math.max(2, Math.floor((width - LEFT) / 90)))) {
      pen.strokeStyle = colour("--line");
      pen.beginPath();
      pen.moveTo(x(tick), TOP);
      pen.lineTo(x(tick), height - BOTTOM);
      pen.stroke();
      Object.assign(pen, { fillStyle: colour("--quiet"), textAlign: "center" });
      pen.fillText(timeText(tick), x(tick), height - BOTTOM + 12);
    }
    pen.fillStyle = colour("--text");
    pen.fillText("time since the first of these trials began", LEFT + (width - LEFT - RIGHT) / 2, height - 12, width - LEFT);
    for (const lane of scene.lanes) {
      Object.assign(pen, { fillStyle: colour("--text"), textAlign: "right" });
      pen.fillText(lane.worker, LEFT - 8, lane.top + (lane.rows * ROW) / 2, LEFT - 12);
      for (const bar of lane.bars) {
        const at = place(lane, bar);
        pen.fillStyle = bar.tint;
        pen.fillRect(at.left, at.top, at.width, at.height);
      }
    }
  }

  function draw() {
    if (!scene || !node.isConnected) return;
    width = stage.clientWidth;
    const ratio = devicePixelRatio || 1;
    Object.assign(canvas, { width: width * ratio, height: scene.height * ratio });
    canvas.style.width = `${width}px`;
    canvas.style.height = `${scene.height}px`;
    const pen = canvas.getContext("2d");
    pen.scale(ratio, ratio);
    paint(pen);
    tip.hidden = true;
  }

  function update(columns, scales, describe, { trials }) {
    const made = lanes(trials, TRIALS);
    const { share } = goodness(columns.value, maximize);
    const shown = made.lanes.slice(0, WORKERS);
    let top = TOP;
    for (const lane of shown) {
      lane.top = top;
      lane.bars.forEach((bar) => { bar.tint = tintOf(bar, share); });
      top += lane.rows * ROW + GAP;
    }
    scene = { ...made, lanes: shown, height: top + BOTTOM };
    canvas.setAttribute("aria-label", `${made.count} trials of ${made.lanes.length} ${made.lanes.length === 1 ? "worker" : "workers"} over ${seconds(made.span / 1000)}`);
    note.textContent = shown.length === 0 ? "This page knows of no trial when it ran; of a study of very many trials only those that it saw run." : [
      "A bar is a trial, its colour the value as in the other plots; press one for its trial.",
      made.count < columns.total ? `The last ${made.count} trials that this page knows, of ${columns.total}.` : null,
      made.lanes.length > WORKERS ? `${WORKERS} of ${made.lanes.length} workers are drawn.` : null,
    ].filter(Boolean).join(" ");
    const heads = ["Worker", "Trials", "Busy for", "Busy, in %", "Without a value"];
    fill(numbers, scrolling("Workers in numbers", element("table", {},
      element("thead", {}, element("tr", {}, heads.map((head) => element("th", { scope: "col" }, head)))),
      element("tbody", {}, shown.map(({ worker, bars, busy }) => element("tr", { "data-key": worker }, [
        worker, String(bars.length), seconds(busy / 1000), made.span > 0 ? numberText((100 * busy) / made.span) : "–",
        String(bars.filter(({ trial }) => trial.value === null && trial.state !== "running").length),
      ].map((cell) => element("td", {}, cell))))))));
    draw();
  }

  function barAt(event) {
    if (!scene) return null;
    const box = canvas.getBoundingClientRect();
    const [left, top] = [event.clientX - box.left, event.clientY - box.top];
    let found = null;
    let least = 3;
    for (const lane of scene.lanes) {
      if (top < lane.top || top > lane.top + lane.rows * ROW) continue;
      for (const bar of lane.bars) {
        const at = place(lane, bar);
        if (top < at.top || top > at.top + ROW) continue;
        const away = Math.max(at.left - left, left - at.left - at.width, 0);
        if (away < least) [found, least] = [bar, away];
      }
    }
    return found;
  }

  stage.addEventListener("pointermove", (event) => {
    const bar = barAt(event);
    tip.hidden = !bar;
    stage.style.cursor = bar ? "pointer" : "";
    if (!bar) return;
    const box = canvas.getBoundingClientRect();
    tip.replaceChildren(element("strong", {}, `trial ${bar.number}: ${metricText(metric, bar.trial.value)}`), element("br"),
      `${bar.trial.state}, ${seconds((bar.to - bar.from) / 1000)} on ${bar.trial.worker}`, element("br"),
      Object.entries(bar.trial.parameters).map(([name, value]) => `${name} ${value}`).join(", "));
    tip.style.left = `${Math.max(0, Math.min(event.clientX - box.left + 14, width - 240))}px`;
    tip.style.top = `${event.clientY - box.top + 14}px`;
  });
  stage.addEventListener("pointerleave", () => { tip.hidden = true; });
  stage.addEventListener("click", (event) => {
    const bar = barAt(event);
    if (bar) onPick(bar.number);
  });
  const sized = new ResizeObserver(() => stage.clientWidth !== width && draw());
  sized.observe(stage);
  let last = null;
  const recolour = () => last && update(...last);
  dark.addEventListener("change", recolour);
  return {
    node,
    update(...given) {
      last = given;
      update(...given);
    },
    destroy() {
      sized.disconnect();
      dark.removeEventListener("change", recolour);
    },
  };
}
