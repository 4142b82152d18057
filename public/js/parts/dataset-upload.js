/** A form that adds a data set: its name, its format, and the files that the format has, from wherever they are. */
import { send as request, upload } from "../api.js";
import { button, element } from "../dom.js";
import { faults } from "./faults.js";

/** For each format what it is, and its files in the order in which the service takes them: [label, needed]. */
const FORMATS = {
  csv: {
    label: "CSV table", accept: ".csv,.csv.gz,.gz",
    hint: "A header line, a column “label” with the classes, and columns of numbers.",
    files: [["Table", true], ["Second table", false]],
  },
  hdf5: {
    label: "HDF5, as the course's cat images", accept: ".h5,.hdf5",
    hint: "The first file has train_set_x (examples, height, width, channels), train_set_y and list_classes; the second has test_set_x and test_set_y.",
    files: [["Training file", true], ["Second file", false]],
  },
  idx: {
    label: "IDX, as MNIST", accept: ".gz,.idx,application/octet-stream",
    hint: "A file of images and a file of labels, gzip or not.",
    files: [["Images", true], ["Labels", true], ["Second images", false], ["Second labels", false]],
  },
  results: {
    label: "Table of results, as CSV", accept: ".csv,.csv.gz,.gz",
    hint: "A header line, a column for each parameter and each metric, and a row for each run. A study with a model of kind “table” looks its trials up in it.",
    files: [["Table", true]],
  },
};

/** Where files come from: what it is called, and what is to be done there. */
const SOURCES = {
  upload: { label: "this computer", action: "Upload" },
  url: { label: "the web, fetched by the service", action: "Fetch" },
  path: { label: "the service's data folder", action: "Register" },
};

/** What a new data set has, as one sentence. */
function added({ name, examples, shape, classes, columns }) {
  if (columns) return `Added ${name}: ${examples} ${examples === 1 ? "row" : "rows"} of ${columns.length} columns.`;
  const size = shape.length === 1 ? `${shape[0]} ${shape[0] === 1 ? "feature" : "features"}` : shape.join(" × ");
  return `Added ${name}: ${examples} examples, ${size}, ${classes.length} classes.`;
}

/** `onDone()` is called when a data set was added. Gives the form as `node`, and `end()`, which cuts a running upload. */
export function datasetUpload(onDone) {
  const name = element("input", { id: "upload-name", autocomplete: "off", spellcheck: "false", required: true });
  const format = element("select", { id: "upload-format" },
    Object.entries(FORMATS).map(([value, { label }]) => element("option", { value }, label)));
  const source = element("select", { id: "upload-source" },
    Object.entries(SOURCES).map(([value, { label }]) => element("option", { value }, label)));
  const scaling = element("select", { id: "upload-scaling" },
    element("option", { value: "standard" }, "by mean and deviation"),
    element("option", { value: "none" }, "none"));
  const field = (label, control) => element("p", { class: "field" }, element("label", { for: control.id }, label), control);
  const scalingField = field("Scaling of columns", scaling);
  const hint = element("p", { class: "quiet" });
  const files = element("div", { class: "fields" });
  const bar = element("progress", { max: 1, value: 0, "aria-label": "Upload" });
  const word = element("span", { role: "status" });
  const cancel = button("Cancel", () => running?.abort());
  const underway = element("p", { class: "row", hidden: true }, bar, word, cancel);
  const start = element("button", { class: "plain main" });
  const wrong = element("div", { id: "upload-faults", role: "alert" });
  const done = element("p", { id: "upload-done", role: "status" });
  let running = null;

  function choose() {
    const { accept, files: wanted, hint: text } = FORMATS[format.value];
    hint.textContent = text;
    scalingField.hidden = format.value !== "csv";
    start.textContent = SOURCES[source.value].action;
    files.replaceChildren(...wanted.flatMap(([label, required], index) => {
      const title = required ? label : `${label} (optional)`;
      const id = `upload-file-${index}`;
      const text = { required, autocomplete: "off", spellcheck: "false" };
      if (source.value === "upload") return field(title, element("input", { type: "file", id, accept, required }));
      if (source.value === "path") return field(title, element("input", { id, ...text }));
      return [
        field(title, element("input", { type: "url", id, placeholder: "https://", ...text })),
        field("Its SHA-256", element("input", { id: `upload-sha256-${index}`, pattern: "[0-9a-fA-F]{64}", title: "64 hexadecimal digits", ...text })),
      ];
    }));
  }
  format.addEventListener("change", choose);
  source.addEventListener("change", choose);

  function progress(share) {
    bar.value = share;
    word.textContent = share < 1 ? `${Math.round(100 * share)} % sent` : "Reading the file …";
  }

  /** Sends what was chosen; gives the sentence that says what came of it. */
  async function bringIn() {
    const scaled = format.value === "csv" ? { scaling: scaling.value } : {};
    const inputs = [...files.querySelectorAll("[id^=upload-file-]")];
    if (source.value === "upload") {
      const form = new FormData();
      const fields = { name: name.value, format: format.value, ...scaled };
      for (const [key, value] of Object.entries(fields)) form.append(key, value);
      for (const { files: [file] } of inputs) if (file) form.append("files", file);
      const { status, body } = await upload("v1/datasets", form, progress, running.signal);
      return status === 200 ? `${body.name} was added before, with the same content.` : added(body);
    }
    const wanted = inputs.filter(({ value }) => value).map(({ id, value }) =>
      source.value === "path" ? { path: value }
        : { url: value, sha256: files.querySelector(`#${id.replace("file", "sha256")}`).value.toLowerCase() });
    word.textContent = "Asking the service …";
    const { body } = await request("POST", "v1/datasets",
      JSON.stringify({ name: name.value, format: format.value, ...scaled, files: wanted }));
    return body.state === "importing" ? `Fetching ${body.name}; the list shows when it is ready.` : added(body);
  }

  async function send(event) {
    event.preventDefault();
    wrong.replaceChildren();
    done.textContent = "";
    running = new AbortController();
    start.disabled = true;
    underway.hidden = false;
    cancel.hidden = bar.hidden = source.value !== "upload";
    progress(0);
    try {
      done.textContent = await bringIn();
      const kept = source.value;
      node.reset();
      source.value = kept;
      choose();
      await onDone();
    } catch (error) {
      if (error.name !== "AbortError") wrong.append(...faults(error, (pointer) => place(pointer)?.focus()));
      else done.textContent = "The upload was cancelled; nothing was kept.";
    } finally {
      running = null;
      start.disabled = false;
      underway.hidden = true;
    }
  }

  /** The field that a fault is about. */
  function place(pointer) {
    const [, member, index = "0", part] = pointer.split("/");
    const file = files.querySelector(`#upload-${part === "sha256" ? part : "file"}-${index}`);
    return { name, format, scaling, files: file }[member];
  }

  const node = element("form", { class: "card", "aria-label": "Add a data set", onsubmit: send },
    element("h2", {}, "Add a data set"),
    element("div", { class: "fields" }, field("Name", name), field("Format", format), field("Files from", source), scalingField),
    hint, files, element("p", { class: "row" }, start), underway, wrong, done);
  choose();
  return { node, end: () => running?.abort() };
}
