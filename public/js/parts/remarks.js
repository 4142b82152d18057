/** What the service remarks on a study though nothing of it is wrong. */
import { element } from "../dom.js";
import { words } from "../format.js";
import { ends } from "../variants.js";

/** Fewer points than these do not show where the good ones are. */
const FEW = 3;

/** At which end of its range the best point has a parameter, and how many of the best points are there too. */
function atEnd(study, points, name) {
  const found = ends(study.resolved?.parameters?.[name] ?? study.definition?.parameters?.[name]);
  const value = study.best?.parameters?.[name];
  if (!found || !found.includes(value)) return null;
  const there = points.filter((point) => point.parameters[name] === value).length;
  return {
    side: value === found[1] ? "above" : "below",
    text: points.length >= FEW && there > 1 ? ` ${there} of the best ${points.length} points have it.` : "",
  };
}

/** The last words of a remark on an end of a range: what a click makes of it. */
function wider(study, points, pointer) {
  const [, place, name, ...rest] = (pointer ?? "").split("/");
  if (place !== "parameters" || !name || rest.length) return [];
  const end = atEnd(study, points, name);
  if (!end) return [];
  const href = `#/new/from/${encodeURIComponent(study.name)}/wider/${name}/${end.side}`;
  return [end.text, " ", element("a", { class: "plain small", href }, `Clone with a wider range of ${words(name)}`)];
}

/** The list of a study's remarks, each `{code, detail, pointer}`; null where there is none. `points` are its best points. */
export function remarks(study, points) {
  // Whether a constant answer is as good is said beside the best value.
  const told = study.warnings?.filter(({ code }) => code !== "constant_answer");
  if (!told?.length) return null;
  return element("ul", { class: "remarks", "aria-label": "Remarks" }, told.map(({ code, detail, pointer }) =>
    element("li", {}, detail, ...(code === "end_of_range" ? wider(study, points, pointer)
      : [pointer ? element("span", { class: "quiet code" }, ` ${pointer}`) : null]))));
}
