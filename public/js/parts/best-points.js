/** The best points of a study, best first. */
import { element, scrolling, short } from "../dom.js";
import { intervals, metric as metricText, parameter, whole, words } from "../format.js";

const COVERS = {
  runs: "chance between runs (weights, folds), not the limited number of examples",
  examples: "the limited number of examples, not chance between runs",
  both: "chance between runs (weights, folds) and the limited number of examples",
};
/** More numbers of trials than these say nothing more. */
const NUMBERS = 5;

/** What the points' intervals cover, as one sentence; nothing where the service does not say. */
function covered(points) {
  const kinds = [...new Set(points.filter(({ interval }) => interval).map((point) => point.interval_covers))]
    .filter((kind) => kind in COVERS);
  if (kinds.length === 0) return [];
  const text = kinds.length === 1 ? COVERS[kinds[0]] : kinds.map((kind) => `(${kind}) ${COVERS[kind]}`).join("; ");
  return [element("p", { class: "quiet note" }, `95 % intervals cover ${text}.`)];
}

/** The score on examples that the search never saw; `test` is how an earlier service said it. */
function unseen(point, metric) {
  if (point.final_state === "pending") return "not scored yet";
  if (point.final !== undefined && point.final !== null) return short(metricText(metric, point.final), whole(point.final));
  return point.test ? metricText("accuracy", point.test.accuracy) : "–";
}

/** What new runs alone gave, which were made because the point might be the best, with how many they are. */
function anew({ confirmed }, metric) {
  if (!confirmed) return "–";
  return [
    short(metricText(metric, confirmed.value), whole(confirmed.value)), " ",
    element("span", { class: "quiet" }, `(${intervals(metric, [confirmed])[0]}, ${confirmed.runs} ${confirmed.runs === 1 ? "run" : "runs"})`),
  ];
}

function trials({ trials: numbers }) {
  const rest = numbers.length - NUMBERS;
  const text = numbers.slice(0, NUMBERS).join(", ");
  return rest > 0 ? short(`${text} and ${rest} more`, numbers.join(", ")) : text;
}

export function bestPoints(points, parameters, metric) {
  if (points.length === 0) return [element("p", { class: "quiet" }, "No trial is completed yet.")];
  // Examples that the search never saw, where the study keeps some.
  const tested = points.some((point) => point.test !== undefined || (point.final_state ?? "none") !== "none");
  const spread = intervals(metric, points);
  const confirmed = points.some((point) => point.confirmed);
  const mixed = new Set(points.map((point) => point.interval_covers)).size > 1;
  const heads = [
    words(metric), ...parameters.map(words), "95 % interval", ...(confirmed ? ["In new runs"] : []), ...(tested ? ["On unseen examples"] : []), "Runs", "Trials",
  ];
  const row = (point, index) => element("tr", {},
    element("td", { class: "strong" }, short(metricText(metric, point.value), whole(point.value))),
    parameters.map((name) => element("td", {}, short(parameter(point.parameters[name]), whole(point.parameters[name])))),
    element("td", { class: "quiet" }, spread[index],
      mixed && point.interval && point.interval_covers ? ` (${point.interval_covers})` : null),
    confirmed ? element("td", {}, anew(point, metric)) : null,
    tested ? element("td", {}, unseen(point, metric)) : null,
    element("td", {}, String(point.runs)),
    element("td", {}, trials(point)));
  return [
    scrolling("Best points", element("table", { id: "best" },
      element("thead", {}, element("tr", {}, heads.map((head) => element("th", { scope: "col" }, head)))),
      element("tbody", {}, points.map(row)))),
    ...covered(points),
  ];
}
