/** The list of studies. */
import { get } from "../api.js";
import { button, element, fill, scrolling } from "../dom.js";
import { algorithm, asOfNow, best, dataset, timeLeft } from "../format.js";
import { follow } from "../live.js";
import { address } from "../parts/definition-fields.js";
import { bar, state, trialCount } from "../parts/progress.js";

const PAGE = 100;
const MOST = 1000;
const HEADS = ["Study", "State", "Progress", "Trials", "Time left", "Best", "Algorithm", "Data set"];
const EXAMPLE = `curl --fail-with-body -d @examples/first-study.json ${address("v1/studies")}`;

function row(study) {
  const { progress } = study;
  const values = [
    element("a", { href: `#/studies/${encodeURIComponent(study.name)}` }, study.name),
    state(study.state), bar(progress), trialCount(progress, " / "), timeLeft(study), best(study),
    algorithm(study), dataset(study),
  ];
  return element("tr", { "data-key": study.id }, values.map((value, index) => element("td", { "data-label": HEADS[index] }, value)));
}

function empty() {
  return [
    element("p", {}, "There is no study yet. ", element("a", { href: "#/new" }, "Make the first one"),
      " here, or from a terminal in Cairn's folder:"),
    element("pre", {}, EXAMPLE),
  ];
}

function table(studies) {
  return scrolling("Studies", element("table", { class: "cards", id: "studies" },
    element("thead", {}, element("tr", {}, HEADS.map((head) => element("th", { scope: "col" }, head)))),
    element("tbody", {}, studies.map(row))));
}

/** Draws below `root`; gives a function that ends it. */
export function showStudies(root, onFault) {
  const studies = new Map();
  let limit = PAGE;
  const list = element("div");
  const older = button("Show older studies", () => {
    limit = Math.min(MOST, limit + PAGE);
    live.now();
  });
  const more = element("p", { class: "row" }, older);
  document.title = "Studies – Cairn";

  function take(study) {
    const known = studies.get(study.name)?.study;
    // An event may have been overtaken by an answer.
    if (known && known.id === study.id && known.revision > study.revision) return;
    studies.set(study.name, { study, since: performance.now() });
  }

  const live = follow({
    async load(signal) {
      const { items, next } = (await get(`v1/studies?limit=${limit}`, { signal })).body;
      studies.clear();
      items.forEach(take);
      more.hidden = next === null;
      older.disabled = limit === MOST;
    },
    take(kind, data) {
      if (kind === "study") take(data);
      if (kind === "deleted") studies.delete(data.name);
    },
    draw() {
      const shown = [...studies.values()].sort((a, b) => (a.study.created_at < b.study.created_at ? 1 : -1))
        .map(({ study, since }) => asOfNow(study, since));
      fill(list, shown.length ? table(shown) : empty());
      if (list.isConnected) return;
      root.replaceChildren(
        element("div", { class: "title" }, element("h1", {}, "Studies"), element("a", { class: "plain", href: "#/new" }, "New study")),
        element("section", { class: "card", "aria-label": "Studies" }, list, more));
    },
  }, onFault);
  return live.end;
}
