/** Asks for the service's token, once. */
import { Problem, signIn } from "../api.js";
import { element } from "../dom.js";

/** Draws in `root`; calls `onDone` when the service has taken the token. */
export function showSignIn(root, onDone) {
  const input = element("input", {
    type: "password", id: "token", autocomplete: "current-password", required: true, "aria-describedby": "token-fault",
  });
  const fault = element("p", { class: "error", id: "token-fault", role: "alert" });
  const form = element("form", { class: "card narrow" },
    element("h1", {}, "This service needs its token"),
    element("p", {}, "The token is the value of CAIRN_TOKEN at the start of the service, or the one that it printed at its first start."),
    element("p", { class: "row" }, element("label", { for: "token" }, "Token"), input,
      element("button", { class: "plain" }, "Sign in")),
    fault);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    fault.textContent = "";
    try {
      await signIn(input.value.trim());
      onDone();
    } catch (error) {
      fault.textContent = error instanceof Problem && error.status === 401
        ? "That is not the token of this service." : error.message;
      input.select();
    }
  });
  root.replaceChildren(form);
  input.focus();
}
