/** What was run: the definition with all that follows from it, and what may be changed of it afterwards. */
import { element, fill } from "../dom.js";
import { whole } from "../format.js";
import { pretty } from "../json-text.js";
import { copyButton } from "./copy.js";
import { editInPlace } from "./edit-in-place.js";
import { edits, parameterTable, run, settings } from "./run-facts.js";

/** Labels as text: a line for each. */
export function labelText({ labels }) {
  return Object.entries(labels ?? {}).map(([name, value]) => `${name}: ${value}`).join("\n");
}

/** The PATCH that makes a study's labels those of a text; throws an Error where a line is not a label. */
export function labelChanges(text, { labels }) {
  const wanted = new Map();
  for (const line of text.split("\n").map((one) => one.trim()).filter(Boolean)) {
    const at = line.indexOf(":");
    if (at < 1) throw new Error(`“${line}” is not a label. A label is a name, a colon and a value, as in “team: vision”.`);
    const name = line.slice(0, at).trim();
    if (wanted.has(name)) throw new Error(`The label “${name}” is listed twice.`);
    wanted.set(name, line.slice(at + 1).trim());
  }
  const gone = Object.keys(labels ?? {}).filter((name) => !wanted.has(name)).map((name) => [name, null]);
  return { labels: Object.fromEntries([...wanted, ...gone]) };
}

/** The PATCH of a budget of trials; throws an Error where the text is not a number of trials. */
export function budgetChanges(text) {
  if (text.trim() === "") return { budget: { trials: null } };
  const trials = Number(text);
  if (!Number.isSafeInteger(trials) || trials < 1) throw new Error(`“${text}” is not a number of trials; give a whole number from 1.`);
  return { budget: { trials } };
}

/** JSON that is folded away until it is asked for. */
function folded(title, value) {
  const text = pretty(value);
  return element("details", {}, element("summary", {}, title),
    element("p", { class: "row" }, copyButton("Copy", () => text, { "aria-label": `Copy: ${title.toLowerCase()}` })), element("pre", {}, text));
}

/** Gives a `node` and `update(study)`; `onChange` is called after each change. */
export function whatWasRun(path, study, onChange) {
  const address = `#/studies/${encodeURIComponent(study.name)}`;
  const common = { path, address, onChange };
  const facts = element("div");
  const changed = element("div", { id: "edits" });
  const parts = [
    editInPlace({
      ...common, id: "notes", label: "Notes", control: element("textarea", { rows: 6 }),
      read: ({ notes }) => notes ?? "", changes: (text) => ({ notes: text === "" ? null : text }),
      shown: ({ notes }) => element("p", { class: notes ? "notes" : "quiet" }, notes ?? "No notes yet."),
    }),
    editInPlace({
      ...common, id: "labels", label: "Labels", hint: "One a line, as in “team: vision”.",
      control: element("textarea", { rows: 4, spellcheck: "false" }),
      read: labelText, changes: labelChanges,
      shown: ({ labels }) => (Object.keys(labels ?? {}).length
        ? element("ul", { class: "labels" }, Object.entries(labels).map(([name, value]) =>
          element("li", {}, element("span", { class: "quiet" }, `${name}: `), value)))
        : element("p", { class: "quiet" }, "No labels yet.")),
    }),
    editInPlace({
      ...common, id: "budget", label: "Maximum trials",
      hint: "A larger budget continues a study that its budget ended.",
      control: element("input", { inputmode: "numeric", autocomplete: "off" }),
      read: ({ budget }) => (budget?.trials ? String(budget.trials) : ""), changes: budgetChanges,
      shown: ({ budget }) => element("p", {}, budget?.trials ? whole(budget.trials) : "No limit."),
    }),
  ];
  const node = element("section", { class: "card", id: "run" },
    element("h2", {}, "What was run"),
    element("div", { class: "columns" },
      element("div", {}, facts, parameterTable(study.resolved.parameters), changed,
        element("details", {}, element("summary", {}, "Resolved settings"), settings(study.resolved)),
        folded("Definition, as posted", study.definition), folded("Definition with every default, as JSON", study.resolved)),
      element("div", {}, parts.map((part) => part.node))));
  return {
    node,
    update(news) {
      fill(facts, run(news));
      fill(changed, edits(news) ?? []);
      parts.forEach((part) => part.update(news));
    },
  };
}
