/** What a list of studies is narrowed to and sorted by; the address keeps it. */
import { onTold, tell, tellSoon, told } from "../address.js";
import { element } from "../dom.js";
import { ORDERS, STATES } from "../study-list.js";

const NAMES = ["name", "state", "label", "dataset"];

/** `onChange()` is called after each change. Gives a `node`, `wanted()`, `order()`, `sortBy(name)`, `offer({ labels, datasets })`, `destroy()`. */
export function listFilters(onChange) {
  const [labels, datasets] = ["known-labels", "known-datasets"].map((id) => element("datalist", { id }));
  const options = (list, first) => [element("option", { value: "" }, first), list.map(([value, title]) => element("option", { value }, title))];
  const fields = {
    name: element("input", { type: "search", id: "list-name", autocomplete: "off", spellcheck: "false" }),
    state: element("select", { id: "list-state" }, options(STATES.map((one) => [one, one]), "any")),
    label: element("input", { type: "search", id: "list-label", list: "known-labels", autocomplete: "off", placeholder: "name or name:value" }),
    dataset: element("input", { type: "search", id: "list-dataset", list: "known-datasets", autocomplete: "off" }),
  };
  const sort = element("select", { id: "list-sort" }, Object.entries(ORDERS).flatMap(([name, { title }]) =>
    [["", ""], ["-", ", turned"]].map(([sign, more]) => element("option", { value: sign + name }, title + more))));
  const titles = { name: "Name has", state: "State", label: "Label", dataset: "Data set" };
  const node = element("form", { class: "fields filters", role: "search", "aria-label": "Studies" },
    NAMES.map((name) => element("p", { class: "field" }, element("label", { for: `list-${name}` }, titles[name]), fields[name])),
    element("p", { class: "field" }, element("label", { for: "list-sort" }, "Sorted by"), sort), labels, datasets);

  function show() {
    for (const name of NAMES) fields[name].value = told(name) ?? "";
    sort.value = told("sort") ?? "made";
    if (!sort.value) sort.value = "made";
  }

  const value = (name) => fields[name].value.trim();
  for (const name of NAMES) {
    fields[name].addEventListener("input", () => {
      tellSoon({ [name]: value(name) });
      onChange();
    });
  }
  const sorted = (name) => {
    tell({ sort: name === "made" ? null : name });
    sort.value = name;
    onChange();
  };
  sort.addEventListener("change", () => sorted(sort.value));
  node.addEventListener("submit", (event) => event.preventDefault());
  show();
  const destroy = onTold(() => {
    show();
    onChange();
  });
  return {
    node, destroy,
    wanted: () => Object.fromEntries(NAMES.map((name) => [name, value(name)])),
    order: () => sort.value,
    /** A second press on the same turns it. */
    sortBy: (name) => sorted(sort.value === name ? `-${name}` : name),
    offer(found) {
      const list = (names) => names.map((name) => element("option", { value: name }));
      labels.replaceChildren(...list(found.labels));
      datasets.replaceChildren(...list(found.datasets));
    },
  };
}
