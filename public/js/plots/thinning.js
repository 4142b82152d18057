/** Which dots of a long study are drawn: pure functions of points { x, y, number } in order of number. */

/**
 * Trials as points; over seconds, x is all training up to the trial's end. Where the trials are a part of a study's, each of those
 * between is taken to have been as long as the one after them.
 */
export function dots(trials, over) {
  let spent = 0;
  let last = 0;
  const made = [];
  for (const trial of trials) {
    spent += (trial.compute_seconds ?? 0) * (trial.number - last);
    last = trial.number;
    if (trial.value === null) continue;
    made.push({ x: over === "seconds" ? spent : trial.number, y: trial.value, number: trial.number });
  }
  return made;
}

/** The points that were better than all before them. */
export function improvements(points, maximize) {
  const found = [];
  for (const point of points) {
    const last = found.at(-1);
    if (!last || (maximize ? point.y > last.y : point.y < last.y)) found.push(point);
  }
  return found;
}

/** The numbers of the trials that a search moved to: the centres of its polls. */
export function moves(trials) {
  return new Set(trials.map(({ origin }) => origin?.centre).filter((number) => Number.isInteger(number)));
}

/**
 * About `count` points, so that a long study draws in one frame: each one whose number is in `kept`, and of the others as
 * many as there is room for, evenly spaced.
 */
export function thinned(points, kept, count) {
  if (points.length <= count) return points;
  const others = points.filter(({ number }) => !kept.has(number));
  const room = Math.max(0, count - (points.length - others.length));
  const chosen = new Set(Array.from({ length: room }, (_, index) => others[Math.floor((index * others.length) / room)]));
  return points.filter((point) => kept.has(point.number) || chosen.has(point));
}
