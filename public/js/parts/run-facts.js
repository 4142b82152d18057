/** What a study was asked to do, in words and tables: pure functions of what the service tells. */
import { element, facts, scrolling, short } from "../dom.js";
import { moment, parameter, whole, words } from "../format.js";

/** More levels than these are counted instead. */
const LEVELS = 12;

/** The levels or the range of a parameter, as one line. */
export function range({ values, min, max, scale, points }) {
  if (Array.isArray(values)) {
    const listed = values.slice(0, LEVELS).map(parameter).join(", ");
    return values.length > LEVELS ? `${listed}, … ${parameter(values.at(-1))} (${values.length} levels)` : listed;
  }
  return [`${parameter(min)} to ${parameter(max)}`, scale === "log" ? "log scale" : null, points ? `${points} levels` : null]
    .filter(Boolean).join(", ");
}

function table(label, heads, rows) {
  return scrolling(label, element("table", {},
    element("thead", {}, element("tr", {}, heads.map((head) => element("th", { scope: "col" }, head)))),
    element("tbody", {}, rows.map((row) => element("tr", {}, row.map((cell) => element("td", {}, cell)))))));
}

/** The parameters that were tuned. */
export function parameterTable(parameters) {
  return table("Parameters", ["Parameter", "Levels or range"], Object.entries(parameters).map(([name, one]) => [
    element("span", { class: "strong" }, words(name)),
    element("span", { class: "wrap" }, range(one), " ", element("span", { class: "quiet" }, one.type)),
  ]));
}

/** A setting as one line, whatever its shape. */
function flat(value) {
  if (value === null || value === undefined) return "none";
  if (typeof value !== "object") return typeof value === "string" ? words(value) : whole(value);
  if (Array.isArray(value)) return value.map(flat).join(", ");
  return Object.entries(value).map(([name, inner]) => `${words(name)} ${flat(inner)}`).join(", ");
}

/** Everything that was settled before the first trial, with every default. */
export function settings(resolved) {
  const { model, algorithm, objective, validation, pruning } = resolved;
  const { kind, ...others } = model;
  const { name, ...options } = algorithm;
  const { scored, ...validated } = validation ?? {};
  return facts([
    ["Model", kind],
    ...Object.entries(others).map(([one, value]) => [words(one), flat(value)]),
    ["Algorithm", words(name)],
    ...Object.entries(options).map(([one, value]) => [`Algorithm's ${words(one)}`, flat(value)]),
    ["Objective", `${objective.goal} ${words(objective.metric)}`],
    ...(objective.tie_break ? [["Between equal values", `${objective.tie_break.goal} ${words(objective.tie_break.metric)}`]] : []),
    ...(objective.target === null || objective.target === undefined ? [] : [["Target", whole(objective.target)]]),
    ...Object.entries(validated).map(([one, value]) => [`Validation: ${words(one)}`, flat(value)]),
    ...(scored?.examples ? [["Scored on", `${scored.examples} examples`]] : []),
    ...(pruning ? [["Pruning", flat(pruning)]] : []),
    ["Retries of a failed trial", flat(resolved.retries)],
    ["Failures that end it", flat(resolved.failure_limit)],
    ...(resolved.numerics ? [["Numerics", flat(resolved.numerics)]] : []),
  ]);
}

/** Whether another run would give the same trials. */
function reproducible({ reproducible: told }) {
  if (!told) return [];
  if (!told.reason) return [["Reproducible", "yes, every trial"]];
  return [["Reproducible", `${told.through ? `through trial ${told.through}` : "no"}: ${told.reason}`]];
}

function dated(value) {
  return value ? element("time", { datetime: value, title: value }, moment(value)) : "–";
}

/** What it ran on, with what seeds, and when. */
export function run(study) {
  const { resolved } = study;
  const sum = resolved.dataset_sha256;
  return facts([
    ["Data set", resolved.dataset ? element("a", { href: "#/datasets" }, resolved.dataset) : "none, callers run the trials"],
    ...(sum ? [["Data set's SHA-256", element("code", { title: sum }, sum.slice(0, 12))]] : []),
    ["Seed of the search", whole(resolved.seed)],
    ["Seed of training", whole(resolved.training_seed)],
    ["Parallelism", whole(study.parallelism)],
    ...(study.max_running ? [["Running at most", whole(study.max_running)]] : []),
    ...(study.budget?.seconds ? [["Maximum seconds", whole(study.budget.seconds)]] : []),
    ["Created", dated(study.created_at)],
    ["Last change", dated(study.updated_at)],
    ...(study.finished_at ? [["Finished", dated(study.finished_at)]] : []),
    ...reproducible(study),
  ]);
}

/** The changes that were made while it ran; null where there is none. */
export function edits(study) {
  if (!study.edits?.length) return null;
  return [element("h3", {}, "Edits"), table("Edits", ["From trial", "When", "What"],
    study.edits.map(({ from_trial: from, at, changes }) => [whole(from), dated(at), short(flat(changes), JSON.stringify(changes))]))];
}
