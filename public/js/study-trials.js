/** All trials of a study: fetched without asking twice for what is final, and brought up to date by events. */
import { get } from "./api.js";

const PAGE = 250;
const FINAL = new Set(["completed", "pruned", "infeasible", "failed"]);

export function isFinal(trial) {
  return FINAL.has(trial.state);
}

/** `load(signal)` fetches, `take(trial)` notes an event's trial, `list()` gives them in order of number. */
export function studyTrials(path) {
  const pages = [{ cursor: "", kept: false }];
  const byNumber = new Map();

  function take(trial) {
    const known = byNumber.get(trial.number);
    // An event may have been overtaken by an answer; what is final stays.
    if (known && isFinal(known) && !isFinal(trial) && trial.attempt <= known.attempt) return;
    byNumber.set(trial.number, trial);
  }

  return {
    take,
    /** A cursor stays good while trials are added, so a full page whose trials are all final is never fetched again. */
    async load(signal) {
      for (let index = 0; index < pages.length; index += 1) {
        const page = pages[index];
        if (page.kept) continue;
        const { body } = await get(`${path}/trials?limit=${PAGE}${page.cursor}`, { signal });
        body.items.forEach(take);
        page.kept = body.next !== null && body.items.every(isFinal);
        if (body.next !== null && index === pages.length - 1) {
          pages.push({ cursor: `&after=${encodeURIComponent(body.next)}`, kept: false });
        }
      }
    },
    list: () => [...byNumber.values()].sort((a, b) => a.number - b.number),
  };
}
