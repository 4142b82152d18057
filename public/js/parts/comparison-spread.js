/** How the values of all trials of a comparison are spread, by algorithm; fetched when it is asked for, because it is many answers. */
import { get } from "../api.js";
import { element, fill } from "../dom.js";
import { plotDistribution, quantileTable } from "../plots/distribution.js";
import { chartPiece } from "../plots/picture.js";
import { pictureButtons } from "./picture-buttons.js";

/** The page asks at most this many studies of each algorithm, for this many trials each, and this many at the same time. */
const [STUDIES, POINTS, TOGETHER] = [20, 500, 4];

/** The values of each algorithm's studies: { name, values, studies } each. */
async function fetched(algorithms, signal) {
  const groups = algorithms.map(({ name, studies }) => ({ name, values: [], studies: studies.slice(0, STUDIES), all: studies.length }));
  const waiting = groups.flatMap((group) => group.studies.map((study) => ({ group, study })));
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { group, study } = next;
      const { body } = await get(`v1/studies/${encodeURIComponent(study)}/columns?points=${POINTS}`, { signal });
      group.values.push(...body.value);
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, work));
  return groups;
}

/** Gives a `node`, `update(algorithms, metric)` and `destroy()`. */
export function comparisonSpread(owner) {
  const title = "Spread of the values";
  const canvas = element("canvas", { role: "img", "aria-label": title });
  const note = element("p", { class: "quiet note", role: "status" });
  const numbers = element("div");
  const life = new AbortController();
  let plot = null;
  let given = null;
  let isStale = true;
  const inner = element("div", {},
    element("div", { class: "row" }, pictureButtons({ title, owner, plot: "distribution", pieces: () => (plot ? [chartPiece(plot.chart)] : []) })),
    element("div", { class: "plot" }, canvas), note, numbers);
  const node = element("section", { class: "card", id: "distribution", "aria-labelledby": "spread-title" },
    element("details", {}, element("summary", {}, element("h2", { id: "spread-title" }, title)), inner));
  const details = node.firstChild;

  async function draw() {
    if (!details.open || !isStale || !given) return;
    isStale = false;
    note.textContent = "Loading …";
    try {
      const groups = await fetched(given.algorithms, life.signal);
      plot ??= plotDistribution(canvas, { metric: given.metric });
      plot.update(groups);
      fill(numbers, quantileTable(groups, given.metric));
      const isPart = groups.some(({ studies, all }) => studies.length < all);
      note.textContent = `All trials of ${isPart ? `the first ${STUDIES} studies of each algorithm` : "each algorithm's studies"}; of a study of more than ${POINTS} trials a part, among them every improvement.`;
    } catch (error) {
      if (life.signal.aborted) return;
      isStale = true;
      note.textContent = error.message;
    }
  }

  details.addEventListener("toggle", draw);
  return {
    node,
    /** New trials make what is shown old; it is fetched anew when it is opened again. */
    update(algorithms, metric) {
      given = { algorithms, metric };
      if (!details.open) isStale = true;
      draw();
    },
    destroy() {
      life.abort();
      plot?.destroy();
    },
  };
}
