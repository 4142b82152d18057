/** One trial, at an address of its own. */
import { get, Problem } from "../api.js";
import { element, fill } from "../dom.js";
import { isExternal, isTable, numbered } from "../format.js";
import { follow } from "../live.js";
import { copyButton } from "../parts/copy.js";
import { address, quoted } from "../parts/definition-fields.js";
import { evaluation } from "../parts/evaluation.js";
import { trialDetails } from "../parts/trial-details.js";

/** Draws below `root`; gives a function that ends it. */
export function showTrial(root, name, number, onFault) {
  const path = `v1/studies/${encodeURIComponent(name)}`;
  const here = `#/studies/${encodeURIComponent(name)}`;
  const others = element("nav", { class: "row", "aria-label": "Other trials" });
  let study = null;
  let details = null;
  let errors = null;
  let state = null;
  document.title = `Trial ${number} of ${name} – Cairn`;

  /** The call that gives the trial. */
  function calls() {
    const line = `curl -sS --fail-with-body ${quoted(address(`${path}/trials/${number}`))}`;
    return element("section", { class: "card" },
      element("div", { class: "title" }, element("h2", {}, "The same in a terminal"), copyButton("Copy", () => line)),
      element("pre", { id: "curl" }, line),
      element("p", { class: "quiet" }, "A service with a token also needs -H \"Authorization: Bearer $CAIRN_TOKEN\"."));
  }

  function build() {
    details = trialDetails(path, {
      study: name, metric: study.resolved.objective.metric, isExternal: isExternal(study), isTable: isTable(study), onChange: () => live.now(),
    });
    errors?.end();
    // Callers and tables keep no models.
    errors = isExternal(study) || isTable(study) ? null : evaluation(path, number, study.resolved.dataset);
    root.replaceChildren(
      element("p", {}, element("a", { href: here }, `← ${name}`)),
      element("div", { class: "title" }, element("h1", {}, `Trial ${number}`), others),
      ...[details.node, errors?.node, calls()].filter(Boolean));
    details.show(number);
  }

  /** Previous and next; at an end of the study the word is there without a link. */
  function neighbours() {
    const to = (text, wanted, exists) => (exists
      ? element("a", { class: "plain", href: `${here}/trials/${wanted}` }, text)
      : element("span", { class: "quiet" }, text));
    fill(others, to("← Previous", number - 1, number > 1), to("Next →", number + 1, number < numbered(study)));
  }

  const live = follow({
    async load(signal) {
      const news = (await get(path, { signal })).body;
      // What does not exist is told by the view as a whole.
      if (!Number.isSafeInteger(number)) throw new Problem(404, { detail: "A trial's number is a whole number from 1." });
      ({ state } = (await get(`${path}/trials/${number}`, { signal })).body);
      if (study && news.id !== study.id) {
        details?.destroy();
        details = null;
      }
      study = news;
    },
    take(kind, data) {
      if (kind === "study" && data.name === name) {
        if (data.id !== study.id) live.now();
        else study = { ...study, ...data };
      }
      if (kind === "deleted" && data.name === name) live.now();
      // A trial that is tried again is not final any more.
      if (kind === "trial" && data.study === name && data.number === number) {
        ({ state } = data);
        details?.renew();
      }
    },
    draw() {
      if (!root.isConnected) return;
      if (!details) build();
      neighbours();
      if (errors) errors.node.hidden = state !== "completed";
      details.update();
    },
  }, onFault);
  return () => {
    live.end();
    errors?.end();
    details?.destroy();
  };
}
