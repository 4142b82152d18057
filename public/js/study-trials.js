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
    total: () => byNumber.size,
  };
}

/** Of a study of more trials than these, the page knows those that are drawn alone. */
export const WHOLE = 10_000;
/** And of those that events tell of meanwhile, the last. */
const TOLD = 1000;

/** The trials that columns have, as rows; what only a trial of its own tells is not there. */
function rows({ number, state, value, compute_seconds: spent, parameters, metrics }) {
  const at = (columns, index) => Object.fromEntries(Object.entries(columns).map(([name, cells]) => [name, cells[index]]));
  return number.map((one, index) => ({
    number: one, state: state[index], value: value[index], compute_seconds: spent[index], parameters: at(parameters, index), metrics: at(metrics, index),
  }));
}

/** The trials of a very long study that are drawn: like `studyTrials`, and `total()` tells how many there are. */
export function drawnTrials(columns) {
  const told = new Map();
  let drawn = [];
  let total = 0;
  const take = (body) => {
    drawn = rows(body);
    ({ total } = body);
  };
  return {
    isPart: true,
    take(trial) {
      told.delete(trial.number);
      told.set(trial.number, trial);
      if (told.size > TOLD) told.delete(told.keys().next().value);
    },
    takeColumns: take,
    load: async (signal) => take(await columns.load(signal)),
    total: () => Math.max(total, ...told.keys()),
    list: () => [...drawn.filter(({ number }) => !told.has(number)), ...told.values()].sort((a, b) => a.number - b.number),
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
