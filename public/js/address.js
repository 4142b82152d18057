/**
 * What a view keeps in its address, after a `?` behind the `#`, so that a link shows the same view: which axes, what is sorted,
 * where a slider is. What is as usual is left out.
 */

/** Changes that follow one another this soon make one, in milliseconds; browsers refuse to change an address very often. */
const PAUSE = 250;

const followers = new Set();
let waiting = null;
let timer = null;

function halves(hash) {
  const at = hash.indexOf("?");
  return at < 0 ? [hash, ""] : [hash.slice(0, at), hash.slice(at + 1)];
}

/** Which view an address names, without what the view keeps in it. */
export function viewOf(hash = location.hash) {
  return halves(hash)[0];
}

/** What the view keeps by this name, or null. */
export function told(name) {
  if (waiting && name in waiting.values) return waiting.values[name] || null;
  return new URLSearchParams(halves(location.hash)[1]).get(name) || null;
}

/** The address with some values changed; null, or a text without a letter, leaves a value out. */
export function withValues(hash, values) {
  const [view, query] = halves(hash);
  const kept = new URLSearchParams(query);
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === "") kept.delete(name);
    else kept.set(name, value);
  }
  // Commas and colons need no escape there, and are easier to read without one.
  const text = kept.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
  return text ? `${view || "#/"}?${text}` : view;
}

function write(values, isStep) {
  const made = withValues(location.hash, values);
  if (made === location.hash) return;
  // An address without a # would be that of another page.
  history[isStep ? "pushState" : "replaceState"](null, "", made || "#/");
}

function flush() {
  clearTimeout(timer);
  const last = waiting;
  waiting = null;
  // What a view still had to tell when it was left is not the next view's.
  if (last && last.view === viewOf()) write(last.values, false);
}

/** Keeps values; each is a place that the browser's *back* leads to. */
export function tell(values) {
  flush();
  write(values, true);
}

/** Keeps values that change often, or that are typed, without a place to go back to. */
export function tellSoon(values) {
  if (waiting && waiting.view !== viewOf()) flush();
  waiting = { view: viewOf(), values: { ...waiting?.values, ...values } };
  clearTimeout(timer);
  timer = setTimeout(flush, PAUSE);
}

/** `change()` is called when *back*, *forward* or a link changes what the shown view keeps. Gives a function that ends this. */
export function onTold(change) {
  followers.add(change);
  return () => followers.delete(change);
}

/** The address has changed while its view is the same. */
export function spread() {
  clearTimeout(timer);
  waiting = null;
  followers.forEach((change) => change());
}
