/** How values are spread: pure functions. */

/** The numbers among some values, in rising order. */
export function sorted(values) {
  return values.filter((value) => Number.isFinite(value)).sort((a, b) => a - b);
}

/** The value that a share of them does not exceed: the inverse of their empirical distribution; null of none. */
export function quantile(rising, share) {
  if (rising.length === 0) return null;
  return rising[Math.min(rising.length - 1, Math.max(0, Math.ceil(share * rising.length - 1e-9) - 1))];
}

/**
 * The empirical distribution as steps: { x, y }, y the share of values of at most x, in percent. Of many values about
 * `count` steps are given, each of them exact.
 */
export function steps(rising, count) {
  const made = [];
  const size = rising.length;
  if (size === 0) return made;
  made.push({ x: rising[0], y: 0 });
  const gap = Math.max(1, size / count);
  let next = 0;
  for (let index = 0; index < size; index += 1) {
    const isLast = index === size - 1;
    // Of equal values the last tells how many they are.
    if (!isLast && rising[index + 1] === rising[index]) continue;
    if (index + 1 < next && !isLast) continue;
    made.push({ x: rising[index], y: (100 * (index + 1)) / size });
    next = index + 1 + gap;
  }
  return made;
}
