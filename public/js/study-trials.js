/** All trials of a study: fetched by pages, and brought up to date by events. */
import { pages } from "./pages.js";

const PAGE = 250;
const FINAL = new Set(["completed", "pruned", "infeasible", "failed"]);

export function isFinal(trial) {
  return FINAL.has(trial.state);
}

/** `load(signal)` fetches, `take(trial)` notes an event's trial, `list()` gives them in order of number. */
export function studyTrials(path) {
  const byNumber = new Map();

  function take(trial) {
    const known = byNumber.get(trial.number);
    // An event may have been overtaken by an answer; what is final stays.
    if (known && isFinal(known) && !isFinal(trial) && trial.attempt <= known.attempt) return;
    byNumber.set(trial.number, trial);
  }

  return {
    take,
    load: pages(`${path}/trials`, { limit: PAGE, isFinal, take }).load,
    list: () => [...byNumber.values()].sort((a, b) => a.number - b.number),
  };
}

/** All descents of a study, likewise: `load(signal)` fetches, `list()` gives them in order. */
export function studyDescents(path) {
  const byNumber = new Map();
  return {
    load: pages(`${path}/restarts`, {
      limit: PAGE,
      isFinal: (descent) => descent.stop_reason !== null && descent.stop_reason !== "open",
      take: (descent) => byNumber.set(descent.restart, descent),
    }).load,
    list: () => [...byNumber.values()].sort((a, b) => a.restart - b.restart),
  };
}
