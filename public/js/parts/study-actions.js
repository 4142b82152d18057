/** The buttons that change a study: pause, resume, stop, delete. */
import { send } from "../api.js";
import { button, element } from "../dom.js";
import { confirm } from "./confirm.js";

const POSSIBLE = { running: ["pause", "stop"], paused: ["resume", "stop"] };

/** Gives a `node`, a `fault` line for what went wrong, and `update(state)`. `onChange` is called after each change. */
export function studyActions(path, name, onChange) {
  const fault = element("p", { class: "error", role: "alert", hidden: true });
  const buttons = {
    pause: button("Pause", () => act(() => send("POST", `${path}/pause`))),
    resume: button("Resume", () => act(() => send("POST", `${path}/resume`))),
    stop: button("Stop", async () => {
      if (await confirm(`Stop ${name}?`, "Running trials are cut short, and the study cannot be resumed.", "Stop the study")) {
        await act(() => send("POST", `${path}/stop`));
      }
    }),
    delete: button("Delete", async () => {
      if (await confirm(`Delete ${name}?`, "The study, its trials and their curves are deleted for good.", "Delete the study")) {
        await act(() => send("DELETE", path), true);
      }
    }, { class: "plain danger" }),
  };
  const node = element("div", { class: "row", role: "group", "aria-label": "Study" }, Object.values(buttons));

  async function act(change, gone = false) {
    fault.hidden = true;
    Object.values(buttons).forEach((one) => { one.disabled = true; });
    try {
      const { body } = await change();
      if (gone) {
        location.hash = "#/";
        return;
      }
      update(body.state);
    } catch (error) {
      fault.textContent = error.message;
      fault.hidden = false;
    } finally {
      Object.values(buttons).forEach((one) => { one.disabled = false; });
    }
    // A button that was pressed and is gone, or was disabled for a moment, has lost the focus.
    if (document.activeElement === document.body) Object.values(buttons).find((one) => !one.hidden).focus();
    onChange();
  }

  function update(state) {
    for (const action of ["pause", "resume", "stop"]) buttons[action].hidden = !POSSIBLE[state]?.includes(action);
  }

  return { node, fault, update };
}
