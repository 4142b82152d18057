/** Colours for values: viridis (Smith and van der Walt 2015), whose lightness rises evenly, also for the colour-blind. */
const STOPS = [[68, 1, 84], [72, 40, 120], [62, 74, 137], [49, 104, 142], [38, 130, 142], [31, 158, 137], [53, 183, 121],
  [110, 206, 88], [181, 222, 43], [253, 231, 37]];

/** [red, green, blue] of a share from 0 to 1. */
export function shade(share) {
  const at = Math.min(1, Math.max(0, share)) * (STOPS.length - 1);
  const low = Math.min(STOPS.length - 2, Math.floor(at));
  return STOPS[low].map((from, index) => Math.round(from + (at - low) * (STOPS[low + 1][index] - from)));
}

export function css(rgb) {
  return `rgb(${rgb.join(", ")})`;
}

/** Black or white, whichever can be read on a colour (WCAG 2's relative luminance). */
export function ink(rgb) {
  const [red, green, blue] = rgb.map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000" : "#fff";
}

/** From values to shares, 1 the best; few very bad values must not make all others look alike, so the worst tenth is cut off. */
export function goodness(values, maximize) {
  const known = values.filter((value) => value !== null && Number.isFinite(value)).sort((a, b) => (maximize ? a - b : b - a));
  if (known.length === 0) return { share: () => 0, worst: null, best: null };
  const worst = known[Math.floor((known.length - 1) / 10)];
  const best = known.at(-1);
  return {
    worst, best,
    share: (value) => (best === worst ? 1 : Math.min(1, Math.max(0, (value - worst) / (best - worst)))),
  };
}
