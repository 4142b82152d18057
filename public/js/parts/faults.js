/** What the service finds wrong with a body: each fault with the place that it is about. */
import { button, element } from "../dom.js";

/** `onPlace(pointer)` is called when a person asks where it is. */
export function faults(problem, onPlace) {
  const row = ({ pointer, detail }) => element("li", {},
    button(pointer || "whole body", () => onPlace(pointer), { class: "plain code" }), " ", detail);
  const told = [element("p", { class: "error" }, problem.message)];
  if (problem.errors?.length) told.push(element("ul", { class: "faults" }, problem.errors.map(row)));
  return told;
}
