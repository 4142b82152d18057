/** What a person may do to a trial: try a failed one again, put one of a caller back in line, mark it as failed. */
import { send } from "../api.js";
import { button, element } from "../dom.js";
import { confirm } from "./confirm.js";

/** `onChange` is called after each change; `update(trial)` shows what can be done now. */
export function trialActions(path, isExternal, onChange) {
  let trial = null;
  const fault = element("p", { class: "error", role: "alert", hidden: true });
  const buttons = {
    retry: button("Try again", () => act("retry")),
    requeue: button("Put back in line", () => act("requeue")),
    fail: button("Mark as failed", async () => {
      const { number } = trial;
      if (await confirm(`Mark trial ${number} as failed?`, "A result that its caller tells later is not taken.", "Mark it")) {
        await act("fail", JSON.stringify({ reason: "Marked as failed on the page." }));
      }
    }, { class: "plain danger" }),
  };
  const node = element("div", {}, fault,
    element("div", { class: "row", role: "group", "aria-label": "Trial" }, Object.values(buttons)));

  async function act(what, body) {
    fault.hidden = true;
    try {
      await send("POST", `${path}/trials/${trial.number}/${what}`, body);
    } catch (error) {
      fault.textContent = error.message;
      fault.hidden = false;
    }
    onChange();
  }

  return {
    node,
    update(news) {
      trial = news;
      buttons.retry.hidden = trial.state !== "failed";
      buttons.requeue.hidden = !(isExternal && trial.state === "running");
      buttons.fail.hidden = !(isExternal && ["running", "queued", "stopped"].includes(trial.state));
      node.hidden = Object.values(buttons).every(({ hidden }) => hidden);
    },
  };
}
