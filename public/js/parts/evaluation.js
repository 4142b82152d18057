/** How the model of a trial did: a confusion matrix, classes, and the worst mistakes, of pictures as such. */
import { get } from "../api.js";
import { button, element, scrolling, short } from "../dom.js";
import { number as numberText, whole } from "../format.js";
import { css, ink, shade } from "../plots/colours.js";

/** More classes than these are not shown as a matrix: nobody could read it. */
const MOST = 40;
/** A mistake names this many probabilities, the largest first. */
const NAMED = 3;

function percent(share) {
  return share === null ? "–" : `${(100 * share).toFixed(1)} %`;
}

/** The share of its row that a cell has; nothing is 0 of an empty row. */
export function rowShares(matrix) {
  return matrix.map((row) => {
    const sum = row.reduce((all, one) => all + one, 0);
    return row.map((one) => (sum > 0 ? one / sum : 0));
  });
}

/** The classes with the largest probabilities, and the right one whatever its is. */
export function named({ probabilities, class: right }, classes) {
  const order = probabilities.map((probability, index) => ({ name: classes[index], probability })).sort((a, b) => b.probability - a.probability);
  const first = order.slice(0, NAMED);
  return first.some(({ name }) => name === right) ? first : [...first.slice(0, NAMED - 1), order.find(({ name }) => name === right)];
}

function matrix({ classes, confusion }) {
  if (!confusion || classes.length > MOST) return element("p", { class: "quiet" }, `A matrix of ${classes.length} classes is too large to be shown; the API has it up to 100.`);
  const shares = rowShares(confusion);
  const cell = (count, share) => {
    const made = element("td", { title: `${percent(share)} of the row` }, element("span", {}, String(count)));
    const colour = shade(share);
    made.firstChild.style.backgroundColor = css(colour);
    made.firstChild.style.color = ink(colour);
    return made;
  };
  return scrolling("Confusion matrix", element("table", { class: "heat confusion" },
    element("caption", { class: "unseen" }, "How many examples of each class were taken for each class"),
    element("thead", {}, element("tr", {}, element("td", { class: "quiet" }, "is ↓", element("br"), "taken for →"),
      classes.map((name) => element("th", { scope: "col" }, name)))),
    element("tbody", {}, confusion.map((row, label) => element("tr", {}, element("th", { scope: "row" }, classes[label]),
      row.map((count, index) => cell(count, shares[label][index])))))));
}

function perClass({ per_class: list }) {
  const heads = ["Class", "Examples", "Precision", "Recall", "F1"];
  return scrolling("Classes in numbers", element("table", {},
    element("thead", {}, element("tr", {}, heads.map((head) => element("th", { scope: "col" }, head)))),
    element("tbody", {}, list.map((one) => element("tr", {}, element("th", { scope: "row" }, one.class), element("td", {}, String(one.support)),
      [one.precision, one.recall, one.f1].map((share) => element("td", {}, short(percent(share), whole(share)))))))));
}

/** One mistake; `dataset` has its picture. */
function mistake(one, { classes }, dataset) {
  const what = `${one.class}, taken for ${one.predicted}`;
  const address = `v1/datasets/${encodeURIComponent(dataset)}/examples/${one.index}.png?part=${one.part}`;
  return element("li", {}, element("figure", {},
    one.picture ? element("img", { src: address, alt: `Example ${one.index}: ${what}`, loading: "lazy" }) : null,
    element("figcaption", {}, element("span", { class: "strong" }, what), element("br"),
      named(one, classes).map(({ name, probability }) => `${name} ${percent(probability)}`).join(", "), element("br"),
      element("span", { class: "quiet" }, `example ${one.index} of the ${one.part} part, loss ${numberText(one.loss)}`))));
}

function drawn(body, dataset, level) {
  return [
    element("p", { class: "quiet" }, `Accuracy ${percent(body.accuracy)}, loss ${numberText(body.loss)}. ${body.detail}`),
    element("div", { class: "columns even" }, element("div", {}, element(level, {}, "What was taken for what"), matrix(body)),
      element("div", {}, element(level, {}, "Class by class"), perClass(body))),
    element(level, {}, "The worst mistakes"),
    body.mistakes.length > 0
      ? element("ul", { class: "mistakes" }, body.mistakes.map((one) => mistake(one, body, dataset)))
      : element("p", {}, "There are none: every example was taken for what it is."),
  ];
}

/**
 * What is shown when it is asked for: it may have to train the model first. `level` is that of the headings below its own.
 * Gives a `node`, and `end()`.
 */
export function evaluation(path, number, dataset, level = "h3") {
  const told = element("span", { class: "quiet", role: "status" });
  const content = element("div");
  let wanted = null;
  const press = button("Show where the model errs", async () => {
    press.disabled = true;
    wanted = new AbortController();
    try {
      const body = await answered(`${path}/trials/${number}/evaluation`, wanted.signal, (words) => { told.textContent = words; });
      content.replaceChildren(...drawn(body, dataset, level));
      told.textContent = "";
      press.remove();
      // The button had the focus, and is gone.
      content.querySelector(level).tabIndex = -1;
      content.querySelector(level).focus({ preventScroll: true });
    } catch (error) {
      if (error.name !== "AbortError") told.textContent = error.message;
    }
    press.disabled = false;
  });
  return {
    node: element("section", { class: "card", id: "evaluation", "aria-label": "Where the model errs" },
      element("div", { class: "title" }, element("h2", {}, "Where the model errs"), element("div", { class: "row" }, press, told)), content),
    end: () => wanted?.abort(),
  };
}

/** Asks until the answer is there (202 says that it is being made, and why). */
async function answered(path, signal, tell) {
  for (;;) {
    const { status, body } = await get(path, { signal });
    if (status === 200) return body;
    tell(body.detail);
    await new Promise((resolve) => { setTimeout(resolve, 1000); });
    signal.throwIfAborted();
  }
}
