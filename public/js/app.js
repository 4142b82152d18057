/**
 * Shows the view that the address names: `#/`, `#/new`, `#/new/from/NAME`, `#/new/from/NAME/CHANGE…`, `#/datasets`,
 * `#/api`, `#/comparisons`, `#/comparisons/NAME`, `#/studies/NAME` or `#/studies/NAME/trials/NUMBER`. What follows a `?` is the view's own.
 */
import { spread, viewOf } from "./address.js";
import { Problem, Unreachable } from "./api.js";
import { button, element } from "./dom.js";
import { showApi } from "./views/api.js";
import { showComparison } from "./views/comparison.js";
import { showComparisons } from "./views/comparisons.js";
import { showDatasets } from "./views/datasets.js";
import { showNewStudy } from "./views/new-study.js";
import { showSignIn } from "./views/sign-in.js";
import { showStudies } from "./views/studies.js";
import { showStudy } from "./views/study.js";
import { showTrial } from "./views/trial.js";

const main = document.getElementById("main");
let leave = () => {};
let shown = null;

function fault(error) {
  if (error.status === 401) {
    showSignIn(main, show);
    return;
  }
  const missing = error.status === 404;
  main.replaceChildren(
    element("div", { class: "card", role: "alert" },
      element("h1", {}, missing ? "Not found" : "Something went wrong"),
      element("p", { class: "error" }, error.message),
      element("p", { class: "row" }, button("Try again", show), element("a", { href: "#/" }, "All studies"))));
  // What neither the service nor the way to it has done is a fault of the page.
  if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
}

/** The name in the address; one that is not properly encoded is taken as it is. */
function decoded(name) {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function show() {
  leave();
  shown = viewOf();
  const [, view, name, part, number, ...rest] = shown.split("/");
  // Each view has a root of its own: one that was left can draw nothing on the next.
  const root = element("div", {}, element("p", { class: "quiet", role: "status" }, "Loading …"));
  main.replaceChildren(root);
  for (const link of document.querySelectorAll(".top nav a")) {
    const here = link.hash === (["datasets", "comparisons", "api"].includes(view) ? `#/${view}` : "#/");
    if (link.hash && here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (view === "api") leave = showApi(root, fault);
  else if (view === "datasets") leave = showDatasets(root, fault);
  else if (view === "comparisons" && name) leave = showComparison(root, decoded(name), fault);
  else if (view === "comparisons") leave = showComparisons(root, fault);
  else if (view === "new") {
    const from = name === "from" && part ? decoded(part) : null;
    leave = showNewStudy(root, { address: shown, from, change: [number, ...rest] }, fault);
  }
  else if (view === "studies" && name && part === "trials") leave = showTrial(root, decoded(name), Number(number), fault);
  else if (view === "studies" && name) leave = showStudy(root, decoded(name), fault);
  else leave = showStudies(root, fault);
}

addEventListener("hashchange", () => {
  if (viewOf() === shown) {
    spread();
    return;
  }
  show();
  scrollTo(0, 0);
  main.focus();
});
// The address stays that of the view.
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
  main.scrollIntoView();
});
show();
