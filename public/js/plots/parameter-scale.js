/** Where the values of a parameter are on an axis, and in which bin of it: pure functions. */
import { ends } from "../variants.js";

/** Levels that span at least this factor are drawn on a log axis. */
const FACTOR = 20;
/** An axis has at most this many bins. */
export const BINS = 12;

function isNumber(value) {
  return typeof value === "number" && Number.isFinite(value);
}

/**
 * The axis of a parameter as the definition has it and of the values that were tried, which a prior may have put beside the
 * levels. `place(value)` is from 0 to 1, null for a value that is not on the axis; `at(share)` is its inverse; `levels` lists the
 * values where there are few, else null.
 */
export function parameterScale(parameter, tried) {
  const values = [...new Set(tried.filter((value) => value !== null && value !== undefined))];
  const numeric = parameter.type !== "categorical" && values.every(isNumber);
  if (!numeric) {
    const levels = [...new Set([...(parameter.values ?? []), ...values])];
    const last = Math.max(1, levels.length - 1);
    return {
      numeric, log: false, levels,
      place: (value) => (levels.includes(value) ? levels.indexOf(value) / last : null),
      at: (share) => levels[Math.round(share * last)],
    };
  }
  // Values that no definition bounds lie where they lie.
  const [low, high] = parameter.min === undefined && !parameter.values ? [Infinity, -Infinity] : ends(parameter);
  const min = values.reduce((least, value) => Math.min(least, value), low);
  const max = values.reduce((most, value) => Math.max(most, value), high);
  const log = min > 0 && (parameter.scale === "log" || (Array.isArray(parameter.values) && max / min >= FACTOR));
  const to = log ? Math.log : (value) => value;
  const from = log ? Math.exp : (value) => value;
  const [start, size] = [to(min), to(max) - to(min)];
  const isInteger = parameter.type === "integer";
  const isCounted = isInteger && values.every(Number.isInteger) && max - min < BINS;
  // A range of reals has no levels, however few were tried.
  const all = isCounted && !parameter.values && !parameter.points ? Array.from({ length: max - min + 1 }, (_, index) => min + index)
    : parameter.values || parameter.points ? [...new Set([...(parameter.values ?? []), ...values])].sort((a, b) => a - b) : [];
  return {
    numeric, log, min, max, integer: isInteger, levels: all.length > 0 && all.length <= BINS ? all : null,
    place: (value) => (isNumber(value) ? (size > 0 ? (to(value) - start) / size : 0.5) : null),
    at: (share) => from(start + share * size),
  };
}

/** What a bin that is not a level is called; of integers, by the first and the last of them. */
function stretch(low, high, isLast, scale, text) {
  if (!scale.integer) return `${text(low)} to ${text(high)}`;
  const [first, last] = [Math.ceil(low - 1e-9), isLast ? Math.round(high) : Math.ceil(high - 1e-9) - 1];
  return first >= last ? text(first) : `${text(first)} to ${text(last)}`;
}

/** The bins of an axis: one for each of few levels, else even parts of it. Each is a label; `of(value)` is the index, or -1. */
export function bins(scale, text) {
  if (scale.levels) {
    return { list: scale.levels.map(text), of: (value) => scale.levels.indexOf(value) };
  }
  const list = Array.from({ length: BINS }, (_, index) => {
    const [low, high] = [scale.at(index / BINS), scale.at((index + 1) / BINS)];
    return stretch(low, high, index === BINS - 1, scale, text);
  });
  return {
    list,
    of(value) {
      const place = scale.place(value);
      return place === null ? -1 : Math.min(BINS - 1, Math.max(0, Math.floor(place * BINS + 1e-9)));
    },
  };
}

/**
 * What the trials of each bin reached: `count`, `mean`, `best` and the `number` of the best trial, for one list of bins
 * or for the cells of two. `keys[i]` is the bin of trial i, below 0 where it is in none.
 */
export function summed(keys, values, numbers, maximize) {
  const found = new Map();
  keys.forEach((key, index) => {
    const value = values[index];
    if (key < 0 || value === null) return;
    const cell = found.get(key);
    if (!cell) {
      found.set(key, { count: 1, mean: value, best: value, number: numbers[index] });
      return;
    }
    cell.count += 1;
    cell.mean += (value - cell.mean) / cell.count;
    if (maximize ? value > cell.best : value < cell.best) Object.assign(cell, { best: value, number: numbers[index] });
  });
  return found;
}

/** Values for the labels of an axis, at most `count`: levels, powers of ten on a log axis that spans some, else round numbers. */
export function ticks(scale, count) {
  const { levels, log, min, max } = scale;
  if (levels) {
    const step = Math.ceil(levels.length / count);
    return levels.filter((_, index) => index % step === 0);
  }
  if (!(max > min)) return Number.isFinite(min) ? [min] : [];
  if (log && max / min >= 100) {
    const [first, last] = [Math.ceil(Math.log10(min) - 1e-9), Math.floor(Math.log10(max) + 1e-9)];
    const step = Math.ceil((last - first + 1) / count);
    return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => Number(`1e${first + index * step}`));
  }
  const rough = (max - min) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough);
  const first = Math.ceil(min / step - 1e-9);
  return Array.from({ length: Math.floor(max / step + 1e-9) - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** Those of some values that are far enough from one another, as shares of an axis, to be labelled. */
export function apart(values, scale, share) {
  let last = -Infinity;
  return values.filter((value) => {
    const isFar = scale.place(value) - last >= share;
    if (isFar) last = scale.place(value);
    return isFar;
  });
}
