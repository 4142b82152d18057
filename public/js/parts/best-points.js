/** The best points of a study, best first. */
import { element, scrolling } from "../dom.js";
import { metric as metricText, parameter, words } from "../format.js";

export function bestPoints(points, parameters, metric) {
  if (points.length === 0) return [element("p", { class: "quiet" }, "No trial is completed yet.")];
  // A last part of the examples that the search never saw, where the study has one and has ended.
  const tested = points.some((point) => point.test !== undefined);
  const heads = [
    words(metric), ...parameters.map(words), "95 % interval", ...(tested ? ["Test accuracy"] : []), "Runs", "Trials",
  ];
  const row = (point) => element("tr", {},
    element("td", { class: "strong" }, metricText(metric, point.value)),
    parameters.map((name) => element("td", {}, parameter(point.parameters[name]))),
    element("td", { class: "quiet" },
      point.interval ? `± ${metricText(metric, point.interval[1] - point.value, 3)}` : "–"),
    tested ? element("td", {}, point.test ? metricText("accuracy", point.test.accuracy) : "–") : null,
    element("td", {}, String(point.runs)),
    element("td", {}, point.trials.join(", ")));
  return [scrolling("Best points",
    element("table", { id: "best" },
      element("thead", {}, element("tr", {}, heads.map((head) => element("th", { scope: "col" }, head)))),
      element("tbody", {}, points.map(row))))];
}
