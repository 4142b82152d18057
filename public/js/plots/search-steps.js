/** What a search did, trial by trial, as its picture shows it: pure functions. */

const GOLDEN = Math.PI * (3 - Math.sqrt(5));

/** "units_1:-0.09,rate:0.07,kind" as numbers by name; a name without a number is left out. */
export function slopes(text) {
  return new Map((text ?? "").split(",").map((one) => one.split(":")).filter(([name, slope]) => name && Number.isFinite(Number(slope ?? NaN)))
    .map(([name, slope]) => [name, Number(slope)]));
}

/**
 * What the service tells of the search, for each of some trials' numbers: `kind` and `restart`, the `centre` that the trial was
 * tried around, and whether a descent moved to it (`isMove`), began there (`isStart`) or ended there (`isOptimum`).
 * `origins` is by number, and may lack trials; `descents` are those of `/restarts`; `open` has the numbers of the trials that have no
 * outcome yet, so that nothing came of them.
 */
export function searchSteps(numbers, origins, descents, open = new Set()) {
  const moves = new Map();
  const starts = new Map();
  const optima = new Map();
  for (const { restart, path, optimum, stop_reason: reason } of descents) {
    path.forEach((number, index) => (index === 0 ? starts : moves).set(number, restart));
    if (optimum !== null && reason !== null && reason !== "open") optima.set(optimum, restart);
  }
  return numbers.map((number) => {
    const origin = origins.get(number) ?? {};
    return {
      number, kind: origin.kind ?? null, restart: origin.restart ?? moves.get(number) ?? starts.get(number) ?? null, centre: origin.centre ?? null,
      isMove: moves.has(number), isStart: starts.has(number), isOptimum: optima.has(number), isOpen: open.has(number), gradient: slopes(origin.gradient),
    };
  });
}

/** Up to which of the steps each descent was in progress: by descent, the number of its last trial. */
export function lastTrials(steps) {
  const last = new Map();
  for (const { restart, number } of steps) if (restart !== null) last.set(restart, Math.max(number, last.get(restart) ?? 0));
  return last;
}

/** Whether a trial was tried around another, and the search did not move there. */
export function isRefused({ centre, isMove, isStart, isOpen }) {
  return centre !== null && !isMove && !isStart && !isOpen;
}

/** Why a trial was tried and what came of it, in a few words. */
export function stepWords(step) {
  const { kind, restart, centre, isMove, isOptimum } = step;
  const words = [kind ? kind.replaceAll("_", " ") : null, restart === null ? null : `descent ${restart}`,
    centre === null ? null : `from trial ${centre}`].filter(Boolean);
  if (isMove) words.push("accepted");
  else if (isRefused(step)) words.push("refused");
  if (isOptimum) words.push("best of its descent");
  return words.join(", ");
}

/**
 * Points that lie on the same spot, spread around it in a spiral (Vogel 1979), the first in the middle; `keys[i]` names the
 * spot of point i, or is null. Gives [right, down] for each, at most `room` from the spot and no further apart than `apart`.
 */
export function spread(keys, room, apart) {
  const counts = new Map();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  const seen = new Map();
  return keys.map((key) => {
    const index = seen.get(key) ?? 0;
    seen.set(key, index + 1);
    if (key === null || index === 0) return [0, 0];
    const radius = Math.min(apart, room / Math.sqrt(counts.get(key) - 1)) * Math.sqrt(index);
    return [radius * Math.cos(index * GOLDEN), radius * Math.sin(index * GOLDEN)];
  });
}

/** The scale of a grid's levels as a search sees them: by their order, evenly spaced. A scale without levels stays as it is. */
export function byOrder(scale) {
  if (!scale.levels) return scale;
  const last = scale.levels.length - 1;
  const places = new Map(scale.levels.map((level, index) => [level, last > 0 ? index / last : 0.5]));
  return { ...scale, log: false, isEven: scale.numeric, place: (value) => places.get(value) ?? null };
}

/** The place of the last of some rising numbers that is at most `number`; -1 where all are larger. */
export function lastUpTo(numbers, number) {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] <= number) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
