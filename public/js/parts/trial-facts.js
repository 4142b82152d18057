/** What is to be said of one trial in words and numbers: its settings, its scores, why it was tried, who holds it. */
import { element, facts, scrolling, short } from "../dom.js";
import { metric as metricText, number, seconds, time, whole, words } from "../format.js";

/** Why the algorithm suggested the trial, as a phrase: what a descent tells in words, other facts by their names. */
function because({ kind, restart, centre, axis, direction, ...others }) {
  return [
    words(kind), restart ? `descent ${restart}` : null, centre ? `around trial ${centre}` : null,
    axis ? `${words(axis)} ${direction ?? "changed"}` : null,
    ...Object.entries(others).map(([name, value]) => `${words(name)} ${typeof value === "string" ? words(value) : whole(value)}`),
  ].filter(Boolean).join(", ");
}

/** What tells the scores of a trial apart, where the service tells it: repeat and fold, only those that differ. */
function kindsOf(parts) {
  return ["repeat", "fold"].filter((kind) => new Set(parts?.map((part) => part[kind])).size > 1);
}

/** Which repeat or fold each score is of; both are counted from 0 by the service. */
export function scored({ scores, score_parts: parts }, metric) {
  const kinds = kindsOf(parts);
  return scores.map((score, index) => {
    const name = kinds.map((kind) => `${kind} ${parts[index][kind] + 1}`).join(", ");
    return name ? `${name}: ${metricText(metric, score)}` : metricText(metric, score);
  }).join(kinds.length ? "; " : ", ");
}

/** The scores as a table: a row for each, with its repeat and fold; nothing where there is only one. */
export function scoreTable({ scores, score_parts: parts }, metric) {
  if (!(scores?.length > 1)) return null;
  const kinds = kindsOf(parts);
  const heads = [...(kinds.length ? kinds : ["run"]), words(metric)];
  const row = (score, index) => [
    ...(kinds.length ? kinds.map((kind) => String(parts[index][kind] + 1)) : [String(index + 1)]),
    short(metricText(metric, score), whole(score)),
  ];
  return element("div", { class: "scores" },
    element("h2", {}, "Scores"),
    scrolling("Scores", element("table", {},
      element("thead", {}, element("tr", {}, heads.map((head) => element("th", { scope: "col" }, head)))),
      element("tbody", {}, scores.map((score, index) => element("tr", {}, row(score, index).map((cell) => element("td", {}, cell))))))));
}

/** Who holds a running trial of an external study, and until when. */
function held(trial) {
  if (!trial.lease_expires_at) return [];
  return [
    ["Held by", trial.worker], ["Since", time(trial.started_at)], ["Last heard of", time(trial.last_heartbeat_at)],
    ["Lease runs out", time(trial.lease_expires_at)],
  ];
}

/** The kinds of curves that a trial has: those that Cairn measures, else each metric that a caller told. */
export function curveKinds(curve, isExternal) {
  const names = [...new Set(curve.flatMap((point) => Object.keys(point.metrics)))].sort();
  if (isExternal) return names;
  return ["accuracy", "loss"].filter((kind) => names.some((name) => name.endsWith(kind)));
}

/** `isWhole`: the scores are a table of their own. */
export function described(trial, metric, isWhole) {
  const value = (name, given) => short(metricText(name, given), whole(given));
  const others = Object.entries(trial.metrics).filter(([name, value]) => name !== metric && value !== null);
  const pruned = trial.state === "pruned" && trial.pruned_at_step !== undefined && trial.pruned_at_step !== null;
  return [
    trial.error ? element("p", { class: "error" }, trial.error) : null,
    facts([
      ["State", trial.state],
      [words(metric), value(metric, trial.value)],
      ...Object.entries(trial.parameters).map(([name, set]) => [words(name), whole(set)]),
      ...others.map(([name, given]) => [words(name), value(name, given)]),
      ...(pruned ? [["Pruned at step", whole(trial.pruned_at_step)], ["Value then", value(metric, trial.pruned_value)]] : []),
      ...(!isWhole && trial.scores?.length > 1 ? [["Scores", scored(trial, metric)]] : []),
      ["Why it was tried", because(trial.origin)],
      ...(trial.compute_seconds === null ? [] : [["Training time", seconds(trial.compute_seconds)]]),
      ...held(trial),
      ["From start to end", seconds(trial.duration_seconds)],
      ...(trial.reused_from ? [["Answered by", trial.reused_from]] : []),
      ["Attempt", number(trial.attempt)],
    ]),
    isWhole ? scoreTable(trial, metric) : null,
  ];
}
