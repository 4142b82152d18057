/** Which worker ran which trial when: pure functions. */

/** Trials of one worker at the same time are in rows below one another, at most this many. */
const ROWS = 4;

/**
 * Of the last `most` trials that have begun: a lane for each worker, by name, with its trials as bars { number, from, to, row, trial },
 * in milliseconds since the first of them began; `span` is when the last ended. A trial that has not ended ends with it.
 */
export function lanes(trials, most) {
  const begun = trials.filter((trial) => trial.started_at).slice(-most);
  if (begun.length === 0) return { lanes: [], span: 0, start: null, count: 0 };
  const time = (text) => (text ? Date.parse(text) : null);
  // What came to an end without a time, such as a trial that waits to be tried again, is not in progress.
  const bars = begun.map((trial) => ({ number: trial.number, trial, from: time(trial.started_at), to: time(trial.finished_at) }))
    .filter(({ to, trial }) => to !== null || trial.state === "running");
  let [start, end] = [Infinity, -Infinity];
  for (const { from, to, trial } of bars) {
    start = Math.min(start, from);
    end = Math.max(end, to ?? from, time(trial.last_heartbeat_at) ?? from);
  }
  const found = new Map();
  for (const bar of bars.sort((a, b) => a.from - b.from || a.number - b.number)) {
    const worker = bar.trial.worker ?? "unknown";
    if (!found.has(worker)) found.set(worker, { worker, bars: [], free: [] });
    const lane = found.get(worker);
    const made = { ...bar, from: bar.from - start, to: (bar.to ?? end) - start };
    let row = lane.free.findIndex((until) => until <= made.from);
    if (row < 0) row = Math.min(lane.free.length, ROWS - 1);
    lane.free[row] = Math.max(made.to, lane.free[row] ?? 0);
    lane.bars.push({ ...made, row });
  }
  const text = new Intl.Collator("en", { numeric: true });
  return {
    lanes: [...found.values()].map(({ worker, bars: own, free }) => ({ worker, bars: own, rows: free.length, busy: busy(own) }))
      .sort((a, b) => text.compare(a.worker, b.worker)),
    span: end - start, start, count: bars.length,
  };
}

/** How long at least one of some bars, in order of their beginnings, was in progress. */
export function busy(bars) {
  let [sum, until] = [0, 0];
  for (const { from, to } of bars) {
    if (to <= until) continue;
    sum += to - Math.max(from, until);
    until = to;
  }
  return sum;
}

/** Round times for the labels of an axis from 0 to `span` milliseconds, at most about `count`. */
export function timeTicks(span, count) {
  const units = [1, 10, 100].flatMap((unit) => [1, 2, 5].map((factor) => factor * unit));
  const seconds = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400].map((unit) => unit * 1000);
  const days = [2, 5, 10, 20, 50, 100, 200, 500, 1000].map((unit) => unit * 86_400_000);
  const step = [...units, ...seconds, ...days].find((unit) => span / unit <= count) ?? days.at(-1);
  return Array.from({ length: Math.floor(span / step + 1e-9) + 1 }, (_, index) => index * step);
}

/** A time since the beginning, as the axis has it. */
export function timeText(milliseconds) {
  if (milliseconds === 0) return "0";
  if (milliseconds < 1000) return `${milliseconds} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min${seconds % 60 ? ` ${seconds % 60} s` : ""}`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h${(seconds / 60) % 60 ? ` ${Math.floor((seconds / 60) % 60)} min` : ""}`;
  return `${seconds / 86_400} d`;
}
