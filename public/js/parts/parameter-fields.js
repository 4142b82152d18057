/** The parameters of a study as rows of a form: a name, a type, the values, and the scale. */
import { button, element } from "../dom.js";

const TYPES = { real: "real", integer: "integer", categorical: "categories" };
const RANGE = /^(\S+) to (\S+?)(?: in (\d+) levels)?$/;

function isObject(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** The values of a parameter in one line; null where a line cannot say them. */
export function valuesText(entry) {
  if (!isObject(entry)) return null;
  const { type, values, min, max, points } = entry;
  if (values === undefined && min === undefined && max === undefined) return "";
  if (Array.isArray(values)) {
    const fits = (value) => (type === "categorical"
      ? typeof value === "string" && value !== "" && value === value.trim() && !value.includes(",")
      : typeof value === "number");
    return values.every(fits) ? values.join(", ") : null;
  }
  if (typeof min !== "number" || typeof max !== "number") return null;
  return `${min} to ${max}${points === undefined ? "" : ` in ${points} levels`}`;
}

/** A number where it is one; what is none stays a text, and the service says what is wrong with it. */
function numeric(word) {
  return word !== "" && Number.isFinite(Number(word)) ? Number(word) : word;
}

/** The parameter with the values of a line: `16, 32, 64`, `0.1 to 10`, or `0.1 to 10 in 9 levels`. */
export function withValues(entry, line) {
  const { values, min, max, points, ...rest } = entry;
  const text = line.trim();
  const range = rest.type === "categorical" ? null : RANGE.exec(text);
  if (range) {
    return {
      ...rest, min: numeric(range[1]), max: numeric(range[2]), ...(range[3] ? { points: Number(range[3]) } : {}),
    };
  }
  const words = text.split(",").map((word) => word.trim()).filter((word) => word !== "");
  return { ...rest, values: rest.type === "categorical" ? words : words.map(numeric) };
}

/** Gives a `node`, `read(definition)` and `write(definition)`. `onChange` is called after each change of a row. */
export function parameterFields(onChange) {
  /** `{name, entry}` each. Two rows may have one name while it is typed; the JSON cannot. */
  let rows = [];
  const list = element("div");
  const node = element("fieldset", { id: "field-parameters" }, element("legend", {}, "Parameters"), list,
    element("p", { class: "quiet" }, "Values: 16, 32, 64 – a range: 0.0001 to 0.1 – a range with levels: 0.0001 to 0.1 in 9 levels."),
    element("p", { class: "row" }, button("Add a parameter", add)));

  function written() {
    return Object.fromEntries(rows.map(({ name, entry }) => [name, entry]));
  }

  function add() {
    let next = rows.length + 1;
    while (rows.some(({ name }) => name === `parameter_${next}`)) next += 1;
    rows.push({ name: `parameter_${next}`, entry: { type: "real", min: 0, max: 1 } });
    draw();
    list.lastElementChild.querySelector("input").select();
    onChange();
  }

  /** Two parameters of one name are marked: the last one counts. */
  function mark() {
    [...list.children].forEach((line, at) => {
      const isTaken = rows.some((row, other) => other !== at && row.name === rows[at].name);
      line.querySelector("input").setAttribute("aria-invalid", isTaken);
    });
  }

  function drawn(row, at) {
    const which = `of parameter ${at + 1}`;
    const text = valuesText(row.entry);
    const name = element("input", { "aria-label": `Name ${which}`, autocomplete: "off", spellcheck: "false" });
    const type = element("select", { "aria-label": `Type ${which}` },
      Object.entries(TYPES).map(([value, label]) => element("option", { value }, label)));
    const values = element("input", {
      "aria-label": `Values ${which}`, autocomplete: "off", spellcheck: "false", class: "values",
      readonly: text === null, title: text === null ? "Only the JSON can say these values." : null,
    });
    const scale = element("select", { "aria-label": `Scale ${which}` },
      ["linear", "log"].map((value) => element("option", { value }, value)));
    name.value = row.name;
    type.value = row.entry?.type ?? "real";
    values.value = text ?? JSON.stringify(row.entry);
    scale.value = row.entry?.scale ?? "linear";
    scale.disabled = type.value === "categorical";
    /** The parameter as its fields say; members without a field stay. */
    function change() {
      const { scale: _, ...rest } = isObject(row.entry) ? row.entry : {};
      const isLog = scale.value === "log" && type.value !== "categorical";
      const entry = { ...rest, type: type.value, ...(isLog ? { scale: "log" } : {}) };
      row.entry = values.readOnly ? entry : withValues(entry, values.value);
      scale.disabled = type.value === "categorical";
      onChange();
    }
    name.addEventListener("input", () => {
      row.name = name.value;
      mark();
      onChange();
    });
    type.addEventListener("change", change);
    values.addEventListener("input", change);
    scale.addEventListener("change", change);
    return element("div", { class: "row parameter" }, name, type, values, scale,
      button("Remove", () => {
        rows.splice(rows.indexOf(row), 1);
        draw();
        onChange();
      }, { "aria-label": `Remove parameter ${at + 1}` }));
  }

  function draw() {
    list.replaceChildren(...rows.map(drawn));
    mark();
  }

  return {
    node,
    read(definition) {
      const told = isObject(definition.parameters) ? definition.parameters : {};
      if (JSON.stringify(told) === JSON.stringify(written())) return;
      rows = Object.entries(told).map(([name, entry]) => ({ name, entry }));
      draw();
    },
    write(definition) {
      definition.parameters = written();
    },
  };
}
