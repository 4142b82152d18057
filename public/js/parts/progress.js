/** How far a study is: its state as a word in a colour, and a bar. */
import { element } from "../dom.js";
import { finished } from "../format.js";

export function state(name) {
  return element("span", { class: `state ${name}` }, name);
}

export function trialCount(progress, between) {
  return `${finished(progress)}${progress.total ? `${between}${progress.total}` : ""}`;
}

function filledBar(label, done, total, text) {
  const filled = element("span");
  filled.style.width = `${total ? (100 * done) / total : 0}%`;
  return element("div", {
    class: "progress", role: "progressbar", "aria-label": label, "aria-valuemin": 0, "aria-valuemax": total ?? done,
    "aria-valuenow": done, "aria-valuetext": text,
  }, filled);
}

export function bar(progress) {
  return filledBar("Trials that are done", finished(progress), progress.total, `${trialCount(progress, " of ")} trials`);
}

/** Of a comparison: how many of its studies have ended. */
export function studiesBar({ ended, studies }) {
  return filledBar("Studies that have ended", ended, studies, `${ended} of ${studies} studies`);
}
