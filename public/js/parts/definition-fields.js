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

/** The fields beside the JSON: how each is read from a definition, and how it is written into one. */
export const FIELDS = {
  name: { label: "Name", read: (d) => d.name ?? "", write: (d, text) => { d.name = text; } },
  dataset: { label: "Data set", read: (d) => d.dataset ?? "", write: (d, text) => { d.dataset = text; } },
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
