/** A button that copies a text, and says that it did. */
import { button, element } from "../dom.js";

/** How long it says so, in milliseconds. */
const SHOWN = 2000;

/** Copies; also where the browser keeps its clipboard from pages that came without TLS. */
async function copy(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const area = element("textarea", { class: "skip", "aria-hidden": "true", tabindex: -1 });
  area.value = text;
  document.body.append(area);
  const before = document.activeElement;
  area.select();
  const isCopied = document.execCommand("copy");
  area.remove();
  before?.focus({ preventScroll: true });
  if (!isCopied) throw new Error("not copied");
}

/** `textOf()` gives what is copied. */
export function copyButton(label, textOf, attributes = {}) {
  let timer = null;
  const press = button(label, async () => {
    clearTimeout(timer);
    try {
      await copy(textOf());
      press.textContent = "Copied";
    } catch {
      press.textContent = "The browser does not allow it";
    }
    timer = setTimeout(() => { press.textContent = label; }, SHOWN);
  }, { "aria-live": "polite", ...attributes });
  return press;
}
