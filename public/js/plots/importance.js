/** Which parameters matter: of each the share of the variance that it explains, fetched now and then. */
import { get } from "../api.js";
import { element, fill, scrolling, short } from "../dom.js";
import { number, whole, words } from "../format.js";
import { pictureButtons } from "../parts/picture-buttons.js";
import { chartPiece } from "./picture.js";
import { axis, colour, follow, options } from "./theme.js";

/** While a study runs, the shares are computed anew after this many milliseconds, and only where there is a tenth more trials. */
const PAUSE = 10_000;
const MORE = 1.1;
const ROW = 30;
const EDGES = 70;

function percent(share) {
  return share === null ? "–" : `${(100 * share).toFixed(1)} %`;
}

/** Rows of names and shares: the parameters, then what they explain only together. */
export function shareRows({ importances, interactions, interactions_standard_deviation: deviation }) {
  if (importances.length === 0) return [];
  return [
    ...importances.map((one) => ({ name: words(one.parameter), share: one.importance, deviation: one.standard_deviation })),
    { name: "several together", share: interactions, deviation },
  ];
}

/** From one standard deviation below to one above, within 0 and 100 %; null where the share is exact. */
export function whisker({ share, deviation }) {
  return deviation === null ? null : [Math.max(0, 100 * (share - deviation)), Math.min(100, 100 * (share + deviation))];
}

function table(rows, pairs) {
  const line = (name, share, deviation) => element("tr", {},
    element("th", { scope: "row" }, name), element("td", {}, short(percent(share), whole(share))), element("td", {}, percent(deviation)));
  return scrolling("Importance in numbers", element("table", {},
    element("thead", {}, element("tr", {}, ["Parameter", "Share of the variance", "Standard deviation"].map((head) => element("th", { scope: "col" }, head)))),
    element("tbody", {}, rows.map((row) => line(row.name, row.share, row.deviation)),
      (pairs ?? []).map((pair) => line(pair.parameters.map(words).join(" with "), pair.importance, null)))));
}

/** Gives a `node`, `update(columns)`, `destroy()`. */
export function importance({ study }) {
  const title = "Which parameters matter";
  const canvas = element("canvas", { role: "img" });
  const plot = element("div", { class: "plot", hidden: true }, canvas);
  const lead = element("p", { class: "quiet note lead" }, "Of the objective's variance, the share that each parameter explains by itself. The line is one standard deviation to each side.");
  const sentence = element("p", { class: "quiet note", role: "status" }, "Computing …");
  const numbers = element("div");
  const inNumbers = element("details", { hidden: true }, element("summary", {}, "In numbers"), numbers);
  const pictures = pictureButtons({ title, owner: study, plot: "importance", columns: 1, pieces: () => [chartPiece(chart)] });
  const node = element("section", { class: "card", id: "importance" },
    element("div", { class: "title" }, element("h2", {}, title), pictures), lead, plot, sentence, inNumbers);
  pictures.hidden = true;
  let chart = null;
  let end = () => {};
  let rows = [];
  let known = { total: 0, at: -Infinity, tag: null };
  let asking = null;
  let later = null;

  const dress = () => ({
    options: options({
      x: axis("share of the variance in %", { min: 0, max: 100 }),
      y: { ...axis("", { type: "category" }), title: { display: false }, ticks: { color: colour("--text"), autoSkip: false } },
    }, {
      indexAxis: "y",
      interaction: { mode: "nearest", axis: "y", intersect: false },
      plugins: {
        legend: { display: false },
        tooltip: {
          displayColors: false, filter: ({ datasetIndex }) => datasetIndex === 0,
          callbacks: { label: ({ dataIndex }) => `${percent(rows[dataIndex].share)}${rows[dataIndex].deviation === null ? "" : ` ± ${number(100 * rows[dataIndex].deviation, 2)}`}` },
        },
      },
    }),
    looks: [
      { backgroundColor: colour("--bar"), order: 1 }, { backgroundColor: colour("--text"), order: 0 },
    ],
  });

  function draw(body) {
    rows = shareRows(body);
    const isKnown = rows.length > 0;
    sentence.textContent = body.detail;
    for (const one of [plot, inNumbers, pictures, lead]) one.hidden = !isKnown;
    fill(numbers, isKnown ? table(rows, body.pairs) : []);
    if (!isKnown) return;
    plot.style.height = `${EDGES + ROW * rows.length}px`;
    canvas.setAttribute("aria-label", `${title}: ${rows.map((row) => `${row.name} ${percent(row.share)}`).join(", ")}`);
    if (!chart) {
      chart = new Chart(canvas, {
        type: "bar",
        data: {
          labels: [],
          datasets: [{ data: [], barPercentage: 0.7, grouped: false }, { data: [], barThickness: 3, grouped: false }],
        },
      });
      end = follow(chart, dress);
    }
    chart.data.labels = rows.map((row) => row.name);
    chart.data.datasets[0].data = rows.map((row) => 100 * row.share);
    chart.data.datasets[1].data = rows.map(whisker);
    chart.update("none");
  }

  async function ask(total) {
    clearTimeout(later);
    asking = new AbortController();
    try {
      const answer = await get(`v1/studies/${encodeURIComponent(study)}/importance`, { tag: known.tag, signal: asking.signal });
      if (answer) draw(answer.body);
      known = { total, at: performance.now(), tag: answer?.tag ?? known.tag };
    } catch (error) {
      // The way to the service is told by the page as a whole.
      if (error.name !== "AbortError" && known.tag === null) sentence.textContent = error.message;
    } finally {
      asking = null;
    }
  }

  return {
    node,
    update(columns) {
      const total = columns.state.filter((state) => state === "completed").length;
      const trials = columns.total > columns.number.length ? columns.total : total;
      if (asking || (trials === known.total && known.tag !== null)) return;
      const wait = known.at + PAUSE - performance.now();
      clearTimeout(later);
      if (trials >= known.total * MORE && wait <= 0) ask(trials);
      // The last trials of a study come without another call.
      else later = setTimeout(() => node.isConnected && !asking && ask(trials), Math.max(wait, PAUSE));
    },
    destroy() {
      clearTimeout(later);
      asking?.abort();
      end();
      chart?.destroy();
    },
  };
}
