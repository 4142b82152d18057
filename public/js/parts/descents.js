/** The descents of a search: each with its path, its local optimum, and why it ended. */
import { button, element, scrolling } from "../dom.js";
import { metric as metricText, words } from "../format.js";

const HEADS = ["Descent", "Path", "Best trial", "Value", "Ended"];

/** The numbers of trials are buttons with `data-trial`. */
export function descents(restarts, metric) {
  const trial = (number) => button(String(number), null, {
    class: "plain small", "data-trial": number, "aria-label": `Trial ${number}, details`,
  });
  const row = (descent) => {
    const values = [
      String(descent.restart),
      element("span", { class: "path" },
        descent.path.flatMap((number, index) => [index ? element("span", { class: "quiet", "aria-hidden": "true" }, "→") : null, trial(number)])),
      descent.optimum === null ? "–" : trial(descent.optimum),
      metricText(metric, descent.value),
      descent.stop_reason ? words(descent.stop_reason) : "in progress",
    ];
    return element("tr", { "data-key": descent.restart }, values.map((value) => element("td", {}, value)));
  };
  // The newest is what is watched.
  return [scrolling("Descents", element("table", {},
    element("thead", {}, element("tr", {}, HEADS.map((head) => element("th", { scope: "col" }, head)))),
    element("tbody", {}, restarts.toReversed().map(row))))];
}
