/** A question before what cannot be taken back. */
import { button, element } from "../dom.js";

/** Gives true when the person agrees; Escape and the first button are a no. */
export function confirm(question, explanation, agreement) {
  return new Promise((resolve) => {
    const close = (answer) => dialog.close(answer);
    const dialog = element("dialog", { class: "card", "aria-labelledby": "question" },
      element("h2", { id: "question" }, question),
      element("p", {}, explanation),
      element("p", { class: "row" },
        button("Cancel", () => close("no"), { autofocus: true }),
        button(agreement, () => close("yes"), { class: "plain danger" })));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
