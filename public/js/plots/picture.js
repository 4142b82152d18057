/** A plot as a picture of its own: title, study, and the plot, on the page's ground, as SVG or as PNG. */
import { SvgPen } from "./svg-pen.js";
import { colour } from "./theme.js";

const [EDGE, HEAD, BETWEEN] = [16, 52, 14];
/** A PNG has this many pixels for each of the plot's. */
const SHARP = 2;

/**
 * A piece of a picture: a chart of the library as it is shown, drawn once more. A line of it is drawn without the browser's
 * own paths, which only a canvas understands; `segment` has that effect.
 */
export function chartPiece(chart, label = null) {
  const { width, height, config } = chart;
  const once = (canvas, ratio) => new Chart(canvas, {
    type: config.type,
    data: {
      labels: config.data.labels,
      datasets: config.data.datasets.map((set, index) => ({
        ...set, data: [...set.data], segment: {}, hidden: !chart.isDatasetVisible(index),
      })),
    },
    options: {
      ...config.options, responsive: false, animation: false, devicePixelRatio: ratio, events: [],
      plugins: { ...config.options.plugins, tooltip: { enabled: false } },
    },
  });
  return {
    label, width, height,
    draw(pen) {
      const canvas = document.createElement("canvas");
      const isSvg = pen instanceof SvgPen;
      Object.assign(canvas, { width, height });
      if (isSvg) {
        const own = pen.at(0, 0);
        own.canvas = canvas;
        canvas.getContext = () => own;
      }
      const made = once(canvas, isSvg ? 1 : SHARP);
      if (!isSvg) pen.drawImage(canvas, 0, 0, width, height);
      made.destroy();
    },
  };
}

/** Where the pieces are, in rows of `columns`, and how large the whole is. */
export function arranged(pieces, columns) {
  let top = HEAD;
  let right = 0;
  const placed = [];
  for (let first = 0; first < pieces.length; first += columns) {
    const row = pieces.slice(first, first + columns);
    const label = row.some((piece) => piece.label) ? 18 : 0;
    let left = EDGE;
    for (const piece of row) {
      placed.push({ piece, left, top: top + label });
      left += piece.width + BETWEEN;
    }
    right = Math.max(right, left - BETWEEN);
    top += label + Math.max(...row.map(({ height }) => height)) + BETWEEN;
  }
  return { placed, width: Math.ceil(right + EDGE), height: Math.ceil(top - BETWEEN + EDGE) };
}

function draw(pen, { placed, width, height }, { title, note }) {
  const family = getComputedStyle(document.body).fontFamily;
  pen.fillStyle = colour("--card");
  pen.fillRect(0, 0, width, height);
  const write = (text, font, name, left, top, most) => {
    Object.assign(pen, { font: `${font} ${family}`, fillStyle: colour(name), textAlign: "left", textBaseline: "alphabetic" });
    pen.fillText(text, left, top, most);
  };
  write(title, "600 15px", "--text", EDGE, 24, width - 2 * EDGE);
  write(note, "12px", "--quiet", EDGE, 42, width - 2 * EDGE);
  for (const { piece, left, top } of placed) {
    if (piece.label) write(piece.label, "600 13px", "--text", left, top - 5, piece.width);
    pen.save();
    pen.translate(left, top);
    piece.draw(pen);
    pen.restore();
  }
}

/** `{ title, note, pieces, columns }` as the text of an SVG. */
export function asSvg(picture) {
  const sheet = arranged(picture.pieces, picture.columns ?? 1);
  const pen = new SvgPen(sheet.width, sheet.height);
  draw(pen, sheet, picture);
  return pen.toString();
}

/** The same as a PNG, twice as sharp as it is shown; a blob. */
export function asPng(picture) {
  const sheet = arranged(picture.pieces, picture.columns ?? 1);
  const canvas = Object.assign(document.createElement("canvas"), { width: sheet.width * SHARP, height: sheet.height * SHARP });
  const pen = canvas.getContext("2d");
  pen.scale(SHARP, SHARP);
  draw(pen, sheet, picture);
  return new Promise((resolve) => { canvas.toBlob(resolve, "image/png"); });
}
