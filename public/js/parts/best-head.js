/** The head of a study's results: its best value with what it is worth, the settings that gave it, and what to do with them. */
import { element, facts, fill, short } from "../dom.js";
import { intervals, isExternal, isShare, isTable, metric as metricText, objective, parameter, whole, words } from "../format.js";
import { copyButton } from "./copy.js";
import { modelDownload } from "./model-download.js";

/**
 * How the best compares with always giving the most frequent class, as a sentence; null where that is no measure of it. The
 * service's own remark, where there is one, says that the best is no better.
 */
export function comparedWithConstant(study) {
  const { metric, goal } = objective(study);
  const scored = study.resolved?.validation?.scored;
  const told = study.warnings?.find(({ code }) => code === "constant_answer");
  if (told) return { text: told.detail, isBetter: false };
  if (!study.best || !scored?.most_frequent || metric !== "validation_accuracy" || goal !== "maximize") return null;
  const constant = scored.most_frequent.examples / scored.examples;
  const better = study.best.value - constant;
  if (!(better > 0)) return null;
  return {
    text: `${(100 * better).toFixed(2)} points better than always answering “${scored.most_frequent.class}”, `
      + `which is right for ${metricText(metric, constant)} of the ${scored.examples} examples.`,
    isBetter: true,
  };
}

/** What the best point scores on the examples that the search never saw, where the study keeps some. */
function final({ best, ...study }) {
  const { final: score, final_state: state } = best;
  if (!state || state === "none") return null;
  const { metric } = objective(study);
  return element("p", {}, "On unseen examples: ",
    state === "pending" ? "not scored yet" : element("strong", {}, short(metricText(metric, score), whole(score))));
}

/** The best value as a figure, and what it is worth in sentences; `leaders` is the service's comparison of the best points. */
export function bestValue(study, leaders) {
  const { metric, goal } = objective(study);
  const title = element("h2", {}, `Best ${words(metric)}`, element("span", { class: "quiet" }, `, to ${goal}`));
  if (!study.best) return [title, element("p", { class: "figure quiet" }, "–"), element("p", { class: "quiet" }, "No trial is completed yet.")];
  const { best } = study;
  const spread = best.interval ? intervals(metric, [best])[0] : null;
  const constant = comparedWithConstant(study);
  return [
    title,
    element("p", { class: "figure" }, short(metricText(metric, best.value), whole(best.value)),
      spread ? element("span", { class: "spread quiet" }, `95 % interval ${spread}`) : null),
    final(study),
    constant ? element("p", { class: constant.isBetter ? null : "warned" }, constant.text) : null,
    leaders ? element("p", { class: "quiet", id: "leaders" }, leaders.detail) : null,
  ];
}

/** Gives a `node` and `update(study, leaders)`. */
export function bestHead(path, study) {
  let best = null;
  const value = element("div", { class: "best-value" });
  const settings = element("div");
  const link = element("div");
  const actions = element("div", { class: "row actions" }, link,
    copyButton("Copy settings as JSON", () => JSON.stringify(best.parameters), { id: "copy-best" }),
    isExternal(study) || isTable(study) ? null : modelDownload(path, study.name, () => best.trials[0]));
  return {
    node: element("div", { id: "best-head" }, value, settings, actions),
    update(news, leaders) {
      best = news.best;
      fill(value, bestValue(news, leaders));
      actions.hidden = !best;
      settings.hidden = !best;
      if (!best) return;
      fill(settings, facts(Object.entries(best.parameters).map(([name, set]) => [words(name), short(parameter(set), whole(set))])));
      const [number] = best.trials;
      fill(link, element("a", { class: "plain", href: `#/studies/${encodeURIComponent(news.name)}/trials/${number}` }, `Trial ${number}`));
    },
  };
}
