/** A form that uploads a data set: its name, its format, and the files that the format has. */
import { upload } from "../api.js";
import { button, element } from "../dom.js";
import { faults } from "./faults.js";

/** For each format what it is, and its files in the order in which the service takes them: [label, needed]. */
const FORMATS = {
  csv: {
    label: "CSV table", accept: ".csv",
    hint: "A header, a column “label”, and otherwise numbers.",
    files: [["Table", true], ["Second table, for scoring", false]],
  },
  hdf5: {
    label: "HDF5, as the course's cat images", accept: ".h5,.hdf5",
    hint: "train_set_x (examples, height, width, channels) and train_set_y in the first file, test_set_x and test_set_y in the second.",
    files: [["Training file", true], ["Second file, for scoring", false]],
  },
  idx: {
    label: "IDX, as MNIST", accept: ".gz,.idx,application/octet-stream",
    hint: "A file of images and a file of labels, gzip or not.",
    files: [["Images", true], ["Labels", true], ["Second images, for scoring", false], ["Second labels", false]],
  },
};

/** `onDone()` is called when a data set has come in. Gives the form as `node`, and `end()`, which cuts a running upload. */
export function datasetUpload(onDone) {
  const name = element("input", { id: "upload-name", autocomplete: "off", spellcheck: "false", required: true });
  const format = element("select", { id: "upload-format" },
    Object.entries(FORMATS).map(([value, { label }]) => element("option", { value }, label)));
  const scaling = element("select", { id: "upload-scaling" },
    element("option", { value: "standard" }, "by the first table's mean and deviation"),
    element("option", { value: "none" }, "none"));
  const field = (label, control) => element("p", { class: "field" }, element("label", { for: control.id }, label), control);
  const scalingField = field("Scaling of columns", scaling);
  const hint = element("p", { class: "quiet" });
  const files = element("div", { class: "fields" });
  const bar = element("progress", { max: 1, value: 0, "aria-label": "Upload" });
  const word = element("span", { role: "status" });
  const cancel = button("Cancel", () => running?.abort());
  const underway = element("p", { class: "row", hidden: true }, bar, word, cancel);
  const start = element("button", { class: "plain main" }, "Upload");
  const wrong = element("div", { id: "upload-faults", role: "alert" });
  const done = element("p", { id: "upload-done", role: "status" });
  let running = null;

  function choose() {
    const { accept, files: wanted, hint: text } = FORMATS[format.value];
    hint.textContent = text;
    scalingField.hidden = format.value !== "csv";
    files.replaceChildren(...wanted.map(([label, required], index) =>
      field(required ? label : `${label} (may be left out)`, element("input", { type: "file", id: `upload-file-${index}`, accept, required }))));
  }
  format.addEventListener("change", choose);

  function progress(share) {
    bar.value = share;
    word.textContent = share < 1 ? `${Math.round(100 * share)} % sent` : "Reading it …";
  }

  async function send(event) {
    event.preventDefault();
    const form = new FormData();
    form.append("name", name.value);
    form.append("format", format.value);
    if (format.value === "csv") form.append("scaling", scaling.value);
    for (const input of files.querySelectorAll("input")) {
      if (input.files[0]) form.append("files", input.files[0]);
    }
    wrong.replaceChildren();
    done.textContent = "";
    running = new AbortController();
    start.disabled = true;
    underway.hidden = false;
    progress(0);
    try {
      const { status, body } = await upload("/v1/datasets", form, progress, running.signal);
      done.textContent = status === 200 ? `${body.name} is there already, with the same content.`
        : `${body.name} is there: ${body.examples ?? "its"} examples.`;
      node.reset();
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
    const [, member, index = "0"] = pointer.split("/");
    return { name, format, scaling, files: files.querySelector(`#upload-file-${index}`) }[member];
  }

  const node = element("form", { class: "card", "aria-label": "Upload a data set", onsubmit: send },
    element("h2", {}, "Upload a data set"),
    element("div", { class: "fields" }, field("Name", name), field("Format", format), scalingField),
    hint, files, element("p", { class: "row" }, start), underway, wrong, done);
  choose();
  return { node, end: () => running?.abort() };
}
