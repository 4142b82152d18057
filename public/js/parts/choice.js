/** A labelled list to choose one of. */
import { element } from "../dom.js";

/** `list` has [value, text] each. Gives `node`, `value()`, `set(value)`; `onChange()` is called when a person chooses. */
export function choice(id, label, list, chosen, onChange) {
  const control = element("select", { id }, list.map(([value, text]) => element("option", { value, selected: value === chosen }, text)));
  control.addEventListener("change", () => onChange());
  return {
    node: element("p", { class: "field" }, element("label", { for: id }, label), control),
    value: () => control.value,
    set: (value) => { control.value = value; },
  };
}
