/** What the service remarks on a study though nothing of it is wrong. */
import { element } from "../dom.js";

/** A list of `{code, detail, pointer}`, or nothing; null where there is none. */
export function remarks(warnings) {
  if (!warnings?.length) return null;
  return element("ul", { class: "remarks", "aria-label": "Remarks" }, warnings.map(({ detail, pointer }) =>
    element("li", {}, detail, pointer ? element("span", { class: "quiet code" }, ` ${pointer}`) : null)));
}
