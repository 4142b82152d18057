/** What a comparison found, as tables: each algorithm with its rank and how soon it reaches targets, and the tests. */
import { element, scrolling } from "../dom.js";
import { metric as metricText, number, words } from "../format.js";

function head(names) {
  return element("thead", {}, element("tr", {}, names.map((name) => element("th", { scope: "col" }, name))));
}

function percent(share) {
  return `${number(100 * share)} %`;
}

/** The last mean of a curve, with its interval; the bound of a study that has not ended is not its last. */
function last(metric, { mean, lower, upper }) {
  if (!mean.length) return "–";
  const value = metricText(metric, mean.at(-1));
  return lower.length ? `${value} (${metricText(metric, lower.at(-1))} to ${metricText(metric, upper.at(-1))})` : value;
}

/** The algorithms, the best rank first. */
export function algorithmsTable(comparison, metric) {
  const targets = comparison.algorithms[0]?.targets ?? [];
  const heads = ["Algorithm", "Studies", "Mean rank", "Best so far (95 %)",
    ...targets.map(({ share, value }) => `Trials to the best ${percent(share)}: ${metricText(metric, value)}`)];
  const row = (algorithm) => {
    const { name, studies, rank, by_trials: curve } = algorithm;
    const values = [
      name, String(studies.length), rank === null ? "–" : number(rank), last(metric, curve),
      ...algorithm.targets.map(({ trials_50: half, trials_90: most }) => `${half ?? "–"} / ${most ?? "–"}`),
    ];
    return element("tr", { "data-key": name }, values.map((value, index) => element("td", { "data-label": heads[index] }, value)));
  };
  const ranked = comparison.algorithms.toSorted((one, other) => (one.rank ?? Infinity) - (other.rank ?? Infinity));
  return [
    scrolling("Algorithms", element("table", { class: "cards" }, head(heads), element("tbody", {}, ranked.map(row)))),
    element("p", { class: "quiet note" }, "Ranks are over the seeds with which every algorithm has ended. The best 10 % are those of all points "
      + "that the studies tried: within the first number of trials half of the studies reach them, within the second nine of ten."),
  ];
}

/** The tests; empty where there are none yet. */
export function testsTable(tests) {
  if (!tests.length) return [element("p", { class: "quiet" }, "No seed has ended with two algorithms yet.")];
  const heads = ["Algorithms", "Seeds", "Better", "p, corrected", "Verdict"];
  const row = (test) => {
    const [one, other] = test.algorithms;
    const better = test.better[0] > test.better[1] ? one : other;
    const values = [
      `${one} and ${other}`, String(test.seeds), `${test.better[0]} : ${test.better[1]}`,
      test.p_corrected < 0.001 ? "< 0.001" : number(test.p_corrected, 3),
      test.tells_apart ? `${better} is better` : "cannot be told apart",
    ];
    return element("tr", { "data-key": values[0] }, values.map((value, index) => element("td", { "data-label": heads[index] }, value)));
  };
  return [
    scrolling("Tests", element("table", { class: "cards" }, head(heads), element("tbody", {}, tests.map(row)))),
    element("p", { class: "quiet note" }, "Wilcoxon's signed-rank test on the final best values, with Holm's correction for all tests."),
  ];
}

/** Links to the studies, those of one algorithm together. */
export function studiesLists(algorithms) {
  return algorithms.map(({ name, algorithm, studies }) => element("details", {},
    element("summary", {}, `${name}: ${studies.length} ${studies.length === 1 ? "study" : "studies"} of ${words(algorithm.name)}`),
    element("ul", { class: "links" }, studies.map((study) =>
      element("li", {}, element("a", { href: `#/studies/${encodeURIComponent(study)}` }, study))))));
}
