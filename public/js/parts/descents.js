/** The descents of a search: each with its path, its local optimum, and why it ended. */
import { button, element, scrolling } from "../dom.js";
import { metric as metricText, words } from "../format.js";

const HEADS = ["Descent", "Path", "Best trial", "Value", "Ended"];

/** Why a descent ended; one that its study's end, or what followed it, cut short has no reason of its own. */
function ended({ stop_reason: reason }, isOver) {
  if (reason) return words(reason);
  return isOver ? "cut short by the study's end" : "in progress";
}

/** The numbers of trials are buttons with `data-trial`; `isOver`: the study has ended. */
export function descents(restarts, metric, isOver) {
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
      ended(descent, isOver),
    ];
    return element("tr", { "data-key": descent.restart }, values.map((value) => element("td", {}, value)));
  };
  // The newest is what is watched.
  return [scrolling("Descents", element("table", {},
    element("thead", {}, element("tr", {}, HEADS.map((head) => element("th", { scope: "col" }, head)))),
    element("tbody", {}, restarts.toReversed().map(row))))];
}
