/** The list of comparisons. */
import { get } from "../api.js";
import { button, element, fill, scrolling } from "../dom.js";
import { time } from "../format.js";
import { follow } from "../live.js";
import { address } from "../parts/definition-fields.js";
import { state, studiesBar } from "../parts/progress.js";

const PAGE = 100;
const MOST = 1000;
const HEADS = ["Comparison", "State", "Progress", "Studies", "Algorithms", "Seeds", "Made"];
/** Studies may change many times a second; the list is fetched again this often at most, in milliseconds. */
const PERIOD = 1000;

function row({ name, state: word, progress, algorithms, seeds, created_at: made }) {
  const values = [
    element("a", { href: `#/comparisons/${encodeURIComponent(name)}` }, name), state(word), studiesBar(progress),
    `${progress.ended} / ${progress.studies}`, algorithms.join(", "), String(seeds), time(made),
  ];
  return element("tr", { "data-key": name }, values.map((value, index) => element("td", { "data-label": HEADS[index] }, value)));
}

function empty() {
  return [
    element("p", {}, "There is no comparison yet. One is made from a terminal: a study's definition with ",
      element("code", {}, "algorithms"), " in place of ", element("code", {}, "algorithm"), ", and ",
      element("code", {}, "seeds"), " in place of ", element("code", {}, "seed"), "."),
    element("pre", {}, `curl --fail-with-body -d @comparison.json ${address("v1/comparisons")}`),
  ];
}

function table(comparisons) {
  return scrolling("Comparisons", element("table", { class: "cards", id: "comparisons" },
    element("thead", {}, element("tr", {}, HEADS.map((head) => element("th", { scope: "col" }, head)))),
    element("tbody", {}, comparisons.map(row))));
}

/** Draws below `root`; gives a function that ends it. */
export function showComparisons(root, onFault) {
  let comparisons = [];
  let limit = PAGE;
  let timer = null;
  const list = element("div");
  const older = button("Show older comparisons", () => {
    limit = Math.min(MOST, limit + PAGE);
    live.now();
  });
  const more = element("p", { class: "row" }, older);
  document.title = "Comparisons – Cairn";

  const live = follow({
    async load(signal) {
      const { items, next } = (await get(`v1/comparisons?limit=${limit}`, { signal })).body;
      comparisons = items;
      more.hidden = next === null;
      older.disabled = limit === MOST;
    },
    take(kind, data) {
      if (kind !== "deleted" && !data.labels?.comparison) return;
      timer ??= setTimeout(() => {
        timer = null;
        live.now();
      }, PERIOD);
    },
    draw() {
      fill(list, comparisons.length ? table(comparisons) : empty());
      if (list.isConnected) return;
      root.replaceChildren(
        element("h1", {}, "Comparisons"),
        element("section", { class: "card", "aria-label": "Comparisons" }, list, more),
        element("p", { class: "quiet" }, "Studies that were made one by one are compared from the list of studies: select two or more there."));
    },
  }, onFault);
  return () => {
    clearTimeout(timer);
    live.end();
  };
}
