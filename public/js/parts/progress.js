/** How far a study is: its state as a word in a colour, and a bar. */
import { element } from "../dom.js";
import { finished } from "../format.js";

export function state(name) {
  return element("span", { class: `state ${name}` }, name);
}

export function trialCount(progress, between) {
  return `${finished(progress)}${progress.total ? `${between}${progress.total}` : ""}`;
}

export function bar(progress) {
  const done = finished(progress);
  const filled = element("span");
  filled.style.width = `${progress.total ? (100 * done) / progress.total : 0}%`;
  return element("div", {
    class: "progress", role: "progressbar", "aria-label": "Trials that are done", "aria-valuemin": 0,
    "aria-valuemax": progress.total ?? done, "aria-valuenow": done,
    "aria-valuetext": `${trialCount(progress, " of ")} trials`,
  }, filled);
}
