/** Numbers, times and names as people read them. */
const EMPTY = "–";

function absent(value) {
  return value === null || value === undefined;
}

/** At most `digits` significant digits, without zeros at the end; integers whole. */
export function number(value, digits = 4) {
  if (absent(value)) return EMPTY;
  // A double beyond 2^53 is whole by chance.
  if (Number.isSafeInteger(value)) return String(value);
  return String(Number(value.toPrecision(digits)));
}

/** Accuracies are fractions, shown in percent. */
export function isShare(metric) {
  return metric.endsWith("accuracy");
}

/** A metric with one precision for a whole column: accuracies with two decimals of a percent, all else with four digits. */
export function metric(name, value) {
  if (absent(value)) return EMPTY;
  if (isShare(name)) return `${(100 * value).toFixed(2)} %`;
  const size = Math.abs(value);
  return size >= 1e-4 && size < 1e4 ? value.toPrecision(4) : number(value);
}

/**
 * The 95 % intervals of a column, as texts: "± 1.50 points" where each lies evenly around its value, else from one end to
 * the other.
 */
export function intervals(name, points) {
  const scale = isShare(name) ? 100 : 1;
  const text = (value) => (isShare(name) ? value.toFixed(2) : metric(name, value));
  const even = points.every(({ value, interval }) => !interval
    || text(scale * (interval[1] - value)) === text(scale * (value - interval[0])));
  return points.map(({ value, interval }) => {
    if (!interval) return EMPTY;
    const [low, high] = interval.map((end) => scale * end);
    if (even) return `± ${text(high - scale * value)}${isShare(name) ? " points" : ""}`;
    return `${text(low)} to ${text(high)}${isShare(name) ? " %" : ""}`;
  });
}

export function seconds(value) {
  if (absent(value)) return EMPTY;
  if (value > 0 && value < 1) return `${number(1000 * value, 2)} ms`;
  if (value < 10) return `${number(value, 2)} s`;
  if (value < 120) return `${Math.round(value)} s`;
  const minutes = Math.round(value / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The time of day in the reader's own zone; with the date where that is another day. */
export function time(value) {
  if (absent(value)) return EMPTY;
  const then = new Date(value);
  return then.toDateString() === new Date().toDateString() ? then.toLocaleTimeString() : then.toLocaleString();
}

/** A day and the time of day in the reader's own zone. */
export function moment(value) {
  return absent(value) ? EMPTY : new Date(value).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
}

/** A parameter's value: four significant digits, integers whole. */
export function parameter(value) {
  return typeof value === "number" ? number(value) : whole(value);
}

/** A value with all its digits. */
export function whole(value) {
  return absent(value) ? EMPTY : String(value);
}

export function words(name) {
  return name.replaceAll("_", " ");
}

/** Trials that have an outcome. */
export function finished(progress) {
  return progress.completed + progress.infeasible + progress.failed + progress.pruned;
}

/** Trials that have a number: those with an outcome, and those that are tried or wait to be tried again. */
export function numbered({ progress }) {
  return finished(progress) + progress.queued + progress.running + progress.stopped;
}

/** Whether nothing is tried any more. */
export function hasEnded(study) {
  return !["running", "paused"].includes(study.state);
}

/** A study whose times have gone on since it was told of; `since` is the page's clock then, in milliseconds. */
export function asOfNow(study, since) {
  if (study.state !== "running") return study;
  const passed = (performance.now() - since) / 1000;
  const { elapsed_seconds: elapsed, eta_seconds: left } = study.progress;
  return {
    ...study,
    progress: { ...study.progress, elapsed_seconds: elapsed + passed, eta_seconds: left === null ? null : Math.max(0, left - passed) },
  };
}

export function timeLeft(study) {
  return study.state === "running" ? seconds(study.progress.eta_seconds) : EMPTY;
}

/** The name of a study's algorithm; rows of the list have it without the definition. */
export function algorithm(study) {
  const told = study.resolved?.algorithm ?? study.algorithm;
  return words(told?.name ?? told ?? EMPTY);
}

export function dataset(study) {
  return study.resolved?.dataset ?? study.dataset ?? "none, callers run the trials";
}

/** Whether callers run a study's trials. */
export function isExternal(study) {
  return study.resolved?.model.kind === "external";
}

/** Whether a study's trials are looked up in a table of results. */
export function isTable(study) {
  return study.resolved?.model.kind === "table";
}

export function objective(study) {
  return study.resolved?.objective ?? study.objective;
}

export function best(study) {
  return study.best ? metric(objective(study).metric, study.best.value) : EMPTY;
}
