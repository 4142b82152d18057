/** A study's definition outside of its JSON: as fields of a form, and as a command. */

/** The text as one word of a shell. */
export function quoted(text) {
  if (/^[\w./:=@%+,-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** The whole address of something of this service, also where the page is below a prefix. */
export function address(path) {
  return new URL(path, document.baseURI).href;
}

/** The call that does what the form does. */
export function curl(text) {
  let body = text;
  try {
    body = JSON.stringify(JSON.parse(text));
  } catch {
    // What is no JSON is shown, and sent, as it is.
  }
  return `curl -sS --fail-with-body ${address("v1/studies")} -H 'Content-Type: application/json' -d ${quoted(body)}`;
}

/** Whether callers run the trials of what is defined. */
export function isExternal(definition) {
  return definition.model?.kind === "external";
}

/** Another kind of model, and what it needs; `example` is a study that Cairn trains. */
function writeKind(definition, kind, example) {
  if (isExternal(definition) === (kind === "external")) {
    definition.model = { ...definition.model, kind };
    return;
  }
  const { name, dataset, model, parameters, objective, validation, training_seed: seed, ...rest } = definition;
  // A program may have parameters of any name; a model has its own.
  const needed = kind === "external"
    ? { model: { kind }, parameters, objective: { metric: "score", goal: "maximize" } }
    : { dataset: example.dataset, model: { ...example.model, kind }, parameters: example.parameters };
  for (const key of Object.keys(definition)) delete definition[key];
  Object.assign(definition, { name, ...structuredClone(needed), ...rest });
}

/** Puts one member of the objective in place. */
function writeObjective(definition, key, text) {
  definition.objective = { ...definition.objective, [key]: text };
}

/**
 * The fields beside the JSON: how each is read from a definition, and how it is written into one. `of` says which studies
 * have it: those that callers run (`external`), or those that Cairn trains (`built-in`).
 */
export const FIELDS = {
  name: { label: "Name", read: (d) => d.name ?? "", write: (d, text) => { d.name = text; } },
  kind: { label: "Model", read: (d) => d.model?.kind ?? "", write: writeKind },
  dataset: { label: "Data set", of: "built-in", read: (d) => d.dataset ?? "", write: (d, text) => { d.dataset = text; } },
  metric: {
    label: "Metric that you report", of: "external", read: (d) => d.objective?.metric ?? "",
    write: (d, text) => writeObjective(d, "metric", text),
  },
  goal: {
    label: "Goal", of: "external", read: (d) => d.objective?.goal ?? "", write: (d, text) => writeObjective(d, "goal", text),
  },
  algorithm: {
    label: "Algorithm", read: (d) => d.algorithm?.name ?? "auto", write: (d, text) => { d.algorithm = { name: text }; },
  },
  trials: {
    label: "Maximum trials", read: (d) => d.budget?.trials ?? "",
    write(d, text) {
      d.budget = { ...d.budget, trials: Number(text) };
      if (text === "") delete d.budget.trials;
      if (Object.keys(d.budget).length === 0) delete d.budget;
    },
  },
  seed: { label: "Seed", read: (d) => d.seed ?? 0, write: (d, text) => { d.seed = Number(text); } },
};
