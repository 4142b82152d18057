/** A sortable table of trials that shows one page of rows at a time, however many there are. */
import { onTold, tell, told } from "./address.js";
import { button, element, fill, scrolling, short } from "./dom.js";
import { metric as metricText, parameter, seconds, time, whole, words } from "./format.js";
import { state } from "./parts/progress.js";

const ROWS = 25;
const text = new Intl.Collator("en", { numeric: true });

function compare(a, b) {
  if (a === b) return 0;
  // Missing values come last, whatever the direction.
  if (a === null || a === undefined) return null;
  if (b === null || b === undefined) return null;
  return typeof a === "number" && typeof b === "number" ? a - b : text.compare(String(a), String(b));
}

/** What the address calls a column. */
function keyOf({ key, name }) {
  return key ?? name.toLowerCase().replaceAll(" ", "_");
}

/** What is worth a column beside the objective: what Cairn measures, or who runs the trials of an external study; of a table of
 * results, how long a run took if it says so. */
function others(metric, isExternal, isTable) {
  const spent = { name: "Training time", of: (t) => t.compute_seconds, text: seconds, numeric: true };
  if (isTable) return [{ ...spent, isShown: (t) => t.compute_seconds !== null }];
  if (isExternal) {
    return [
      { name: "Worker", of: (t) => t.worker, text: whole },
      {
        name: "Last heard of", of: (t) => (t.state === "running" ? t.last_heartbeat_at ?? t.started_at : null), text: time,
        isShown: (t) => t.state === "running",
      },
      { name: "Attempt", of: (t) => t.attempt, text: whole, numeric: true, isShown: (t) => t.attempt > 1 },
      { name: "From start to end", of: (t) => t.duration_seconds, text: seconds, numeric: true },
    ];
  }
  return [
    ...["validation_loss", "train_loss"].filter((name) => name !== metric).map((name) => ({
      name: words(name), of: (t) => t.metrics[name], text: (v) => short(metricText(name, v), whole(v)), numeric: true,
    })),
    spent,
  ];
}

/**
 * `parameters` are the study's, by name, with their type; `isExternal`: callers run the trials; `isTable`: they are looked up;
 * `onPick(number)` is told when a trial is chosen.
 */
export function trialsTable({ parameters, metric, isExternal, isTable, onPick }) {
  const columns = [
    {
      key: "number", name: "Trial", of: (t) => t.number, numeric: true,
      text: (v) => element("button", { type: "button", class: "plain", "aria-label": `Trial ${v}, details` }, String(v)),
    },
    { key: "value", name: words(metric), of: (t) => t.value, text: (v) => short(metricText(metric, v), whole(v)), numeric: true },
    // That all went well is worth no column.
    { key: "state", name: "State", of: (t) => t.state, text: (v) => (v === "completed" ? "" : state(v)), isShown: (t) => t.state !== "completed" },
    ...Object.entries(parameters).map(([name, { type }]) => ({
      key: `parameter.${name}`, name: words(name), of: (t) => t.parameters[name], text: (v) => short(parameter(v), whole(v)), numeric: type !== "categorical",
    })),
    ...others(metric, isExternal, isTable),
  ];
  let trials = [];
  let total = 0;
  /** Which trials are left, a function of a trial; null leaves all. */
  let isLeft = null;
  let { sorted, page } = kept();
  let chosen = null;

  const head = element("tr");
  const body = element("tbody");
  const label = element("span", { class: "quiet" });
  const back = button("Previous", () => turn(-1));
  const on = button("Next", () => turn(1));
  columns.forEach((column, index) => {
    const sort = element("button", { type: "button", onclick: () => sortBy(index) }, column.name);
    head.append(element("th", { scope: "col", class: column.numeric ? "number" : null, "aria-sort": "none" }, sort));
  });

  /** What the address says: `sort` names a column, with a minus before it where the largest is first; `page` counts from 1. */
  function kept() {
    const sort = told("sort") ?? "-number";
    const column = columns.findIndex((one) => keyOf(one) === sort.replace(/^-/, ""));
    return {
      sorted: column < 0 ? { column: 0, descending: true } : { column, descending: sort.startsWith("-") },
      page: Math.max(0, (Number.parseInt(told("page"), 10) || 1) - 1),
    };
  }

  function keep() {
    const sort = `${sorted.descending ? "-" : ""}${keyOf(columns[sorted.column])}`;
    tell({ sort: sort === "-number" ? null : sort, page: page ? String(page + 1) : null });
  }

  function turn(step) {
    page += step;
    draw();
    keep();
  }

  function sortBy(column) {
    sorted = { column, descending: sorted.column === column ? !sorted.descending : columns[column].numeric === true };
    page = 0;
    draw();
    keep();
  }

  function row(trial, shown) {
    const cells = columns.map((column, index) =>
      element("td", { class: column.numeric ? "number" : null, hidden: !shown[index] }, column.text(column.of(trial))));
    return element("tr", {
      class: trial.number === chosen ? "pick chosen" : "pick", "data-key": trial.number, "data-trial": trial.number,
    }, cells);
  }

  function choose(trial) {
    chosen = trial;
    draw();
    onPick(chosen);
  }

  body.addEventListener("click", (event) => {
    const found = event.target.closest("tr");
    if (found) choose(Number(found.dataset.trial));
  });

  function focus(trial) {
    body.querySelector(`tr[data-trial="${trial}"] button`)?.focus({ preventScroll: true });
  }

  function draw() {
    const { of } = columns[sorted.column];
    const sign = sorted.descending ? -1 : 1;
    const ordered = (isLeft ? trials.filter(isLeft) : trials.slice()).sort((a, b) => {
      const [x, y] = [of(a), of(b)];
      const order = compare(x, y);
      if (order === null) return (x === null || x === undefined) - (y === null || y === undefined);
      return order === 0 ? a.number - b.number : sign * order;
    });
    const pages = Math.max(1, Math.ceil(ordered.length / ROWS));
    // Before any trial is there, the page that the address asks for is not too far.
    if (trials.length) page = Math.min(Math.max(0, page), pages - 1);
    const shown = columns.map(({ isShown }) => !isShown || trials.some(isShown));
    [...head.children].forEach((cell, index) => {
      cell.hidden = !shown[index];
      const value = index !== sorted.column ? "none" : sorted.descending ? "descending" : "ascending";
      cell.setAttribute("aria-sort", value);
    });
    const focused = body.contains(document.activeElement) && document.activeElement.closest("tr").dataset.trial;
    fill(body, ordered.slice(page * ROWS, (page + 1) * ROWS).map((trial) => row(trial, shown)));
    if (focused) focus(focused);
    const isPart = total > trials.length;
    const count = isLeft || isPart ? `${ordered.length} of ${total}` : String(ordered.length);
    label.textContent = `${count} ${count === "1" ? "trial" : "trials"}, page ${page + 1} of ${pages}`;
    jump.hidden = !isPart;
    back.disabled = page === 0;
    on.disabled = page >= pages - 1;
  }

  const wanted = element("input", { type: "number", id: "trial-number", min: 1, step: 1 });
  const jump = element("form", { class: "row jump", hidden: true },
    element("p", { class: "quiet" }, "The table has the best trial, every improvement, and others evenly spaced; the CSV has all."),
    element("label", { class: "quiet", for: "trial-number" }, "Trial"), wanted, element("button", { class: "plain small", type: "submit" }, "Show"));
  jump.addEventListener("submit", (event) => {
    event.preventDefault();
    const number = Number(wanted.value);
    if (Number.isSafeInteger(number) && number >= 1 && number <= total) choose(number);
  });

  const end = onTold(() => {
    ({ sorted, page } = kept());
    draw();
  });

  return {
    destroy: end,
    node: element("div", {}, jump,
      scrolling("Trials", element("table", { id: "trials" }, element("thead", {}, head), body)),
      element("div", { class: "row pager" }, back, on, label)),
    /** `whole` is how many trials the study has, of which the list may be a part. */
    update(list, whole = list.length) {
      trials = list;
      total = Math.max(whole, list.length);
      draw();
    },
    /** Leaves the trials of which a function is true; null leaves all. */
    filter(isWanted) {
      if (isLeft || isWanted) page = 0;
      isLeft = isWanted;
      draw();
    },
    /** Marks a trial and tells of it, as a click on its row does. */
    choose,
    /** Takes the mark off the chosen trial, and gives it the focus. */
    release(trial) {
      chosen = null;
      draw();
      focus(trial);
    },
  };
}
