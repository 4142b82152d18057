/** A study's state in a few facts. */
import { element, facts } from "../dom.js";
import { algorithm, dataset, isExternal, seconds, timeLeft, words } from "../format.js";
import { bar, state, trialCount } from "./progress.js";
import { remarks } from "./remarks.js";

/** What a running study waits for, by the service's word for it. */
const WAITS = {
  workers: "a free worker",
  results: "outcomes that the search must know first",
  suggestion: "the next suggestion of the search",
  budget: "its last trials; the budget has no more",
  max_running: "one of its own trials to end (max_running)",
  disk: "room on the disk",
};

function reason(study) {
  if (study.state === "paused" && study.progress.running) return "Running trials will finish; no new ones start.";
  return study.state_reason ?? study.stop_reason?.detail ?? null;
}

function waits(study) {
  const { waiting_for: code } = study;
  if (study.state !== "running" || !code) return [];
  const text = code === "workers" && isExternal(study) ? "a worker that asks for a trial" : WAITS[code] ?? words(code);
  return [["Waits for", text]];
}

/** Only what is in progress has a time left; it is worked out from what the trials so far took. */
function left(study) {
  if (study.state !== "running") return [];
  const isKnown = study.progress.eta_seconds !== null && study.progress.eta_seconds !== undefined;
  return [["Time left", isKnown
    ? element("span", {}, timeLeft(study), " ", element("small", { class: "quiet" }, "at the pace of the trials so far"))
    : "not known yet"]];
}

/** `points` are the best points, for what the remarks say of them. */
export function summary(study, points = []) {
  const { progress } = study;
  const why = reason(study);
  // Only what has happened is worth a place.
  const rare = ["running", "queued", "stopped", "pruned", "infeasible", "failed", "reused"]
    .filter((name) => progress[name] > 0)
    .map((name) => [name[0].toUpperCase() + name.slice(1), progress[name]]);
  return [
    element("p", { class: "row" }, state(study.state), why ? element("span", { class: "quiet" }, why) : null),
    study.state === "running" ? bar(progress) : null,
    facts([
      ["Trials", trialCount(progress, " of ")],
      ...rare,
      ["Elapsed", seconds(progress.elapsed_seconds)],
      ...left(study),
      ...waits(study),
      ["Algorithm", algorithm(study)],
      ["Data set", dataset(study)],
    ]),
    remarks(study, points),
  ];
}
