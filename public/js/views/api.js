/** The service's own description of its API, to be read: every operation and every schema, as headings and tables. */
import { onTold, tell, tellSoon, told } from "../address.js";
import { get } from "../api.js";
import { element, fill, scrolling } from "../dom.js";
import { address } from "../parts/definition-fields.js";
import { answers, bodies, members, nameOf, operations, resolved, typeOf } from "../openapi.js";

function type(pieces) {
  return pieces.map((piece) => (typeof piece === "string" ? piece
    : element("a", { href: `#/api?at=${encodeURIComponent(piece.schema)}` }, piece.schema)));
}

function table(label, heads, rows) {
  return scrolling(label, element("table", { class: "described" },
    element("thead", {}, element("tr", {}, heads.map((head) => element("th", { scope: "col" }, head)))),
    element("tbody", {}, rows.map((cells) => element("tr", {}, cells.map((cell) => element("td", {}, cell)))))));
}

const initial = (value) => (value === undefined ? "" : ` Default: ${JSON.stringify(value)}.`);

function memberTable(label, schema) {
  const rows = members(schema);
  if (rows.length === 0) return element("p", {}, type(typeOf(schema)));
  return table(label, ["Name", "Type", "Needed", "What it is"], rows.map(({ name, type: pieces, isNeeded, text, initial: usual, depth }) => [
    element("code", { class: `depth-${Math.min(depth, 4)}` }, name), type(pieces), isNeeded ? "yes" : "", text + initial(usual)]));
}

function body(document, title, given) {
  return bodies(given).map(([media, schema]) => {
    const name = nameOf(schema);
    return element("div", {}, element("p", {}, element("strong", {}, title), ` as ${media}: `, type(typeOf(schema))),
      name || !members(schema).length ? null : memberTable(title, schema));
  });
}

function operation(document, { method, path, description, parameters, requestBody, responses }) {
  const request = resolved(document, requestBody);
  return [
    description ? element("p", {}, description) : null,
    parameters.length ? table("Parameters", ["Name", "In", "Type", "Needed", "What it is"], parameters.map((one) => [
      element("code", {}, one.name), one.in, type(typeOf(one.schema)), one.required ? "yes" : "", (one.description ?? "") + initial(one.schema?.default)])) : null,
    ...body(document, "Body", request),
    table("Answers", ["Status", "When", "Body"], answers(document, responses).map(({ statuses, answer }) =>
      [statuses.join(", "), answer.description, bodies(answer).flatMap(([media, schema], index) =>
        [index ? element("br") : null, ...type(typeOf(schema)), media === "application/json" ? "" : ` (${media})`])])),
    element("p", {}, element("code", {}, `curl ${method === "GET" ? "" : `-X ${method} `}${address(path.slice(1)).replaceAll("%7B", "{").replaceAll("%7D", "}")}`)),
  ];
}

/** Draws below `root`; gives a function that ends it. */
export function showApi(root, onFault) {
  const ends = [];
  let isOver = false;
  document.title = "API – Cairn";

  /** One thing of the description: a title, and what is in it once it is opened. */
  function entry(id, title, text, content) {
    const inner = element("div");
    const node = element("details", { class: "entry", "data-id": id, "data-text": `${id} ${title} ${text}`.toLowerCase() },
      element("summary", {}, title, text ? element("span", { class: "quiet" }, ` ${text}`) : null), inner);
    node.addEventListener("toggle", () => {
      if (node.open && !inner.hasChildNodes()) fill(inner, content());
    });
    node.querySelector("summary").addEventListener("click", () => !node.open && tell({ at: id }));
    return node;
  }

  function build(description) {
    const calls = operations(description).map((one) => entry(one.id,
      element("code", {}, element("span", { class: `method ${one.method.toLowerCase()}` }, one.method), ` ${one.path}`), one.summary ?? "", () => operation(description, one)));
    const schemas = Object.entries(description.components?.schemas ?? {}).map(([name, schema]) =>
      entry(name, element("code", {}, name), schema.description ?? "", () => memberTable(name, schema)));
    const entries = [...calls, ...schemas];
    const field = element("input", { type: "search", id: "api-find", autocomplete: "off", value: told("find") ?? "" });
    const none = element("p", { class: "quiet", role: "status" });
    const find = () => {
      const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      let left = 0;
      for (const one of entries) {
        one.hidden = !words.every((word) => one.dataset.text.includes(word));
        left += one.hidden ? 0 : 1;
      }
      none.textContent = left ? "" : "Nothing of the description has all of these words.";
    };
    const goTo = () => {
      field.value = told("find") ?? "";
      find();
      const one = entries.find(({ dataset }) => dataset.id === told("at"));
      if (!one) return;
      Object.assign(one, { hidden: false, open: true });
      one.scrollIntoView();
      one.querySelector("summary").focus({ preventScroll: true });
    };
    field.addEventListener("input", () => {
      tellSoon({ find: field.value.trim() });
      find();
    });
    ends.push(onTold(goTo));
    const { title, version, description: text } = description.info;
    root.replaceChildren(
      element("h1", {}, `API of ${title}, version ${version}`),
      element("section", { class: "card", "aria-label": "About" },
        element("p", {}, text, " Errors are problem documents (RFC 9457); ", element("a", { href: "openapi.json" }, "the description itself"),
          " is OpenAPI ", description.openapi, ", and ", element("a", { href: "metrics" }, "the metrics"), " are Prometheus's text."),
        element("p", {}, "With a token set, a call needs ", element("code", {}, "Authorization: Bearer …"),
          ". The guides (tutorial, definitions, searches, operation) are in the folder ", element("code", {}, "docs"), " of Cairn's source."),
        element("p", { class: "field" }, element("label", { for: "api-find" }, "Find"), field), none),
      element("section", { class: "card", "aria-labelledby": "calls" }, element("h2", { id: "calls" }, "Calls"), calls),
      element("section", { class: "card", "aria-labelledby": "schemas" }, element("h2", { id: "schemas" }, "What calls take and give"), schemas));
    goTo();
  }

  get("openapi.json").then(({ body: description }) => !isOver && build(description), (error) => !isOver && onFault(error));
  return () => {
    isOver = true;
    ends.forEach((end) => end());
  };
}
