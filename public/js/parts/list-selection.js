/** What can be done with several studies at once: compare, stop, delete. */
import { send } from "../api.js";
import { button, element, fill } from "../dom.js";
import { hasEnded } from "../format.js";
import { isComparable } from "../study-list.js";
import { confirm } from "./confirm.js";

/** More names than these are counted in a question. */
const NAMED = 8;

function listed(studies) {
  const names = studies.slice(0, NAMED).map(({ name }) => name).join(", ");
  return studies.length > NAMED ? `${names} and ${studies.length - NAMED} more` : names;
}

const many = (count) => `${count} ${count === 1 ? "study" : "studies"}`;

/** `selected()` gives the studies, `onChange()` is called when some have changed, `onClear()` to select none. Gives a `node` and `update()`. */
export function listSelection({ selected, onChange, onClear }) {
  const told = element("p", { class: "quiet", role: "status", tabindex: -1 });
  const count = element("strong");
  const compare = element("a", { class: "plain" }, "Compare");
  const stop = button("Stop", async () => {
    const active = selected().filter((study) => !hasEnded(study));
    const isAgreed = await confirm(`Stop ${many(active.length)}?`,
      `${listed(active)}: running trials are cut short, and the studies cannot be resumed.`, `Stop ${many(active.length)}`);
    if (isAgreed) await each(active, "Stopped", (path) => send("POST", `${path}/stop`));
  });
  const remove = button("Delete", async () => {
    const chosen = selected();
    const isAgreed = await confirm(`Delete ${many(chosen.length)}?`,
      `${listed(chosen)}: the studies, their trials and their curves are deleted for good.`, `Delete ${many(chosen.length)}`);
    if (isAgreed) await each(chosen, "Deleted", (path) => send("DELETE", path));
  }, { class: "plain danger" });
  const none = button("Select none", () => onClear());
  const bar = element("div", { class: "row chosen", role: "group", "aria-label": "Selected studies", hidden: true }, count, compare, stop, remove, none);
  const node = element("div", {}, bar, told);

  async function each(studies, done, change) {
    let changed = 0;
    const faults = [];
    [stop, remove].forEach((one) => { one.disabled = true; });
    for (const { name } of studies) {
      try {
        await change(`v1/studies/${encodeURIComponent(name)}`);
        changed += 1;
      } catch (error) {
        faults.push(`${name}: ${error.message}`);
      }
      told.textContent = `${done} ${changed} of ${many(studies.length)}.`;
    }
    [stop, remove].forEach((one) => { one.disabled = false; });
    fill(told, `${done} ${many(changed)}.`, faults.map((fault) => element("span", { class: "error" }, ` ${fault}`)));
    onClear();
    onChange();
    // What was pressed is hidden now.
    told.focus();
  }

  return {
    node,
    update() {
      const chosen = selected();
      bar.hidden = chosen.length === 0;
      count.textContent = `${many(chosen.length)} selected`;
      stop.hidden = chosen.every(hasEnded);
      compare.hidden = !isComparable(chosen);
      compare.setAttribute("href", `#/comparisons/adhoc?studies=${chosen.map(({ name }) => encodeURIComponent(name)).join()}`);
    },
  };
}
