/** Numbers, times and names as people read them. */
const EMPTY = "–";

export function number(value, digits = 4) {
  if (value === null || value === undefined) return EMPTY;
  if (Number.isInteger(value)) return String(value);
  return String(Number(value.toPrecision(digits)));
}

/** A metric: accuracies as percent, all else as a number. */
export function metric(name, value, digits = 4) {
  if (value === null || value === undefined) return EMPTY;
  return name.endsWith("accuracy") ? `${number(value * 100, digits)} %` : number(value, digits);
}

export function seconds(value) {
  if (value === null || value === undefined) return EMPTY;
  if (value < 10) return `${number(value, 2)} s`;
  if (value < 120) return `${Math.round(value)} s`;
  const minutes = Math.round(value / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function parameter(value) {
  return value === null || value === undefined ? EMPTY : String(value);
}

export function words(name) {
  return name.replaceAll("_", " ");
}

/** Trials that have an outcome. */
export function finished(progress) {
  return progress.completed + progress.infeasible + progress.failed + progress.pruned;
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

export function best(study) {
  return study.best ? metric(study.resolved.objective.metric, study.best.value) : EMPTY;
}
