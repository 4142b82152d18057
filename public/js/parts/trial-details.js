/** One trial: its settings, why it was tried, and its learning curve. */
import { get } from "../api.js";
import { button, element, facts, fill, short } from "../dom.js";
import { metric as metricText, number, seconds, time, whole, words } from "../format.js";
import { plotCurve } from "../plots/curve.js";
import { isFinal } from "../study-trials.js";
import { modelDownload } from "./model-download.js";
import { trialActions } from "./trial-actions.js";

/** Why the algorithm suggested the trial, as a phrase: what a descent tells in words, other facts by their names. */
function because({ kind, restart, centre, axis, direction, ...others }) {
  return [
    words(kind), restart ? `descent ${restart}` : null, centre ? `around trial ${centre}` : null,
    axis ? `${words(axis)} ${direction ?? "changed"}` : null,
    ...Object.entries(others).map(([name, value]) => `${words(name)} ${typeof value === "string" ? words(value) : whole(value)}`),
  ].filter(Boolean).join(", ");
}

/** Which repeat or fold each score is of, where the service tells it; both are counted from 0 there. */
export function scored({ scores, score_parts: parts }, metric) {
  // Only what differs between the scores is worth a name.
  const kinds = ["repeat", "fold"].filter((kind) => new Set(parts?.map((part) => part[kind])).size > 1);
  return scores.map((score, index) => {
    const name = kinds.map((kind) => `${kind} ${parts[index][kind] + 1}`).join(", ");
    return name ? `${name}: ${metricText(metric, score)}` : metricText(metric, score);
  }).join(kinds.length ? "; " : ", ");
}

/** Who holds a running trial of an external study, and until when. */
function held(trial) {
  if (!trial.lease_expires_at) return [];
  return [
    ["Held by", trial.worker], ["Since", time(trial.started_at)], ["Last heard of", time(trial.last_heartbeat_at)],
    ["Lease runs out", time(trial.lease_expires_at)],
  ];
}

/** The kinds of curves that a trial has: those that Cairn measures, else each metric that a caller told. */
function kinds(curve, isExternal) {
  const names = [...new Set(curve.flatMap((point) => Object.keys(point.metrics)))].sort();
  if (isExternal) return names;
  return ["accuracy", "loss"].filter((kind) => names.some((name) => name.endsWith(kind)));
}

function described(trial, metric) {
  const value = (name, given) => short(metricText(name, given), whole(given));
  const others = Object.entries(trial.metrics).filter(([name, value]) => name !== metric && value !== null);
  return [
    trial.error ? element("p", { class: "error" }, trial.error) : null,
    facts([
      ["State", trial.state],
      [words(metric), value(metric, trial.value)],
      ...Object.entries(trial.parameters).map(([name, set]) => [words(name), whole(set)]),
      ...others.map(([name, given]) => [words(name), value(name, given)]),
      ...(trial.scores?.length > 1 ? [["Scores", scored(trial, metric)]] : []),
      ["Why it was tried", because(trial.origin)],
      ...(trial.compute_seconds === null ? [] : [["Training time", seconds(trial.compute_seconds)]]),
      ...held(trial),
      ["From start to end", seconds(trial.duration_seconds)],
      ...(trial.reused_from ? [["Answered by", trial.reused_from]] : []),
      ["Attempt", number(trial.attempt)],
    ]),
  ];
}

/** A card that is hidden until `show(number)`; `update()` fetches again what is not final. */
export function trialDetails(path, { study, metric, isExternal, onChange, onClose }) {
  const title = element("h2", { tabindex: -1 });
  const text = element("div");
  const model = element("div");
  const plots = element("div", { class: "columns even" });
  const actions = trialActions(path, isExternal, () => {
    onChange();
    fetchShown().catch(() => {});
  });
  const node = element("section", { class: "card", "aria-label": "Trial", id: "trial", hidden: true },
    element("div", { class: "title" }, title, button("Close", close)), text, actions.node, model, plots);
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
    model.replaceChildren();
    node.hidden = true;
    onClose(closed);
  }

  function draw(trial) {
    fill(text, described(trial, metric));
    actions.update(trial);
    const same = shown.steps === trial.curve.length;
    shown.steps = trial.curve.length;
    shown.final = isFinal(trial);
    if (trial.state === "completed" && !isExternal && !model.hasChildNodes()) model.append(modelDownload(path, study, trial.number));
    if (same) return;
    erase();
    for (const kind of kinds(trial.curve, isExternal)) {
      const by = isExternal ? "step" : "iteration";
      const canvas = element("canvas", { role: "img", "aria-label": `${words(kind)} of trial ${trial.number} by ${by}` });
      plots.append(element("div", { class: "plot low" }, canvas));
      drawn.push(plotCurve(canvas, trial.curve, kind, isExternal));
    }
    if (drawn.length === 0) plots.append(element("p", { class: "quiet" }, "This trial has no learning curve."));
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
      model.replaceChildren();
      shown = { number: wanted, steps: -1, final: false };
      title.textContent = `Trial ${wanted}`;
      text.replaceChildren(element("p", { class: "quiet" }, "Loading …"));
      node.hidden = false;
      node.scrollIntoView({ block: "nearest" });
      title.focus({ preventScroll: true });
      try {
        await fetchShown();
        node.scrollIntoView({ block: "nearest" });
      } catch (error) {
        // While the service cannot be reached, the next update() tries again.
        if (shown) text.replaceChildren(element("p", { class: "error", role: "alert" }, error.message));
      }
    },
    async update() {
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
    destroy: erase,
  };
}
