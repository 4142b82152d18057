/** Two buttons that save a plot as a picture. */
import { button, element } from "../dom.js";
import { asPng, asSvg } from "../plots/picture.js";

/** Saves a file that the page has made. */
export function save(name, blob) {
  const link = element("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  URL.revokeObjectURL(link.href);
}

/**
 * `title` is the plot's, `owner` the name of what it is of. `pieces()` gives what is drawn, and is called when a button is
 * pressed; `columns` is how many are side by side.
 */
export function pictureButtons({ title, owner, plot, columns, pieces }) {
  const picture = () => ({ title, note: owner, columns, pieces: pieces() });
  const make = (kind, made) => button(kind.toUpperCase(), async () => save(`${owner}-${plot}.${kind}`, await made()), {
    class: "plain small", "aria-label": `Save “${title}” as ${kind.toUpperCase()}`,
  });
  return element("div", { class: "row pictures", role: "group", "aria-label": `Save “${title}” as a picture` },
    make("svg", () => new Blob([asSvg(picture())], { type: "image/svg+xml" })), make("png", () => asPng(picture())));
}
