/**
 * A pen with the methods of a canvas's that writes SVG: what is drawn on a canvas can be drawn as shapes, too, by the chart
 * library as by the page's own plots. Paths are kept where they lie on the sheet, so a transformation that follows changes nothing.
 */

const FRESH = {
  fillStyle: "#000000", strokeStyle: "#000000", lineWidth: 1, lineCap: "butt", lineJoin: "miter", lineDashOffset: 0, miterLimit: 10,
  globalAlpha: 1, font: "10px sans-serif", textAlign: "start", textBaseline: "alphabetic", direction: "ltr",
};
const TURN = 2 * Math.PI;
const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text as XML has it; characters that XML does not allow are left out. */
export function escaped(text) {
  return String(text).replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "").replace(/[&<>"]/g, (one) => ESCAPES[one]);
}

function rounded(value) {
  return String(Number(value.toFixed(2)));
}

/** [a, b, c, d, e, f] as a canvas has them: the first, then the second. */
function product([a, b, c, d, e, f], [g, h, i, j, k, l]) {
  return [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f];
}

export class SvgPen {
  #sheet;
  #base;
  #matrix;
  #clip = null;
  #dash = [];
  #path = [];
  #saved = [];
  #looks = { ...FRESH };

  /** `sheet` and `base` are of a pen that draws on a part of another's sheet. */
  constructor(width, height, sheet = null, base = [1, 0, 0, 1, 0, 0]) {
    this.#sheet = sheet ?? { width, height, shapes: [], clips: [], measure: document.createElement("canvas").getContext("2d") };
    this.#base = base;
    this.#matrix = base;
  }

  /** A pen whose point (0, 0) is that of this one here. */
  at(left, top) {
    return new SvgPen(0, 0, this.#sheet, product(this.#matrix, [1, 0, 0, 1, left, top]));
  }

  /** The whole picture. */
  toString() {
    const { width, height, clips, shapes } = this.#sheet;
    const definitions = clips.length ? `<defs>${clips.join("")}</defs>\n` : "";
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">\n`
      + `${definitions}${shapes.join("\n")}\n</svg>\n`;
  }

  #point(x, y) {
    const [a, b, c, d, e, f] = this.#matrix;
    return `${rounded(a * x + c * y + e)} ${rounded(b * x + d * y + f)}`;
  }

  #scale() {
    const [a, b, c, d] = this.#matrix;
    return Math.sqrt(Math.abs(a * d - b * c));
  }

  /** Colour and opacity as attributes, or null for what is not seen. */
  #paint(attribute, style) {
    const { measure } = this.#sheet;
    measure.fillStyle = "#000";
    measure.fillStyle = style;
    const [, red, green, blue, alpha] = /^rgba\((\d+), (\d+), (\d+), ([\d.]+)\)$/.exec(measure.fillStyle) ?? [];
    const opacity = this.globalAlpha * (alpha === undefined ? 1 : Number(alpha));
    if (opacity === 0) return null;
    const colour = alpha === undefined ? measure.fillStyle : `rgb(${red},${green},${blue})`;
    return `${attribute}="${colour}"${opacity < 1 ? ` ${attribute}-opacity="${rounded(opacity)}"` : ""}`;
  }

  #line() {
    const scale = this.#scale();
    const dash = this.#dash.length
      ? ` stroke-dasharray="${this.#dash.map((one) => rounded(one * scale)).join(" ")}" stroke-dashoffset="${rounded(this.lineDashOffset * scale)}"` : "";
    return `stroke-width="${rounded(this.lineWidth * scale)}"${this.lineCap === "butt" ? "" : ` stroke-linecap="${this.lineCap}"`}`
      + `${this.lineJoin === "miter" ? "" : ` stroke-linejoin="${this.lineJoin}"`}${dash}`;
  }

  #write(shape) {
    this.#sheet.shapes.push(this.#clip ? `<g clip-path="url(#${this.#clip})">${shape}</g>` : shape);
  }

  #shape(path, paint) {
    if (path.length && paint) this.#write(`<path d="${path.join("")}" ${paint}/>`);
  }

  // What the pen looks like

  setLineDash(lengths) {
    this.#dash = lengths.length % 2 ? [...lengths, ...lengths] : [...lengths];
  }

  getLineDash() {
    return [...this.#dash];
  }

  save() {
    this.#saved.push([{ ...this.#looks }, this.#matrix, this.#clip, this.#dash]);
  }

  restore() {
    if (this.#saved.length) [this.#looks, this.#matrix, this.#clip, this.#dash] = this.#saved.pop();
  }

  /** `name`: one of `FRESH`. */
  look(name) {
    return this.#looks[name];
  }

  /** A canvas leaves a look as it is where the new one is none. */
  setLook(name, value) {
    const isNumber = typeof FRESH[name] === "number";
    if (isNumber ? !Number.isFinite(value) || (name === "lineWidth" && value <= 0) : typeof value !== "string" || value === "") return;
    this.#looks[name] = value;
  }

  // Where it is

  transform(...matrix) {
    this.#matrix = product(this.#matrix, matrix);
  }

  translate(x, y) {
    this.transform(1, 0, 0, 1, x, y);
  }

  scale(x, y) {
    this.transform(x, 0, 0, y, 0, 0);
  }

  rotate(angle) {
    this.transform(Math.cos(angle), Math.sin(angle), -Math.sin(angle), Math.cos(angle), 0, 0);
  }

  setTransform(...matrix) {
    this.#matrix = product(this.#base, matrix);
  }

  resetTransform() {
    this.#matrix = this.#base;
  }

  // Paths

  beginPath() {
    this.#path = [];
  }

  closePath() {
    if (this.#path.length) this.#path.push("Z");
  }

  moveTo(x, y) {
    this.#path.push(`M${this.#point(x, y)}`);
  }

  lineTo(x, y) {
    this.#path.push(`${this.#path.length ? "L" : "M"}${this.#point(x, y)}`);
  }

  bezierCurveTo(a, b, c, d, x, y) {
    if (!this.#path.length) this.moveTo(a, b);
    this.#path.push(`C${this.#point(a, b)} ${this.#point(c, d)} ${this.#point(x, y)}`);
  }

  quadraticCurveTo(a, b, x, y) {
    if (!this.#path.length) this.moveTo(a, b);
    this.#path.push(`Q${this.#point(a, b)} ${this.#point(x, y)}`);
  }

  rect(x, y, width, height) {
    this.#path.push(...this.#box(x, y, width, height));
  }

  #box(x, y, width, height) {
    return [`M${this.#point(x, y)}`, `L${this.#point(x + width, y)}`, `L${this.#point(x + width, y + height)}`,
      `L${this.#point(x, y + height)}`, "Z"];
  }

  /** Circles stay circles under the transformations that plots use: moves, turns and even scales. */
  arc(x, y, radius, from, to, isBackwards = false) {
    let sweep = isBackwards ? from - to : to - from;
    if (sweep >= TURN) sweep = TURN;
    else sweep = ((sweep % TURN) + TURN) % TURN;
    const at = (angle) => this.#point(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
    this.#path.push(`${this.#path.length ? "L" : "M"}${at(from)}`);
    if (!(radius > 0) || sweep === 0) return;
    const size = rounded(radius * this.#scale());
    // An arc of SVG has two ends that differ.
    const parts = Math.ceil(sweep / (Math.PI * 0.999));
    for (let part = 1; part <= parts; part += 1) {
      const angle = from + ((isBackwards ? -1 : 1) * sweep * part) / parts;
      this.#path.push(`A${size} ${size} 0 0 ${isBackwards ? 0 : 1} ${at(angle)}`);
    }
  }

  // What is drawn

  #own(path) {
    if (typeof path === "object") throw new TypeError("A path of the browser's own cannot be written as SVG.");
  }

  fill(rule) {
    this.#own(rule);
    const paint = this.#paint("fill", this.fillStyle);
    this.#shape(this.#path, paint && rule === "evenodd" ? `${paint} fill-rule="evenodd"` : paint);
  }

  stroke(path) {
    this.#own(path);
    const paint = this.#paint("stroke", this.strokeStyle);
    this.#shape(this.#path, paint && `fill="none" ${paint} ${this.#line()}`);
  }

  fillRect(...box) {
    this.#shape(this.#box(...box), this.#paint("fill", this.fillStyle));
  }

  strokeRect(...box) {
    const paint = this.#paint("stroke", this.strokeStyle);
    this.#shape(this.#box(...box), paint && `fill="none" ${paint} ${this.#line()}`);
  }

  /** A sheet is empty to begin with. */
  clearRect() {}

  clip(rule) {
    this.#own(rule);
    const { clips } = this.#sheet;
    const name = `clip-${clips.length + 1}`;
    const inside = this.#clip ? ` clip-path="url(#${this.#clip})"` : "";
    clips.push(`<clipPath id="${name}"${inside}><path d="${this.#path.join("") || "M0 0"}"/></clipPath>`);
    this.#clip = name;
  }

  // Text

  measureText(text) {
    const { measure } = this.#sheet;
    measure.font = this.font;
    measure.textBaseline = "alphabetic";
    return measure.measureText(text);
  }

  #text(text, x, y, most, paint) {
    if (!paint || text === "") return;
    const size = this.measureText(text);
    const [up, down] = [size.fontBoundingBoxAscent, size.fontBoundingBoxDescent];
    const lower = { top: up, hanging: up, middle: (up - down) / 2, bottom: -down, ideographic: -down }[this.textBaseline] ?? 0;
    const anchor = { center: "middle", right: "end", end: "end" }[this.textAlign] ?? "start";
    const [, before, pixels, family] = /^(.*?)([\d.]+)px\S*\s+(.*)$/.exec(this.font) ?? [null, "", "10", "sans-serif"];
    const weight = /\b(bold|[1-9]00)\b/.exec(before)?.[1];
    const slant = /\b(italic|oblique)\b/.exec(before)?.[1];
    const matrix = this.#matrix.map(rounded).join(" ");
    this.#write(`<text x="${rounded(x)}" y="${rounded(y + lower)}"${matrix === "1 0 0 1 0 0" ? "" : ` transform="matrix(${matrix})"`}`
      + ` font-size="${pixels}" font-family="${escaped(family)}"${weight ? ` font-weight="${weight}"` : ""}${slant ? ` font-style="${slant}"` : ""}`
      + `${anchor === "start" ? "" : ` text-anchor="${anchor}"`}`
      + `${most !== undefined && size.width > most ? ` textLength="${rounded(most)}" lengthAdjust="spacingAndGlyphs"` : ""} ${paint}>${escaped(text)}</text>`);
  }

  fillText(text, x, y, most) {
    this.#text(text, x, y, most, this.#paint("fill", this.fillStyle));
  }

  strokeText(text, x, y, most) {
    const paint = this.#paint("stroke", this.strokeStyle);
    this.#text(text, x, y, most, paint && `fill="none" ${paint} ${this.#line()}`);
  }
}

for (const name of Object.keys(FRESH)) {
  Object.defineProperty(SvgPen.prototype, name, {
    get() { return this.look(name); },
    set(value) { this.setLook(name, value); },
  });
}
