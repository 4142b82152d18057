/** Draws a search on two of its parameters with any pen: axes, trials as points, what the search did as lines. */
import { metric as metricText, parameter as parameterText, words } from "../format.js";
import { css, shade } from "./colours.js";
import { apart, ticks } from "./parameter-scale.js";
import { isRefused } from "./search-steps.js";
import { colour } from "./theme.js";

const [LEFT, RIGHT, TOP, BOTTOM] = [74, 20, 46, 50];
/** Room between the outermost points and the frame. */
const PAD = 26;
const KEY = 120;
/** A gradient's arrow, in pixels, where the plot has its steepest along one axis. */
const ARROW = 46;

/** Where things are: `x(place)` and `y(place)` of places from 0 to 1. */
export function ground(width, height) {
  const [wide, high] = [width - LEFT - RIGHT, height - TOP - BOTTOM];
  return {
    width, height, wide, high,
    x: (place) => LEFT + PAD + place * (wide - 2 * PAD),
    y: (place) => height - BOTTOM - PAD - place * (high - 2 * PAD),
  };
}

/** How far a point may be from its spot, so that those of neighbouring levels do not meet, in pixels. */
export function roomOf(scale, pixels) {
  const levels = scale.levels?.map(scale.place).sort((a, b) => a - b);
  if (!levels || levels.length < 2) return levels ? pixels / 4 : 5;
  const least = Math.min(...levels.slice(1).map((place, index) => place - levels[index]));
  return Math.max(3, Math.min(pixels / 4, (least * pixels) / 2.3));
}

function unit(scale) {
  return scale.isEven ? ", levels evenly spaced" : scale.log ? ", log axis" : "";
}

function drawFrame(pen, area, { scales, names, family }) {
  const { width, height, x, y } = area;
  const [across, down] = scales;
  pen.lineWidth = 1;
  const line = (fromX, fromY, toX, toY, name) => {
    pen.strokeStyle = colour(name);
    pen.beginPath();
    pen.moveTo(fromX, fromY);
    pen.lineTo(toX, toY);
    pen.stroke();
  };
  const labels = (scale, share) => (scale.numeric && !scale.levels ? ticks(scale, 7) : apart(scale.levels, scale, share));
  pen.font = `12px ${family}`;
  pen.textBaseline = "middle";
  for (const value of labels(across, 52 / area.wide)) {
    const at = x(across.place(value));
    line(at, TOP, at, height - BOTTOM, "--line");
    pen.fillStyle = colour("--quiet");
    pen.textAlign = "center";
    pen.fillText(parameterText(value), at, height - BOTTOM + 14, 90);
  }
  for (const value of labels(down, 18 / area.high)) {
    const at = y(down.place(value));
    line(LEFT, at, width - RIGHT, at, "--line");
    pen.fillStyle = colour("--quiet");
    pen.textAlign = "right";
    pen.fillText(parameterText(value), LEFT - 8, at, LEFT - 26);
  }
  pen.strokeStyle = colour("--edge");
  pen.strokeRect(LEFT, TOP, width - LEFT - RIGHT, height - TOP - BOTTOM);
  pen.fillStyle = colour("--text");
  pen.textAlign = "center";
  pen.fillText(words(names[0]) + unit(across), LEFT + area.wide / 2, height - 14, area.wide);
  pen.save();
  pen.translate(13, TOP + area.high / 2);
  pen.rotate(-Math.PI / 2);
  pen.fillText(words(names[1]) + unit(down), 0, 0, area.high);
  pen.restore();
}

/** Which colour is which value, above the frame. */
function drawKey(pen, { width }, { metric, worst, best, tint, family }) {
  if (best === null) return;
  const left = width - RIGHT - KEY;
  for (let step = 0; step < 40; step += 1) {
    pen.fillStyle = tint(step / 39);
    pen.fillRect(left + (step * KEY) / 40, 12, KEY / 40 + 0.5, 9);
  }
  Object.assign(pen, { font: `12px ${family}`, fillStyle: colour("--quiet"), textBaseline: "middle" });
  pen.textAlign = "left";
  pen.fillText(metricText(metric, worst), left, 32, KEY / 2 - 4);
  pen.textAlign = "right";
  pen.fillText(metricText(metric, best), left + KEY, 32, KEY / 2 - 4);
  pen.fillStyle = colour("--text");
  pen.fillText(words(metric), left - 10, 17, left - 14);
}

function drawLine(pen, from, to, { name, width, dash = [], head = false }) {
  pen.strokeStyle = colour(name);
  pen.lineWidth = width;
  pen.setLineDash(dash);
  pen.beginPath();
  pen.moveTo(...from);
  pen.lineTo(...to);
  pen.stroke();
  pen.setLineDash([]);
  const [right, below] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(right, below);
  if (!head || length < 8) return;
  const [cos, sin] = [right / length, below / length];
  // The head ends at the edge of the point.
  const [tipX, tipY] = [to[0] - 4 * cos, to[1] - 4 * sin];
  pen.fillStyle = colour(name);
  pen.beginPath();
  pen.moveTo(tipX, tipY);
  pen.lineTo(tipX - 8 * cos + 4 * sin, tipY - 8 * sin - 4 * cos);
  pen.lineTo(tipX - 8 * cos - 4 * sin, tipY - 8 * sin + 4 * cos);
  pen.closePath();
  pen.fill();
}

/** A star of four points: where a descent ended. */
function star(pen, [left, top], size) {
  pen.beginPath();
  for (let corner = 0; corner < 8; corner += 1) {
    const radius = corner % 2 ? size * 0.42 : size;
    const angle = (corner * Math.PI) / 4;
    (corner ? pen.lineTo : pen.moveTo).call(pen, left + radius * Math.sin(angle), top - radius * Math.cos(angle));
  }
  pen.closePath();
}

/** The paths of the descents, and what the one in progress tried without moving there. */
function drawMoves(pen, shown, { points, byNumber, descents, current, isMany }) {
  const visible = (number) => byNumber.has(number) && byNumber.get(number) < shown;
  for (const { restart, path } of descents) {
    const seen = path.filter(visible).map((number) => points[byNumber.get(number)].at);
    const isNow = restart === current;
    for (let index = 1; index < seen.length; index += 1) {
      drawLine(pen, seen[index - 1], seen[index], isNow
        ? { name: "--text", width: 2.2, head: true } : { name: "--quiet", width: 1.2, head: !isMany });
    }
  }
  if (current === null) return;
  for (let index = 0; index < shown; index += 1) {
    const { step, at } = points[index];
    if (step.restart !== current || !isRefused(step) || !visible(step.centre)) continue;
    drawLine(pen, points[byNumber.get(step.centre)].at, at, { name: "--quiet", width: 1, dash: [4, 3] });
  }
}

/** Where the model thought that it gets better, from the centre of the last step. */
function drawGradient(pen, shown, { points, byNumber, names, maximize }) {
  const last = points[shown - 1];
  const centre = last && points[byNumber.get(last.step.centre)];
  if (!centre || last.step.gradient.size === 0) return false;
  const sign = maximize ? 1 : -1;
  const [right, up] = names.map((name) => sign * (last.step.gradient.get(name) ?? 0));
  const steepest = Math.max(...[...last.step.gradient.values()].map(Math.abs));
  if (!(steepest > 0)) return false;
  const [left, top] = centre.at;
  drawLine(pen, centre.at, [left + (ARROW * right) / steepest, top - (ARROW * up) / steepest], { name: "--focus", width: 2.5, head: true });
  return true;
}

/**
 * `scene`: `scales` and `names` of the two axes, `points` with `at`, `share` (null without a value), `number` and `step`,
 * `descents`, what is `best`; `shown` is how many of the points there are yet.
 */
export function drawSearch(pen, area, scene, shown) {
  const { points, byNumber, descents, ended } = scene;
  const tint = (share) => css(shade(scene.isDark ? 0.12 + 0.88 * share : 0.92 * (1 - share)));
  pen.save();
  pen.lineJoin = "round";
  drawFrame(pen, area, scene);
  drawKey(pen, area, { ...scene, tint });
  const size = points.length <= 300 ? 5 : points.length <= 1500 ? 3.5 : 2.5;
  const last = points[shown - 1];
  const current = last?.step.restart ?? null;
  drawMoves(pen, shown, { points, byNumber, descents, current, isMany: descents.length > 40 });
  for (let index = 0; index < shown; index += 1) {
    const { at, share } = points[index];
    pen.beginPath();
    pen.arc(...at, size, 0, 2 * Math.PI);
    if (share === null) {
      pen.strokeStyle = colour("--bad");
      pen.lineWidth = 1.2;
      pen.stroke();
    } else {
      pen.fillStyle = tint(share);
      pen.fill();
    }
  }
  const now = last?.number ?? 0;
  const isMany = descents.length > 40;
  for (const { restart, path, optimum, isDone } of descents) {
    const start = points[byNumber.get(path[0])];
    if (start && start.number <= now && !isMany) {
      pen.strokeStyle = colour("--text");
      pen.lineWidth = 1.5;
      pen.strokeRect(start.at[0] - size - 2.5, start.at[1] - size - 2.5, 2 * size + 5, 2 * size + 5);
      Object.assign(pen, { font: `600 12px ${scene.family}`, fillStyle: colour("--text"), textAlign: "left", textBaseline: "middle" });
      pen.lineWidth = 3;
      pen.strokeStyle = colour("--card");
      pen.strokeText(String(restart), start.at[0] + size + 6, start.at[1] - size - 5);
      pen.fillText(String(restart), start.at[0] + size + 6, start.at[1] - size - 5);
    }
    const end = points[byNumber.get(optimum)];
    if (end && isDone && (ended.get(restart) ?? optimum) <= now) {
      star(pen, end.at, size + 5);
      pen.fillStyle = colour("--accent");
      pen.fill();
      pen.strokeStyle = colour("--card");
      pen.lineWidth = 1.2;
      pen.stroke();
    }
  }
  const hasGradient = drawGradient(pen, shown, scene);
  if (last) {
    pen.strokeStyle = colour("--accent");
    pen.lineWidth = 2.5;
    pen.beginPath();
    pen.arc(...last.at, size + 4, 0, 2 * Math.PI);
    pen.stroke();
  }
  pen.restore();
  return hasGradient;
}
