/** How a program of any kind gets the trials of an external study: three ways, each as lines to copy. */
import { element } from "../dom.js";
import { copyButton } from "./copy.js";
import { address, quoted } from "./definition-fields.js";

/** The line that runs a command for each trial. */
export function workerLine({ name, resolved }) {
  const words = Object.keys(resolved.parameters).flatMap((one) => [`--${one}`, quoted(`{${one}}`)]);
  // Without the slash at its end; also where the page is below a prefix.
  const server = address("").replace(/\/$/, "");
  return ["cairn worker --server", quoted(server), "--study", name, "-- ./train", ...words].join(" ");
}

/** A program in Python. A JSON text is a text of Python, too. */
export function pythonLines({ name }) {
  return [
    "from cairn_client import Study",
    "",
    `study = Study(${JSON.stringify(address("").replace(/\/$/, ""))}, ${JSON.stringify(name)})`,
    "study.optimize(lambda trial: train(**trial.parameters), workers=4)",
    "print(study.best())",
  ].join("\n");
}

/** One trial by hand: ask, and tell. */
export function curlLines({ name, resolved }) {
  const study = address(`v1/studies/${encodeURIComponent(name)}`);
  const call = (path, body) => `curl -sS --fail-with-body ${path} -d ${quoted(JSON.stringify(body))}`;
  return [
    `${call(quoted(`${study}/suggestions`), { count: 1, worker: "by-hand" })} >trial.json`,
    "jq '.items[0].parameters' trial.json",
    call(`${quoted(`${study}/trials`)}/$(jq '.items[0].number' trial.json)/complete`,
      { metrics: { [resolved.objective.metric]: 0.5 } }),
  ].join("\n");
}

const WAYS = [
  ["any-command", "Any command", workerLine,
    "The last line of its output that is a JSON object is the result. Start it on as many machines as you like."],
  ["python", "Python", pythonLines, "pip install ./clients/python, in a checkout of Cairn."],
  ["by-hand", "By hand", curlLines, "Anything that speaks HTTP can do the same."],
];

/** A part of the study's page; `isOpen` says whether its lines are seen at first. */
export function connect(study, isOpen) {
  const { metric } = study.resolved.objective;
  return element("details", { class: "card", id: "connect", open: isOpen },
    element("summary", {}, element("h2", {}, "Connect your program")),
    WAYS.map(([id, title, linesOf, note]) => {
      const lines = linesOf(study);
      return element("section", { "aria-label": title },
        element("div", { class: "title" }, element("h3", {}, title),
          copyButton("Copy", () => lines, { "aria-label": `Copy: ${title}` })),
        element("pre", { id: `connect-${id}` }, lines),
        element("p", { class: "quiet" }, note));
    }),
    element("p", { class: "quiet" }, `The metric that decides is ${metric}. `,
      "A service with a token needs CAIRN_TOKEN in the environment of the worker and of Python, ",
      "and -H \"Authorization: Bearer $CAIRN_TOKEN\" in each call of curl."));
}
