/** The list of studies: narrowed, sorted, and several of them chosen. */
import { get } from "../api.js";
import { button, element, fill, scrolling } from "../dom.js";
import { algorithm, asOfNow, best, dataset, moment, timeLeft } from "../format.js";
import { follow } from "../live.js";
import { address } from "../parts/definition-fields.js";
import { listFilters } from "../parts/list-filters.js";
import { listSelection } from "../parts/list-selection.js";
import { bar, state, trialCount } from "../parts/progress.js";
import { fits, ordered, ORDERS, queryOf } from "../study-list.js";

const PAGE = 100;
const MOST = 1000;
/** What is typed is asked for after this while, in milliseconds. */
const TYPING = 300;
/** Each with the order that it asks for, where the list can be sorted by it. */
const HEADS = [["Study", "name"], ["State", "state"], ["Progress"], ["Trials", "trials"], ["Time left"], ["Best", "best"], ["Algorithm", "algorithm"],
  ["Data set", "dataset"], ["Made", "made"]];
const EXAMPLE = `curl --fail-with-body -d @examples/first-study.json ${address("v1/studies")}`;

function labels(study) {
  const pairs = Object.entries(study.labels ?? {});
  return pairs.length ? element("span", { class: "tags quiet" }, pairs.map(([name, value]) => `${name}: ${value}`).join(", ")) : null;
}

function row(study) {
  const { progress, name } = study;
  const values = [
    [element("a", { href: `#/studies/${encodeURIComponent(name)}` }, name), labels(study)],
    state(study.state), bar(progress), trialCount(progress, " / "), timeLeft(study), best(study),
    algorithm(study), dataset(study), moment(study.created_at),
  ];
  return element("tr", { "data-key": study.id },
    element("td", { class: "check" }, element("input", { type: "checkbox", "data-name": name, "aria-label": `Select ${name}` })),
    values.map((value, index) => element("td", { "data-label": HEADS[index][0], class: index === 8 ? "moment" : null }, value)));
}

function empty() {
  return [
    element("p", {}, "There is no study yet. ", element("a", { href: "#/new" }, "Make the first one"),
      " here, or from a terminal in Cairn's folder:"),
    element("pre", {}, EXAMPLE),
  ];
}

function head([title, order], shown) {
  const name = shown.replace(/^-/, "");
  if (!order) return element("th", { scope: "col" }, title);
  const isDown = Boolean(ORDERS[order].isLargestFirst) !== shown.startsWith("-");
  return element("th", { scope: "col", "aria-sort": name === order ? (isDown ? "descending" : "ascending") : "none" },
    element("button", { type: "button", "data-order": order }, title));
}

function table(studies, order) {
  return scrolling("Studies", element("table", { class: "cards", id: "studies" },
    element("thead", {}, element("tr", {},
      element("td", { class: "check" }, element("input", { type: "checkbox", id: "select-all", "aria-label": "Select all that are shown" })),
      HEADS.map((one) => head(one, order)))),
    element("tbody", {}, studies.map(row))));
}

/** Draws below `root`; gives a function that ends it. */
export function showStudies(root, onFault) {
  const studies = new Map();
  const selected = new Set();
  let limit = PAGE;
  let shown = [];
  let asked = null;
  let typing = null;
  const list = element("div");
  const count = element("p", { class: "quiet note", role: "status" });
  const older = button("Show older studies", () => {
    limit = Math.min(MOST, limit + PAGE);
    live.now();
  });
  const more = element("p", { class: "row" }, older);
  const filters = listFilters(() => {
    draw();
    clearTimeout(typing);
    typing = setTimeout(() => live.now(), TYPING);
  });
  const selection = listSelection({
    selected: () => shown.filter(({ name }) => selected.has(name)),
    onChange: () => live.now(),
    onClear() {
      selected.clear();
      mark();
    },
  });
  document.title = "Studies – Cairn";

  function take(study) {
    const known = studies.get(study.name)?.study;
    // An event may have been overtaken by an answer.
    if (known && known.id === study.id && known.revision > study.revision) return;
    studies.set(study.name, { study: { ...(known?.id === study.id ? known : null), ...study }, since: performance.now() });
  }

  /** Shows in the boxes what is selected. */
  function mark() {
    for (const box of list.querySelectorAll("tbody input[type=checkbox]")) box.checked = selected.has(box.dataset.name);
    const all = list.querySelector("#select-all");
    const chosen = shown.filter(({ name }) => selected.has(name)).length;
    if (all) {
      all.checked = chosen > 0 && chosen === shown.length;
      all.indeterminate = chosen > 0 && chosen < shown.length;
    }
    selection.update();
  }

  function draw() {
    const wanted = filters.wanted();
    const isNarrow = Object.values(wanted).some(Boolean);
    const known = [...studies.values()].map(({ study, since }) => asOfNow(study, since));
    shown = ordered(known.filter((study) => fits(study, wanted)), filters.order());
    fill(list, shown.length ? table(shown, filters.order())
      : isNarrow ? element("p", {}, asked === null ? "Loading …" : "No study is like this.") : empty());
    count.textContent = isNarrow && shown.length ? `${shown.length} ${shown.length === 1 ? "study is" : "studies are"} like this${more.hidden ? "" : ", of those that are loaded"}.` : "";
    // Names of others, to choose from.
    filters.node.hidden = !isNarrow && known.length === 0;
    mark();
  }

  list.addEventListener("change", ({ target }) => {
    if (target.type !== "checkbox") return;
    const names = target.id === "select-all" ? shown.map(({ name }) => name) : [target.dataset.name];
    names.forEach((name) => (target.checked ? selected.add(name) : selected.delete(name)));
    mark();
  });
  list.addEventListener("click", ({ target }) => {
    const order = target.closest("th button")?.dataset.order;
    if (order) filters.sortBy(order);
  });

  const live = follow({
    async load(signal) {
      const wanted = filters.wanted();
      const query = queryOf(wanted);
      // A name is looked for in all that a list may have.
      const size = wanted.name ? MOST : limit;
      const { items, next } = (await get(`v1/studies?limit=${size}${query ? `&${query}` : ""}`, { signal })).body;
      studies.clear();
      items.forEach(take);
      asked = query;
      more.hidden = next === null;
      older.disabled = size === MOST;
      filters.offer({
        labels: [...new Set(items.flatMap((study) => Object.entries(study.labels ?? {}).flatMap(([name, value]) => [name, `${name}:${value}`])))].sort(),
        datasets: [...new Set(items.map((study) => study.dataset).filter(Boolean))].sort(),
      });
    },
    take(kind, data) {
      if (kind === "study") take(data);
      if (kind === "deleted") {
        studies.delete(data.name);
        selected.delete(data.name);
      }
    },
    draw() {
      draw();
      if (list.isConnected) return;
      root.replaceChildren(
        element("div", { class: "title" }, element("h1", {}, "Studies"), element("a", { class: "plain", href: "#/new" }, "New study")),
        element("section", { class: "card", "aria-label": "Studies" }, filters.node, selection.node, list, count, more));
    },
  }, onFault);
  return () => {
    clearTimeout(typing);
    filters.destroy();
    live.end();
  };
}
