/** Which studies a list shows, and in which order: pure functions. */
import { algorithm, dataset, finished, objective } from "./format.js";

export const STATES = ["running", "paused", "completed", "stopped", "failed"];

/** By the name that the address has: what the list is sorted by, its title, and whether the largest comes first. */
export const ORDERS = {
  made: { title: "Made", of: (study) => study.created_at, isLargestFirst: true },
  name: { title: "Study", of: (study) => study.name },
  state: { title: "State", of: (study) => STATES.indexOf(study.state) },
  trials: { title: "Trials", of: (study) => finished(study.progress), isLargestFirst: true },
  best: { title: "Best", of: (study) => study.best?.value ?? null, isLargestFirst: true },
  algorithm: { title: "Algorithm", of: (study) => algorithm(study) },
  dataset: { title: "Data set", of: (study) => dataset(study) },
};

const text = new Intl.Collator("en", { numeric: true });

function compare(one, other) {
  if (typeof one === "number" && typeof other === "number") return one - other;
  return text.compare(String(one), String(other));
}

/** `order` is a name of `ORDERS`, with a minus before it where the other direction is meant; those without a value come last. */
export function ordered(studies, order) {
  const isTurned = order.startsWith("-");
  const { of, isLargestFirst } = ORDERS[order.replace(/^-/, "")] ?? ORDERS.made;
  const sign = Boolean(isLargestFirst) === isTurned ? 1 : -1;
  return studies.toSorted((a, b) => {
    const [one, other] = [of(a), of(b)];
    if (one === null || other === null) return (one === null) - (other === null) || text.compare(a.name, b.name);
    return sign * compare(one, other) || (a.created_at < b.created_at ? 1 : -1);
  });
}

/** The query with which the service gives what is asked for; a name is looked for on the page. */
export function queryOf({ state, label, dataset: wanted }) {
  const query = new URLSearchParams();
  if (state) query.set("state", state);
  if (label) query.set("label", label);
  if (wanted) query.set("dataset", wanted);
  return query.toString();
}

/** Whether a study is what is asked for, as the service would say; an event tells of any. */
export function fits(study, { name, state, label, dataset: wanted }) {
  if (name && !study.name.includes(name.toLowerCase().trim())) return false;
  if (state && study.state !== state) return false;
  if (wanted && (study.resolved?.dataset ?? study.dataset) !== wanted) return false;
  if (!label) return true;
  const at = label.indexOf(":");
  const key = at < 0 ? label : label.slice(0, at);
  if (!Object.hasOwn(study.labels ?? {}, key)) return false;
  return at < 0 || study.labels[key] === label.slice(at + 1);
}

/** What the studies of a selection measure, where it is one thing: only then can they be compared. */
export function isComparable(studies) {
  const kinds = new Set(studies.map((study) => `${objective(study)?.metric} ${objective(study)?.goal}`));
  return studies.length > 1 && kinds.size === 1;
}
