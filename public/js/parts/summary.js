/** A study's state in a few facts. */
import { element, facts } from "../dom.js";
import { best, seconds, timeLeft, words } from "../format.js";
import { bar, state, trialCount } from "./progress.js";

function reason(study) {
  if (study.state === "paused" && study.progress.running) return "Running trials finish; none is handed out.";
  return study.state_reason ?? study.stop_reason?.detail ?? null;
}

export function summary(study) {
  const { progress, resolved } = study;
  const why = reason(study);
  // Only what has happened is worth a place.
  const rare = ["queued", "stopped", "pruned", "infeasible", "failed", "reused"]
    .filter((name) => progress[name] > 0)
    .map((name) => [name[0].toUpperCase() + name.slice(1), progress[name]]);
  return [
    element("p", { class: "row" }, state(study.state), why ? element("span", { class: "quiet" }, why) : null),
    bar(progress),
    facts([
      ["Best", best(study)],
      ["Trials", trialCount(progress, " of ")],
      ["Running", progress.running],
      ...rare,
      ["Elapsed", seconds(progress.elapsed_seconds)],
      ["Time left", timeLeft(study)],
      ["Objective", `${resolved.objective.goal} ${words(resolved.objective.metric)}`],
      ["Algorithm", words(resolved.algorithm.name)],
      ["Data set", resolved.dataset ?? "external"],
    ]),
  ];
}
