/** A study's state in a few facts. */
import { element, facts, short } from "../dom.js";
import { algorithm, best, dataset, metric as metricText, objective, seconds, timeLeft, whole, words } from "../format.js";
import { bar, state, trialCount } from "./progress.js";
import { remarks } from "./remarks.js";

function reason(study) {
  if (study.state === "paused" && study.progress.running) return "Running trials will finish; no new ones start.";
  return study.state_reason ?? study.stop_reason?.detail ?? null;
}

/** What the best point scores on the examples that the search never saw, where the study keeps some. */
function final(study) {
  const { final: score, final_state: state } = study.best ?? {};
  if (!state || state === "none") return [];
  return [["Best on unseen examples", state === "pending" ? "not scored yet" : metricText(objective(study).metric, score)]];
}

export function summary(study) {
  const { progress } = study;
  const why = reason(study);
  // Only what has happened is worth a place.
  const rare = ["queued", "stopped", "pruned", "infeasible", "failed", "reused"]
    .filter((name) => progress[name] > 0)
    .map((name) => [name[0].toUpperCase() + name.slice(1), progress[name]]);
  return [
    element("p", { class: "row" }, state(study.state), why ? element("span", { class: "quiet" }, why) : null),
    bar(progress),
    facts([
      ["Best", short(best(study), whole(study.best?.value))],
      ...final(study),
      ["Trials", trialCount(progress, " of ")],
      ["Running", progress.running],
      ...rare,
      ["Elapsed", seconds(progress.elapsed_seconds)],
      ["Time left", timeLeft(study)],
      ["Objective", `${objective(study).goal} ${words(objective(study).metric)}`],
      ["Algorithm", algorithm(study)],
      ["Data set", dataset(study)],
    ]),
    remarks(study.warnings),
  ];
}
