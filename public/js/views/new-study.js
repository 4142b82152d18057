/**
 * A form that makes a study: from a template or from a study that exists, as JSON that may be changed by hand, or by the same
 * call in a terminal.
 */
import { all, get, send } from "../api.js";
import { button, element, fill } from "../dom.js";
import { keepDraft, keptDraft } from "../draft.js";
import { words } from "../format.js";
import { locate, pretty } from "../json-text.js";
import { confirm } from "../parts/confirm.js";
import { copyButton } from "../parts/copy.js";
import { curl, FIELDS, isExternal } from "../parts/definition-fields.js";
import { faults } from "../parts/faults.js";
import { parameterFields } from "../parts/parameter-fields.js";
import { definition, templates } from "../templates.js";
import { variant } from "../variants.js";

/** What a study that is made from another one is, by the part of the address that says so. */
const CHANGES = {
  seed: () => "with another seed: other points, other weights",
  wider: ([, name]) => `with a wider range of ${words(name)}`,
};

/** `source` is null, or `{study, change, model}`: the study to begin with, what is changed of it, and the model's description. */
function build(root, address, { datasets, algorithms, kinds, taken, source }) {
  const option = (value, text = value) => element("option", { value }, text);
  const controls = {
    name: element("input", { autocomplete: "off", spellcheck: "false" }),
    kind: element("select", {}, kinds.map((kind) => option(kind, kind === "external" ? "your own program" : kind))),
    dataset: element("select", {}, datasets.map(({ name }) => option(name))),
    metric: element("input", { autocomplete: "off", spellcheck: "false" }),
    goal: element("select", {}, ["maximize", "minimize"].map((goal) => option(goal))),
    algorithm: element("select", {}, algorithms.map(({ name }) => option(name, words(name)))),
    trials: element("input", { type: "number", min: 1 }),
    seed: element("input", { type: "number", min: 0 }),
  };
  const template = element("select", { id: "field-template" },
    source ? option("", `The study ${source.study.name}`) : Object.keys(templates).map((title) => option(title)));
  const text = element("textarea", { id: "field-json", rows: 22, spellcheck: "false", class: "code" });
  const command = element("pre", { id: "curl" });
  const hint = element("p", { class: "quiet" });
  const wrong = element("div", { id: "faults", role: "alert" });
  const start = element("button", { class: "plain main" }, "Start the study");
  const discard = button("Discard my changes", () => fillIn(template.value), { hidden: true });
  const found = element("p", { class: "quiet", role: "status", hidden: true }, "What you typed here before is still here.");
  const names = datasets.map(({ name }) => name);
  const begun = (title) => (source ? variant(source.study, source.change, taken, source.model) : definition(title, names, taken));
  const example = definition(Object.keys(templates)[0], names, taken);
  const parameters = parameterFields(() => write((value) => parameters.write(value)));
  /** The text that the template gave, and the template. */
  let given = "";
  let chosen = template.value;
  const labelled = (label, id, control) => element("p", { class: "field" }, element("label", { for: id }, label), control);
  const fields = Object.fromEntries(Object.entries(controls)
    .map(([name, control]) => [name, labelled(FIELDS[name].label, `field-${name}`, control)]));

  function parsed() {
    try {
      const value = JSON.parse(text.value);
      return value !== null && typeof value === "object" && !Array.isArray(value) ? value : null;
    } catch {
      return null;
    }
  }

  /** Brings fields and command in line with the JSON, which is what counts. */
  function follow() {
    const value = parsed();
    for (const [name, control] of Object.entries(controls)) {
      control.disabled = value === null;
      if (value && document.activeElement !== control) control.value = FIELDS[name].read(value);
      if (value) fields[name].hidden = FIELDS[name].of === (isExternal(value) ? "built-in" : "external");
    }
    parameters.node.disabled = value === null;
    if (value) {
      parameters.node.hidden = !isExternal(value);
      parameters.read(value);
    }
    command.textContent = curl(text.value);
    discard.hidden = text.value === given;
    found.hidden ||= discard.hidden;
    keepDraft(address, discard.hidden ? null : { template: template.value, text: text.value });
    hint.textContent = algorithms.find(({ name }) => name === controls.algorithm.value)?.summary ?? "";
  }

  /** Changes the definition by a field. */
  function write(change) {
    const value = parsed();
    if (!value) return;
    change(value);
    text.value = pretty(value);
    follow();
  }

  function fillIn(title) {
    chosen = title;
    given = pretty(begun(title));
    text.value = given;
    wrong.replaceChildren();
    follow();
  }

  /** What was typed before is there again; else the first template. */
  function begin() {
    const draft = keptDraft(address);
    if (draft && draft.template in templates) template.value = draft.template;
    fillIn(template.value);
    if (!draft) return;
    text.value = draft.text;
    found.hidden = false;
    follow();
  }

  /** Another template takes the place of the text, if need be after a question. */
  async function change() {
    const wanted = template.value;
    template.value = chosen;
    if (text.value !== given
      && !await confirm("Discard your changes?", "The template replaces the definition that you edited.", "Use the template")) return;
    template.value = wanted;
    fillIn(wanted);
  }

  function point(pointer) {
    const place = locate(text.value, pointer);
    if (!place) return;
    text.focus();
    text.setSelectionRange(...place);
    // Chromium does not scroll a selection into view by itself.
    const line = text.value.slice(0, place[0]).split("\n").length;
    text.scrollTop = (line - 5) * parseFloat(getComputedStyle(text).lineHeight);
  }

  for (const [name, control] of Object.entries(controls)) {
    control.id = `field-${name}`;
    control.addEventListener(control.tagName === "SELECT" ? "change" : "input",
      () => write((value) => FIELDS[name].write(value, control.value, example)));
  }
  template.addEventListener("change", change);
  text.addEventListener("input", follow);

  const form = element("form", { novalidate: true, class: "columns" },
    element("section", { class: "card", "aria-label": "Definition" },
      source ? null : labelled("Template", template.id, template),
      found,
      element("div", { class: "fields" }, Object.values(fields)),
      hint,
      parameters.node,
      labelled("Definition, in JSON", text.id, text),
      element("p", { class: "row" }, start, discard)),
    element("div", {},
      wrong,
      element("section", { class: "card" },
        element("div", { class: "title" }, element("h2", {}, "The same in a terminal"),
          copyButton("Copy", () => command.textContent)),
        command,
        element("p", { class: "quiet" }, "A service with a token also needs -H \"Authorization: Bearer $CAIRN_TOKEN\"."))));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    start.disabled = true;
    try {
      const { body } = await send("POST", "v1/studies", text.value);
      keepDraft(address, null);
      location.hash = `#/studies/${encodeURIComponent(body.name)}`;
    } catch (error) {
      fill(wrong);
      wrong.append(element("section", { class: "card" }, element("h2", {}, error.status < 500 ? "Please fix" : "Something went wrong"), faults(error, point)));
      wrong.scrollIntoView({ block: "nearest" });
    } finally {
      start.disabled = false;
    }
  });

  const from = source && `#/studies/${encodeURIComponent(source.study.name)}`;
  root.replaceChildren(
    element("p", {}, source ? element("a", { href: from }, `← ${source.study.name}`) : element("a", { href: "#/" }, "← All studies")),
    element("h1", {}, "New study"),
    ...(source ? [element("p", { id: "source" }, "A clone of ", element("a", { href: from }, source.study.name),
      source.change[0] in CHANGES ? `, ${CHANGES[source.change[0]](source.change)}` : "", ".")] : []),
    form);
  begin();
}

/**
 * Draws below `root`; gives a function that ends it. `from` is the name of a study to begin with, if there is one, and
 * `change` the parts of the address that say what is changed of it.
 */
export function showNewStudy(root, { address, from, change }, onFault) {
  const control = new AbortController();
  const { signal } = control;
  document.title = "New study – Cairn";
  Promise.all([
    all("v1/datasets", signal), all("v1/algorithms", signal), all("v1/models", signal), get("v1/studies?limit=1000", { signal }),
    from ? get(`v1/studies/${encodeURIComponent(from)}`, { signal }) : null,
  ])
    .then(([datasets, algorithms, models, studies, study]) => {
      // Nothing can be trained on a table of results.
      datasets = datasets.filter(({ state, columns }) => state === "ready" && !columns);
      const taken = new Set(studies.body.items.map(({ name }) => name));
      const source = study && { study: study.body, change, model: models.find(({ kind }) => kind === study.body.resolved.model.kind) };
      build(root, address, { datasets, algorithms, kinds: [...models.map(({ kind }) => kind), "external"], taken, source });
    })
    .catch((error) => {
      if (!signal.aborted) onFault(error);
    });
  return () => control.abort();
}
