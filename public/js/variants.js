/** Definitions made of a study that exists: the same again, with other seeds, with a range widened. Pure functions. */

/** By how many levels a grid grows at one end. */
const MORE = 2;
/** A range without levels grows by this share of itself, in its scale. */
const SHARE = 0.5;
/** Levels that span at least this factor are taken as spaced by factors. */
const FACTOR = 8;
/** A new level has this many digits. */
const DIGITS = 3;

/** [first, last] of a parameter with an order, else null. */
export function ends(parameter) {
  if (!parameter || parameter.type === "categorical") return null;
  if (Array.isArray(parameter.values)) return [Math.min(...parameter.values), Math.max(...parameter.values)];
  return [parameter.min, parameter.max];
}

/** RFC 7396. */
function merged(target, patch) {
  if (patch === null || typeof patch !== "object" || Array.isArray(patch)) return patch;
  const made = target !== null && typeof target === "object" && !Array.isArray(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete made[key];
    else made[key] = merged(made[key], value);
  }
  return made;
}

/** `name-2`, or the next number that is free. */
export function freeName(name, taken) {
  const [, base, counted] = /^(.*?)(?:-(\d{1,6}))?$/.exec(name);
  let next = counted ? Number(counted) + 1 : 2;
  while (taken.has(`${base}-${next}`)) next += 1;
  return `${base}-${next}`;
}

/** What was asked for, with the edits made since, under a name that is free. */
export function clone(study, taken) {
  const made = study.edits?.reduce((so, { changes }) => merged(so, changes), study.definition) ?? study.definition;
  const { labels, notes } = study;
  return {
    ...structuredClone(made), name: freeName(study.name, taken),
    ...(Object.keys(labels ?? {}).length ? { labels } : {}), ...(notes ? { notes } : {}),
  };
}

/** The same with other points and other weights. */
export function reseeded(definition) {
  return { ...definition, seed: (definition.seed ?? 0) + 1, training_seed: (definition.training_seed ?? 0) + 1 };
}

/** Whether a model takes a value; `known` is its own description of the parameter, if it has one. */
function isAllowed(value, known) {
  return !(value < known?.min || value > known?.max || value <= known?.exclusive_min || value >= known?.exclusive_max);
}

function rounded(value, { type }) {
  return type === "integer" ? Math.round(value) : Number(value.toPrecision(DIGITS));
}

/** Further levels beyond the last of `levels`, which rise, or fall where it is the lower end that is widened. */
function further(levels, parameter, known) {
  const [first, last] = [levels[0], levels.at(-1)];
  const count = levels.length - 1;
  const isByFactor = Math.min(first, last) > 0
    && (parameter.scale === "log" || Math.max(first / last, last / first) >= FACTOR || last - (first - last) / count <= 0);
  const next = isByFactor
    ? (step) => last * (last / first) ** (step / count)
    : (step) => last + ((last - first) / count) * step;
  const made = [];
  for (let step = 1; step <= MORE; step += 1) {
    const level = rounded(next(step), parameter);
    if (isAllowed(level, known) && !levels.includes(level) && !made.includes(level)) made.push(level);
  }
  // Where the model's own end is nearer than a step, that is the level.
  const end = last > first ? known?.max : known?.min;
  if (made.length === 0 && end !== undefined && end !== last) made.push(end);
  return made;
}

/** A range's new end. */
function furtherEnd({ min, max, scale, type }, side, known) {
  const from = side === "above" ? max : min;
  const whole = scale === "log" ? Math.log(max / min) : max - min;
  const by = (side === "above" ? 1 : -1) * SHARE * whole;
  const wanted = rounded(scale === "log" ? from * Math.exp(by) : from + by, { type });
  if (isAllowed(wanted, known)) return wanted;
  const end = side === "above" ? known.max ?? known.exclusive_max : known.min ?? known.exclusive_min;
  return isAllowed(end, known) ? end : rounded((from + end) / 2, { type });
}

/**
 * The definition with one parameter's range widened at an end, `above` or `below`; the same where that cannot be. `known` is
 * the model's description of the parameter, which says how far it may go.
 */
export function widened(definition, name, side, known) {
  const parameter = definition.parameters?.[name];
  if (!ends(parameter)) return definition;
  const isUp = side === "above";
  let made;
  if (Array.isArray(parameter.values)) {
    const levels = [...parameter.values].sort((a, b) => (isUp ? a - b : b - a));
    if (levels.length < 2) return definition;
    made = { ...parameter, values: [...levels, ...further(levels, parameter, known)].sort((a, b) => a - b) };
  } else {
    const end = furtherEnd(parameter, side, known);
    const { min, max, points, scale } = parameter;
    made = { ...parameter, [isUp ? "max" : "min"]: end };
    if (points) {
      const size = (a, b) => (scale === "log" ? Math.log(b / a) : b - a);
      made.points = Math.max(points + 1, Math.round(1 + ((points - 1) * size(made.min, made.max)) / size(min, max)));
    }
  }
  return { ...definition, parameters: { ...definition.parameters, [name]: made } };
}

/** What `#/new/from/NAME/…` asks for; `rest` are the parts of the address behind the name. */
export function variant(study, [what, name, side], taken, model) {
  const made = clone(study, taken);
  if (what === "seed") return reseeded(made);
  if (what === "wider") return widened(made, name, side, model?.parameters.find((one) => one.name === name));
  return made;
}
