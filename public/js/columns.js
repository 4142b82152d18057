/** The trials of a study as columns, for plots: the best, every improvement, the moves, and of the others as many as are told apart. */
import { get } from "./api.js";

/** More trials than these are not told apart; a grid of five parameters with five levels each is drawn whole. */
const POINTS = 3200;

/** `load()` fetches what is new, and gives the columns; each of its arrays has a cell for each trial. */
export function studyColumns(path) {
  let known = null;
  return {
    async load(signal) {
      const answer = await get(`${path}/columns?points=${POINTS}`, { tag: known?.tag, signal });
      known = answer ?? known;
      return known.body;
    },
  };
}
