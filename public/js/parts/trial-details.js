/** One trial: its settings, why it was tried, its learning curve, its log. */
import { get } from "../api.js";
import { button, element, fill } from "../dom.js";
import { words } from "../format.js";
import { plotCurve } from "../plots/curve.js";
import { chartPiece } from "../plots/picture.js";
import { isFinal } from "../study-trials.js";
import { modelDownload } from "./model-download.js";
import { pictureButtons } from "./picture-buttons.js";
import { trialActions } from "./trial-actions.js";
import { curveKinds, described } from "./trial-facts.js";
import { trialLog } from "./trial-log.js";

/**
 * A card that is hidden until `show(number)`; `update()` fetches again what is not final. Without `onClose` it is the whole of
 * a page: it has no title of its own and cannot be closed.
 */
export function trialDetails(path, { study, metric, isExternal, isTable, onChange, onClose = null }) {
  const title = element("h2", { tabindex: -1 });
  const own = element("a", {}, "Its own page");
  const text = element("div");
  const model = element("div");
  const plots = element("div", { class: "columns even" });
  const log = trialLog(path, onClose ? "h3" : "h2");
  const actions = trialActions(path, isExternal, () => {
    onChange();
    fetchShown().catch(() => {});
  });
  log.node.hidden = !isExternal;
  const node = element("section", { class: "card", "aria-label": "Trial", id: "trial", hidden: true },
    onClose ? element("div", { class: "title" }, title, element("div", { class: "row" }, own, button("Close", close))) : null,
    text, actions.node, model, plots, log.node);
  let shown = null;
  let drawn = [];
  let asking = false;

  function erase() {
    drawn.forEach((plot) => plot.destroy());
    drawn = [];
    plots.replaceChildren();
  }

  function close() {
    const { number: closed } = shown;
    shown = null;
    erase();
    log.hide();
    model.replaceChildren();
    node.hidden = true;
    onClose(closed);
  }

  function draw(trial) {
    fill(text, described(trial, metric, !onClose));
    actions.update(trial);
    const same = shown.steps === trial.curve.length;
    shown.steps = trial.curve.length;
    shown.final = isFinal(trial);
    if (isExternal) log.show({ number: trial.number, attempt: trial.attempt, isFinal: shown.final });
    if (trial.state === "completed" && !isExternal && !isTable && !model.hasChildNodes()) model.append(modelDownload(path, study, () => trial.number));
    if (same) return;
    erase();
    for (const kind of curveKinds(trial.curve, isExternal)) {
      const by = isExternal ? "step" : "iteration";
      const canvas = element("canvas", { role: "img", "aria-label": `${words(kind)} of trial ${trial.number} by ${by}` });
      const place = drawn.length;
      plots.append(element("div", {}, element("div", { class: "plot low" }, canvas), pictureButtons({
        title: `${words(kind)} of trial ${trial.number}`, owner: study, plot: `trial-${trial.number}-${kind}`, pieces: () => [chartPiece(drawn[place].chart)],
      })));
      drawn.push(plotCurve(canvas, trial.curve, kind, isExternal));
    }
    if (drawn.length === 0 && !isTable) plots.append(element("p", { class: "quiet" }, "This trial has no learning curve."));
  }

  async function fetchShown() {
    const asked = shown;
    const { body } = await get(`${path}/trials/${asked.number}`);
    if (shown === asked) draw(body);
  }

  return {
    node,
    async show(wanted) {
      erase();
      log.hide();
      model.replaceChildren();
      shown = { number: wanted, steps: -1, final: false };
      title.textContent = `Trial ${wanted}`;
      own.href = `#/studies/${encodeURIComponent(study)}/trials/${wanted}`;
      text.replaceChildren(element("p", { class: "quiet" }, "Loading …"));
      node.hidden = false;
      if (onClose) {
        node.scrollIntoView({ block: "nearest" });
        title.focus({ preventScroll: true });
      }
      try {
        await fetchShown();
        if (onClose) node.scrollIntoView({ block: "nearest" });
      } catch (error) {
        // While the service cannot be reached, the next update() tries again.
        if (shown) text.replaceChildren(element("p", { class: "error", role: "alert" }, error.message));
      }
    },
    /** What is shown may have changed though it was final: the next update() fetches it. */
    renew() {
      if (shown) shown.final = false;
    },
    async update() {
      log.again();
      if (!shown || shown.final || asking) return;
      asking = true;
      try {
        await fetchShown();
      } catch {
        // The next update() tries again; that the service is away is told by the page itself.
      } finally {
        asking = false;
      }
    },
    destroy() {
      erase();
      log.end();
    },
  };
}
