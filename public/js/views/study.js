/** One study: state, progress, best-so-far curve, best points, trials. */
import { get } from "../api.js";
import { studyColumns } from "../columns.js";
import { element, fill } from "../dom.js";
import { asOfNow, hasEnded, isExternal, isTable, numbered } from "../format.js";
import { follow } from "../live.js";
import { bestHead } from "../parts/best-head.js";
import { bestPoints } from "../parts/best-points.js";
import { connect } from "../parts/connect.js";
import { descents } from "../parts/descents.js";
import { historyAxes } from "../parts/history-axes.js";
import { pictureButtons } from "../parts/picture-buttons.js";
import { studyPlots } from "../parts/plots.js";
import { studyActions } from "../parts/study-actions.js";
import { summary } from "../parts/summary.js";
import { trialDetails } from "../parts/trial-details.js";
import { whatWasRun } from "../parts/what-was-run.js";
import { improvementTable, plotBestSoFar } from "../plots/best-so-far.js";
import { chartPiece } from "../plots/picture.js";
import { drawnTrials, studyDescents, studyTrials, WHOLE } from "../study-trials.js";
import { trialsTable } from "../trials-table.js";

/** How long what is worked out from the outcomes (best points, descents) may be old, in milliseconds. */
const REFRESH = 500;
/** How old what is plotted of all trials may be while the study runs, in milliseconds; and at least this many times what fetching it took. */
const PLOTTED = 5000;
const SPARED = 10;
/** How often a final score that is still to come is looked at, in milliseconds; no event tells of it. */
const PENDING = 2000;

/** Whether a study's search makes descents: it is asked where its trials' origins are not known. */
function isDescending(study) {
  return study.resolved?.algorithm?.name === "approximate_gradient";
}

/** Builds the view of a study that is there; gives its parts. */
function build(root, study, path, onChange) {
  const { metric, goal } = study.resolved.objective;
  const { parameters } = study.resolved;
  const canvas = element("canvas", { role: "img" });
  const actions = studyActions(path, study.name, onChange);
  const best = bestHead(path, study);
  const head = element("div");
  const ranked = element("div");
  const paths = element("div");
  // Only a search along descents has any.
  const descent = element("section", { class: "card", id: "descents", hidden: true }, element("h2", {}, "Descents"), paths);
  // Open until the first trial is asked for.
  const calls = isExternal(study) ? connect(study, numbered(study) === 0) : null;
  const run = whatWasRun(path, study, onChange);
  const again = `#/new/from/${encodeURIComponent(study.name)}`;
  let leaders = [];
  const table = trialsTable({
    parameters, metric, isExternal: isExternal(study), isTable: isTable(study), onPick: (number) => details.show(number),
  });
  const details = trialDetails(path, {
    study: study.name, metric, isExternal: isExternal(study), isTable: isTable(study), onChange, onClose: (number) => table.release(number),
  });
  let trials = [];
  let drawing = null;
  const steps = element("div");
  const redraw = () => {
    plot.update(trials, axes.over(), leaders, axes.logs());
    fill(steps, improvementTable(trials, { metric, maximize: goal === "maximize" }));
  };
  const axes = historyAxes(redraw);
  const plots = studyPlots(study, { onPick: (number) => table.choose(number), onFilter: table.filter });
  const late = element("div", { class: "columns late" },
    element("section", { class: "card" },
      element("div", { class: "title" }, element("h2", {}, "Best so far"), element("div", { class: "row" }, axes.node, pictureButtons({
        title: "Best so far", owner: study.name, plot: "best-so-far", pieces: () => [chartPiece(plot.chart)],
      }))),
      element("div", { class: "plot" }, canvas),
      element("details", { id: "steps" }, element("summary", {}, "In numbers"), steps)),
    element("section", { class: "card" }, element("h2", {}, "Best points"), ranked));
  root.replaceChildren(
    element("p", {}, element("a", { href: "#/" }, "← All studies")),
    element("div", { class: "title" }, element("h1", {}, study.name),
      element("div", { class: "row" },
        element("a", { class: "plain", href: again }, "Clone"),
        element("a", { class: "plain", href: `${again}/seed` }, "Again with another seed"),
        actions.node)),
    actions.fault,
    element("section", { class: "card columns", "aria-label": "State", id: "summary" }, best.node, head),
    ...(calls ? [calls] : []),
    late,
    details.node,
    descent,
    plots.node,
    element("section", { class: "card" },
      element("div", { class: "title" }, element("h2", {}, "Trials"),
        element("a", { href: `${path}/trials.csv`, download: `${study.name}.csv` }, "Download as CSV")),
      table.node),
    run.node,
  );
  for (const list of [paths, steps]) {
    list.addEventListener("click", (event) => {
      const asked = event.target.closest("button")?.dataset.trial;
      if (asked) table.choose(Number(asked));
    });
  }
  const plot = plotBestSoFar(canvas, { metric, maximize: goal === "maximize", onPick: (number) => table.choose(number) });
  return {
    summary(news, points, compared) {
      best.update(news, compared);
      fill(head, summary(news, points));
      actions.update(news.state);
      if (calls) calls.hidden = hasEnded(news);
      run.update(news);
    },
    worked(points, restarts, isOver) {
      leaders = points.flatMap((point) => point.trials);
      // A table with a column more does not fit beside the plot.
      late.classList.toggle("below", points.some((point) => point.confirmed) || Object.keys(parameters).length > 6);
      fill(ranked, bestPoints(points, Object.keys(parameters), metric));
      descent.hidden = restarts.length === 0;
      if (restarts.length > 0) fill(paths, descents(restarts, metric, isOver));
    },
    trials(list, total) {
      trials = list;
      table.update(trials, total);
      // In a task of its own: with thousands of trials each takes a while.
      clearTimeout(drawing);
      drawing = setTimeout(redraw);
    },
    plots,
    refresh: () => details.update(),
    destroy() {
      clearTimeout(drawing);
      plot.destroy();
      axes.destroy();
      plots.destroy();
      details.destroy();
      table.destroy();
    },
  };
}

/** Draws below `root`; gives a function that ends it. */
export function showStudy(root, name, onFault) {
  const path = `v1/studies/${encodeURIComponent(name)}`;
  let study = null;
  let since = 0;
  let parts = null;
  let trials = null;
  let paths = null;
  let worked = null;
  let columns = null;
  let plotted = { at: -Infinity, took: 0, asking: false, stale: true };
  // What has changed and is not fetched, or not drawn.
  let stale = { outcomes: false, numbers: false };
  let changed = true;
  let refreshing = false;
  let refreshed = 0;
  document.title = `${name} – Cairn`;

  function note(news) {
    stale.outcomes ||= news.progress.completed !== study?.progress.completed || news.state !== study.state;
    // An event may tell less than an answer does.
    study = { ...study, ...news };
    since = performance.now();
  }

  /** Fetches what follows from the outcomes; `loaded` is when the trials that are being fetched are there. */
  async function workOut(signal, loaded) {
    stale.outcomes = false;
    const [points] = await Promise.all([get(`${path}/best?count=10`, { signal }), loaded]);
    // A trial of a descent names it.
    if (trials.isPart ? isDescending(study) : trials.list().some((trial) => trial.origin?.restart !== undefined)) await paths.load(signal);
    worked = { points: points.body.items, compared: points.body.leaders, restarts: paths.list() };
    refreshed = performance.now();
  }

  /** Fetches what the events told of without its content. */
  async function refresh() {
    if (refreshing || performance.now() - refreshed < REFRESH || !(stale.outcomes || stale.numbers)) return;
    refreshing = true;
    try {
      const { numbers } = stale;
      stale.numbers = false;
      await workOut(undefined, numbers && !trials.isPart ? trials.load() : null);
      changed = true;
      draw();
    } catch {
      // The way to the service is broken, or the study is gone: what follows from that is told by the stream.
      stale = { outcomes: true, numbers: true };
      refreshed = performance.now();
    } finally {
      refreshing = false;
    }
  }

  /** Fetches what is plotted, now and then while the study runs, and at its end. */
  async function plotAll() {
    const isDue = performance.now() - plotted.at > (study.state === "running" ? Math.max(PLOTTED, SPARED * plotted.took) : REFRESH);
    if (!plotted.stale || plotted.asking || !isDue || !(trials.isPart || parts.plots.isNear())) return;
    const mine = plotted;
    Object.assign(mine, { asking: true, stale: false });
    const begun = performance.now();
    try {
      const body = await columns.load();
      if (mine === plotted) {
        if (trials.isPart) {
          trials.takeColumns(body);
          parts?.trials(trials.list(), trials.total());
        }
        parts?.plots.update(body, {
          trials: trials.list(), origins: new Map(trials.list().map(({ number, origin }) => [number, origin])), descents: worked.restarts,
          best: worked.points[0] ?? null,
        });
      }
    } catch {
      mine.stale = true;
    } finally {
      Object.assign(mine, { asking: false, at: performance.now(), took: performance.now() - begun });
    }
  }

  function draw() {
    if (!root.isConnected) return;
    parts ??= build(root, study, path, () => live.now());
    parts.summary(asOfNow(study, since), worked.points, worked.compared);
    parts.worked(worked.points, worked.restarts, hasEnded(study));
    if (changed) parts.trials(trials.list(), trials.total());
    plotted.stale ||= changed;
    changed = false;
    plotAll();
    parts.refresh();
    const pending = hasEnded(study) && worked.points.some((point) => point.final_state === "pending");
    if (pending && performance.now() - refreshed > PENDING) live.now();
    refresh();
  }

  const live = follow({
    async load(signal) {
      const news = (await get(path, { signal })).body;
      if (news.id !== study?.id) {
        parts?.destroy();
        parts = null;
        study = null;
        columns = studyColumns(path);
        trials = numbered(news) > WHOLE ? drawnTrials(columns) : studyTrials(path);
        paths = studyDescents(path);
        plotted = { at: -Infinity, took: 0, asking: false, stale: true };
      }
      note(news);
      await workOut(signal, trials.load(signal));
      stale.numbers = false;
      changed = true;
    },
    take(kind, data) {
      if (kind === "study" && data.name === name) {
        if (data.id !== study.id) live.now();
        else if (data.revision >= study.revision) note(data);
      }
      if (kind === "deleted" && data.name === name) live.now();
      if (kind === "trial" && data.study === name) {
        trials.take(data);
        changed = true;
      }
      if (kind === "trials" && data.study === name) stale.numbers = true;
    },
    draw,
  }, onFault);
  return () => {
    live.end();
    parts?.destroy();
  };
}
