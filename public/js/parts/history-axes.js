/** What the history of a study is drawn over, and which of its axes are log axes; the address keeps both. */
import { onTold, tell, told } from "../address.js";
import { button, element } from "../dom.js";

const LOGS = { x: "Log across", y: "Log values" };

/** `onChange()` is called when a person, or the address, chooses. Gives a `node`, `over()`, `logs()` and `destroy()`. */
export function historyAxes(onChange) {
  let over = null;
  let logs = null;
  const overs = ["trials", "seconds"].map((name) => button(`Over ${name}`, () => choose(name, logs), { "data-over": name }));
  const pressed = Object.entries(LOGS).map(([name, text]) =>
    button(text, () => choose(over, { ...logs, [name]: !logs[name] }), { "data-log": name }));

  function show() {
    over = told("over") === "seconds" ? "seconds" : "trials";
    logs = { x: (told("log") ?? "").includes("x"), y: (told("log") ?? "").includes("y") };
    overs.forEach((one) => one.setAttribute("aria-pressed", String(one.dataset.over === over)));
    pressed.forEach((one) => one.setAttribute("aria-pressed", String(logs[one.dataset.log])));
  }

  function choose(wanted, wantedLogs) {
    tell({ over: wanted === "trials" ? null : wanted, log: Object.keys(LOGS).filter((name) => wantedLogs[name]).join("") || null });
    show();
    onChange();
  }

  show();
  const destroy = onTold(() => {
    show();
    onChange();
  });
  return {
    node: element("div", { class: "row" },
      element("div", { class: "row", role: "group", "aria-label": "Horizontal axis" }, overs),
      element("div", { class: "row", role: "group", "aria-label": "Log axes" }, pressed)),
    over: () => over,
    logs: () => logs,
    destroy,
  };
}
