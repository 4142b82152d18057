/** The data sets that studies may use, and a form that adds one. */
import { all, Problem, send } from "../api.js";
import { button, element, fill, scrolling } from "../dom.js";
import { confirm } from "../parts/confirm.js";
import { datasetUpload } from "../parts/dataset-upload.js";
import { faults } from "../parts/faults.js";

const HEADS = ["Data set", "Examples", "Second part", "Shape", "Classes", "Origin", "SHA-256", ""];
/** How often a data set that the service is still fetching is looked at, in milliseconds. */
const PERIOD = 1000;

function classes(names) {
  return names.length <= 4 ? names.join(", ") : `${names.length}: ${names.slice(0, 3).join(", ")}, …`;
}

/** Draws below `root`; gives a function that ends it. */
export function showDatasets(root, onFault) {
  const life = new AbortController();
  const { signal } = life;
  const list = element("div");
  const wrong = element("div", { role: "alert" });
  let timer = null;
  document.title = "Data sets – Cairn";

  async function remove(name) {
    if (!await confirm(`Remove ${name}?`, "Studies that have ended keep their trials; no new study can use it.", "Remove the data set")) return;
    wrong.replaceChildren();
    try {
      await send("DELETE", `v1/datasets/${encodeURIComponent(name)}`);
      await load();
    } catch (error) {
      wrong.replaceChildren(...faults(error, () => {}));
    }
  }

  function row(dataset) {
    const { name, examples, second_part_examples: second, shape, sha256, origin, state } = dataset;
    const unready = state !== undefined && state !== "ready";
    const values = [
      element("span", { class: "strong" }, name), unready ? state : String(examples ?? "–"), second ? String(second) : "–",
      (shape ?? []).join(" × ") || (dataset.columns ? `${dataset.columns.length} columns` : "–"), classes(dataset.classes ?? []) || "–", dataset.detail ?? origin ?? "–",
      sha256 ? element("code", { title: sha256 }, sha256.slice(0, 12)) : "–",
      origin === "built-in" ? "" : button("Remove", null, { class: "plain danger", "data-name": name, "aria-label": `Remove ${name}` }),
    ];
    return element("tr", { "data-key": name }, values.map((value, index) => element("td", { "data-label": HEADS[index] }, value)));
  }

  list.addEventListener("click", (event) => {
    const { name } = event.target.closest("button")?.dataset ?? {};
    if (name) remove(name);
  });

  async function load() {
    clearTimeout(timer);
    const datasets = await all("v1/datasets", signal);
    fill(list, scrolling("Data sets", element("table", { class: "cards", id: "datasets" },
      element("thead", {}, element("tr", {}, HEADS.map((head) => element("th", { scope: "col" }, head || element("span", { class: "unseen" }, "Remove"))))),
      element("tbody", {}, datasets.map(row)))));
    if (datasets.some(({ state }) => state === "importing")) timer = setTimeout(() => load().catch(failed), PERIOD);
  }

  function failed(error) {
    if (!signal.aborted) onFault(error);
  }

  const upload = datasetUpload(async () => {
    try {
      await load();
    } catch (error) {
      if (error instanceof Problem) failed(error);
    }
  });

  load().then(() => root.replaceChildren(
    element("h1", {}, "Data sets"),
    element("section", { class: "card", "aria-label": "Data sets" }, wrong, list),
    upload.node)).catch(failed);
  return () => {
    life.abort();
    clearTimeout(timer);
    upload.end();
  };
}
