/** One comparison: curves with their bands, how soon targets are reached, the tests, and its studies. */
import { onTold, tell, told } from "../address.js";
import { get, send } from "../api.js";
import { button, element, facts, fill } from "../dom.js";
import { dataset, time } from "../format.js";
import { follow } from "../live.js";
import { algorithmsTable, studiesLists, testsTable } from "../parts/comparison-tables.js";
import { comparisonSpread } from "../parts/comparison-spread.js";
import { confirm } from "../parts/confirm.js";
import { pictureButtons } from "../parts/picture-buttons.js";
import { state, studiesBar } from "../parts/progress.js";
import { chartPiece } from "../plots/picture.js";
import { plotRace } from "../plots/race.js";

/** A comparison is made of all its trials; it is asked for again this often at most, in milliseconds. */
const PERIOD = 2000;
const AXES = { trials: "Trials", iterations: "Iterations", seconds: "Seconds" };

/** The curves over an axis, each with its algorithm's name; null where it is not known. */
function curves(comparison, over) {
  if (over === "seconds") return comparison.by_seconds.map(({ name, curve }) => ({ name, curve }));
  return comparison.algorithms.map((algorithm) => ({ name: algorithm.name, curve: algorithm[`by_${over}`] }));
}

/** Draws below `root`; gives a function that ends it. */
export function showComparison(root, name, onFault) {
  // Studies that no comparison made are compared by their names alone, which the address has.
  const isAdhoc = name === "adhoc";
  const path = isAdhoc ? "v1/comparisons/adhoc" : `v1/comparisons/${encodeURIComponent(name)}`;
  const query = () => (isAdhoc ? `?studies=${(told("studies") ?? "").split(",").map(encodeURIComponent).join()}` : "");
  let comparison = null;
  let drawn = null;
  let listed = null;
  let tag = null;
  const kept = () => (told("over") in AXES ? told("over") : "trials");
  let over = kept();
  let timer = null;
  let plot = null;
  let metric = "validation_accuracy";
  const title = isAdhoc ? "Studies compared" : name;
  document.title = `${title} – Cairn`;

  const [summary, detail, algorithms, tests, studies] = Array.from({ length: 5 }, () => element("div"));
  const fault = element("p", { class: "error", role: "alert", hidden: true });
  const canvas = element("canvas", { role: "img", "aria-label": "Best so far" });
  const spread = comparisonSpread(name);
  const axes = Object.entries(AXES).map(([key, text]) => button(text, () => {
    over = key;
    tell({ over: over === "trials" ? null : over });
    drawPlot();
  }, { "data-over": key }));
  const stop = button("Stop", async () => {
    if (await confirm(`Stop ${name}?`, "Its studies end; running trials are cut short.", "Stop the comparison")) await act("POST", `${path}/stop`);
  });
  const remove = button("Delete", async () => {
    if (!await confirm(`Delete ${name}?`, "The comparison, its studies and all their trials are deleted for good.", "Delete the comparison")) return;
    if (await act("DELETE", path)) location.hash = "#/comparisons";
  }, { class: "plain danger" });

  async function act(method, target) {
    fault.hidden = true;
    try {
      await send(method, target);
      if (method === "POST") live.now();
      return true;
    } catch (error) {
      fault.textContent = error.message;
      fault.hidden = false;
      return false;
    }
  }

  function drawPlot() {
    axes.forEach((one) => {
      one.setAttribute("aria-pressed", String(one.dataset.over === over));
      one.hidden = curves(comparison, one.dataset.over).every(({ curve }) => curve === null);
    });
    plot.update(curves(comparison, over), over);
  }

  function frame() {
    root.replaceChildren(
      element("div", { class: "title" }, element("h1", {}, title),
        isAdhoc ? null : element("div", { class: "row", role: "group", "aria-label": "Comparison" }, stop, remove)),
      fault,
      element("section", { class: "card", id: "summary", "aria-label": "Summary" }, summary, detail),
      element("section", { class: "card", "aria-labelledby": "curves-title" },
        element("div", { class: "title" }, element("h2", { id: "curves-title" }, "Best so far"),
          element("div", { class: "row" }, element("div", { class: "row", role: "group", "aria-label": "Over" }, axes), pictureButtons({
            title: "Best so far", owner: name, plot: "best-so-far", pieces: () => [chartPiece(plot.chart)],
          }))),
        element("div", { class: "plot" }, canvas)),
      element("section", { class: "card", id: "algorithms", "aria-labelledby": "algorithms-title" },
        element("h2", { id: "algorithms-title" }, "Algorithms"), algorithms),
      element("section", { class: "card", id: "tests", "aria-labelledby": "tests-title" },
        element("h2", { id: "tests-title" }, "Tests"), tests),
      spread.node,
      element("section", { class: "card", id: "members", "aria-labelledby": "members-title" },
        element("div", { class: "title" }, element("h2", { id: "members-title" }, "Studies"),
          isAdhoc ? null : element("a", { href: `${path}.csv`, download: `${name}.csv` }, "All trials as CSV")), studies));
    plot = plotRace(canvas, { metric });
  }

  function draw() {
    if (!plot) frame();
    if (drawn === comparison) return;
    drawn = comparison;
    const { progress, definition, created_at: made } = comparison;
    stop.hidden = !["running", "paused"].includes(comparison.state);
    fill(summary,
      element("p", { class: "row" }, state(comparison.state), studiesBar(progress)),
      facts([
        ["Studies that have ended", `${progress.ended} of ${progress.studies}`],
        ...(progress.deleted ? [["Studies that were deleted", progress.deleted]] : []),
        ["Trials completed", progress.completed], ...(definition ? [["Data set", dataset(definition)], ["Made", time(made)]] : []),
      ]));
    fill(detail, element("p", { class: "strong verdict" }, comparison.detail));
    fill(algorithms, ...algorithmsTable(comparison, metric));
    fill(tests, ...testsTable(comparison.tests));
    // What is opened stays open while the studies are the same.
    const named = comparison.algorithms.flatMap((one) => one.studies).join();
    if (named !== listed) fill(studies, ...studiesLists(comparison.algorithms));
    listed = named;
    spread.update(comparison.algorithms, metric);
    drawPlot();
  }

  const live = follow({
    async load(signal) {
      const found = await get(path + query(), { tag, signal });
      if (!found) return;
      ({ body: comparison, tag } = found);
      if (!isAdhoc) metric = comparison.definition.objective?.metric ?? metric;
      else if (!plot) ({ metric } = (await get(`v1/studies/${encodeURIComponent(comparison.algorithms[0].studies[0])}`, { signal })).body.resolved.objective);
    },
    take(kind, data) {
      const isOwn = data.labels?.comparison === name || comparison.algorithms.some((one) => one.studies.includes(data.name));
      if (!isOwn) return;
      timer ??= setTimeout(() => {
        timer = null;
        live.now();
      }, PERIOD);
    },
    draw,
  }, onFault);
  const end = onTold(() => {
    over = kept();
    if (plot) drawPlot();
    if (isAdhoc) {
      tag = null;
      live.now();
    }
  });
  return () => {
    end();
    clearTimeout(timer);
    live.end();
    spread.destroy();
    plot?.destroy();
  };
}
