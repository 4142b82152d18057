/**
 * Something of a study that is shown, and edited where it is shown. What is typed is kept for the study's address until it is
 * saved or discarded; a change that somebody else made meanwhile is shown before it is replaced.
 */
import { patchFresh } from "../api.js";
import { button, element, fill } from "../dom.js";
import { keepDraft, keptDraft } from "../draft.js";

/**
 * `id` is short and belongs to the page, `label` names what is edited. `read(study)` gives its text, `changes(text, study)` the
 * PATCH that makes it so and throws an Error whose message says what is wrong with the text, `shown(study)` draws it.
 * `control` is the empty field. Gives a `node` and `update(study)`.
 */
export function editInPlace({ path, address, id, label, hint, control, read, changes, shown, onChange }) {
  const key = `${address} ${id}`;
  let study = null;
  /** The text of the service that the edit began with; null while nothing is edited. */
  let base = null;
  const text = element("div");
  const fault = element("p", { class: "error", role: "alert", hidden: true });
  const edit = button("Edit", () => open(read(study), read(study), true), { class: "plain small", "aria-label": `Edit ${label.toLowerCase()}` });
  const save = button("Save", store, { class: "plain main" });
  const discard = button("Discard", close);
  Object.entries({ id: `edit-${id}`, "aria-describedby": hint ? `hint-${id}` : null })
    .forEach(([name, value]) => value && control.setAttribute(name, value));
  const form = element("form", { hidden: true, novalidate: true, class: "in-place" },
    element("p", { class: "field" }, element("label", { for: control.id }, label), control,
      hint ? element("span", { class: "quiet note", id: `hint-${id}` }, hint) : null),
    fault, element("p", { class: "row" }, save, discard));
  const title = element("div", { class: "title" }, element("h3", {}, label), edit);
  const node = element("div", { id, class: "editable" }, title, text, form);

  function tell(message) {
    fault.textContent = message;
    fault.hidden = message === "";
  }

  function open(from, typed, isAsked) {
    base = from;
    control.value = typed;
    tell("");
    form.hidden = false;
    text.hidden = true;
    title.hidden = true;
    if (isAsked) control.focus();
  }

  function close() {
    keepDraft(key, null);
    base = null;
    form.hidden = true;
    text.hidden = false;
    title.hidden = false;
    edit.focus();
  }

  control.addEventListener("input", () => keepDraft(key, control.value === base ? null : { base, text: control.value }));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    store();
  });

  async function store() {
    const wanted = control.value;
    tell("");
    save.disabled = true;
    try {
      let other = null;
      const answer = await patchFresh(path, (fresh) => {
        if (read(fresh) === base) return changes(wanted, fresh);
        other = read(fresh);
        return null;
      });
      if (answer) {
        study = answer.body;
        close();
        update(study);
        onChange();
      } else if (other === wanted) close();
      else {
        // Saving again replaces what is shown now.
        base = other;
        keepDraft(key, { base, text: wanted });
        tell(`It was changed meanwhile, and is now: ${other === "" ? "empty" : `“${other}”`}. Save again to replace that.`);
      }
    } catch (error) {
      tell(error.errors?.length ? error.errors.map(({ detail }) => detail).join(" ") : error.message);
    } finally {
      save.disabled = false;
    }
    onChange();
  }

  function update(news) {
    const isFirst = study === null;
    study = news;
    fill(text, shown(news));
    const draft = isFirst ? keptDraft(key) : null;
    if (draft) open(draft.base, draft.text, false);
  }

  return { node, update };
}
