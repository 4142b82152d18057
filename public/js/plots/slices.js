/** How the value depends on each parameter alone: a small plot for each, a dot for each trial. */
import { element, fill, scrolling, short } from "../dom.js";
import { metric as metricText, parameter as parameterText, whole, words } from "../format.js";
import { pictureButtons } from "../parts/picture-buttons.js";
import { apart, BINS, bins, summed, ticks } from "./parameter-scale.js";
import { chartPiece } from "./picture.js";
import { axis, colour, follow, logTicks, options, scaleOf } from "./theme.js";

/** One small plot. `onPick(number)` is called with the trial that is clicked. */
function slice(canvas, name, { metric, onPick }) {
  const { axis: metricAxis, label, shown } = scaleOf(metric);
  let scale = null;
  let drawn = null;
  const chart = new Chart(canvas, {
    type: "scatter",
    data: {
      datasets: [
        { label: "best", data: [], pointRadius: 5, pointStyle: "rectRot", parsing: false, clip: false },
        { label: "trials", data: [], pointRadius: 2, parsing: false, clip: false },
      ],
    },
  });

  function across() {
    if (!scale?.numeric) {
      return axis(words(name), {
        min: -0.5, max: (scale?.levels.length ?? 1) - 0.5, afterBuildTicks: (one) => { one.ticks = (scale?.levels ?? []).map((_, value) => ({ value })); },
        ticks: { callback: (value) => parameterText(scale?.levels[value]) },
      });
    }
    // A little room beside the first and the last.
    const [min, max] = [scale.at(-0.04), scale.at(1.04)];
    if (scale.log) return axis(words(name), { type: "logarithmic", min, max, ticks: logTicks });
    return axis(words(name), {
      min, max, ticks: { callback: (value) => parameterText(value) },
      afterBuildTicks: (one) => { one.ticks = apart(ticks(scale, BINS), scale, 0.14).map((value) => ({ value })); },
    });
  }

  const dress = () => ({
    options: options({ x: across(), y: metricAxis(label) }, {
      interaction: { mode: "nearest", intersect: true },
      onClick: (_, items) => items.length && onPick(items[0].element.$context.raw.number),
      onHover: (event, items) => { event.native.target.style.cursor = items.length ? "pointer" : ""; },
      plugins: {
        legend: { display: false },
        tooltip: {
          displayColors: false,
          callbacks: {
            title: ([item]) => {
              if (!item) return "";
              const { best, number, value } = item.raw;
              return best ? `best point: ${metricText(metric, best.value)}, trial ${number}` : `trial ${number}: ${metricText(metric, value)}`;
            },
            label: ({ raw }) => (raw.best ? drawn.named(raw.best.parameters) : drawn.describe(raw.index)),
          },
        },
      },
    }),
    looks: [
      { backgroundColor: colour("--accent"), borderColor: colour("--card"), order: 0 }, { backgroundColor: colour("--dot"), order: 1 },
    ],
  });
  const end = follow(chart, dress);
  return {
    chart,
    update(made, columns, describe, best) {
      scale = made;
      drawn = {
        describe, named: (parameters) => Object.entries(parameters).map(([one, value]) => `${words(one)} ${parameterText(value)}`).join(", "),
      };
      const values = columns.parameters[name];
      const points = columns.number.map((number, index) => ({
        x: scale.numeric ? values[index] : scale.levels.indexOf(values[index]), y: columns.value[index] === null ? null : shown(columns.value[index]),
        number, index, value: columns.value[index],
      })).filter(({ x, y }) => x !== null && x !== undefined && x !== -1 && y !== null);
      // The best point is where its runs are on average, which is not where the luckiest trial is.
      const at = best && (scale.numeric ? best.parameters[name] : scale.levels.indexOf(best.parameters[name]));
      const isThere = best && at !== null && at !== undefined && at !== -1;
      chart.data.datasets[0].data = isThere ? [{ x: at, y: shown(best.value), number: best.trials[0], best }] : [];
      // Chart.js is told that its points are in order.
      points.sort((a, b) => a.x - b.x);
      chart.data.datasets[1].data = points;
      const { options: dressed } = dress();
      chart.options = dressed;
      chart.update("none");
    },
    destroy() {
      end();
      chart.destroy();
    },
  };
}

/** What each level or part of a parameter reached, as a table. */
function table(name, scale, columns, { metric, maximize }) {
  const parts = bins(scale, parameterText);
  const found = summed(columns.parameters[name].map(parts.of), columns.value, columns.number, maximize);
  const row = (bin, index) => {
    const cell = found.get(index);
    return [bin, cell ? String(cell.count) : "0", metricText(metric, cell?.mean), metricText(metric, cell?.best),
      cell ? element("button", { type: "button", class: "plain small", "data-trial": cell.number, "aria-label": `Trial ${cell.number}, details` }, String(cell.number)) : "–"];
  };
  const heads = [words(name), "Trials drawn", "Mean", "Best", "Best trial"];
  return scrolling(`${words(name)} in numbers`, element("table", {},
    element("thead", {}, element("tr", {}, heads.map((head) => element("th", { scope: "col" }, head)))),
    element("tbody", {}, parts.list.map((bin, index) => element("tr", {}, row(bin, index).map((cell) => element("td", {}, cell)))))));
}

/** Gives a `node`, `update(columns, scales, describe, more)`, which has the `best` point, and `destroy()`. */
export function slices(parameters, { metric, maximize, study, onPick }) {
  const title = "One parameter at a time";
  const numbers = element("div");
  const made = Object.keys(parameters).map((name) => {
    const canvas = element("canvas", { role: "img", "aria-label": `${words(metric)} by ${words(name)}` });
    return { name, canvas, node: element("figure", { class: "slice" }, element("figcaption", {}, words(name)), element("div", { class: "plot low" }, canvas)) };
  });
  const node = element("section", { class: "card", id: "slices" },
    element("div", { class: "title" }, element("h2", {}, title), pictureButtons({
      title, owner: study, plot: "slices", columns: 3, pieces: () => made.filter(({ plot }) => plot).map(({ name, plot }) => chartPiece(plot.chart, words(name))),
    })),
    element("p", { class: "quiet note lead" }, "A dot is a trial, the diamond the best point: the mean of its runs. Press one for its trial."),
    element("div", { class: "multiples" }, made.map((one) => one.node)),
    element("details", {}, element("summary", {}, "In numbers"), numbers));
  numbers.addEventListener("click", (event) => {
    const asked = event.target.closest("button")?.dataset.trial;
    if (asked) onPick(Number(asked));
  });
  return {
    node,
    update(columns, scales, describe, { best }) {
      for (const one of made) {
        one.plot ??= slice(one.canvas, one.name, { metric, onPick });
        one.plot.update(scales[one.name], columns, describe, best);
      }
      fill(numbers, made.map(({ name }) => element("div", { class: "in-numbers" }, table(name, scales[name], columns, { metric, maximize }))));
    },
    destroy: () => made.forEach(({ plot }) => plot?.destroy()),
  };
}
