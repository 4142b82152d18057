/** Builds elements; text never becomes markup. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat(2).filter((child) => child !== null && child !== undefined));
  return made;
}

/** What makes a row the same row when others come before it. */
function keyOf(node) {
  return node.nodeName === "TR" ? node.dataset.key : undefined;
}

function patch(node, made) {
  if (node.nodeType !== Node.ELEMENT_NODE) {
    if (node.data !== made.data) node.data = made.data;
    return;
  }
  for (const { name } of [...node.attributes]) if (!made.hasAttribute(name)) node.removeAttribute(name);
  for (const { name, value } of made.attributes) {
    if (node.getAttribute(name) === value) continue;
    // The page's security policy refuses styles as attributes.
    if (name === "style") node.style.cssText = value;
    else node.setAttribute(name, value);
  }
  patchChildren(node, made);
}

function patchChildren(node, made) {
  const keyed = new Map([...node.children].map((child) => [keyOf(child), child]));
  let at = node.firstChild;
  for (const child of [...made.childNodes]) {
    const key = keyOf(child);
    const alike = at && at.nodeName === child.nodeName && keyOf(at) === undefined ? at : undefined;
    const same = key === undefined ? alike : keyed.get(key);
    if (!same) node.insertBefore(child, at);
    else {
      if (same === at) at = at.nextSibling;
      else node.insertBefore(same, at);
      patch(same, child);
    }
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

/**
 * Changes the content of a node to new content, and does not touch what is the same: a click that is under way, focus,
 * selection and scrolling stay. Rows of tables are told apart by `data-key`. Content that is filled in has no
 * listeners of its own; they belong to the node.
 */
export function fill(node, ...children) {
  const holder = element("div", {}, ...children);
  if (holder.innerHTML !== node.innerHTML) patchChildren(node, holder);
}

/** A value in few digits that shows all of them when it is pointed at. */
export function short(text, whole) {
  return text === whole ? text : element("span", { title: whole }, text);
}

/** A button that does something here; links are for going elsewhere. */
export function button(text, onclick, attributes = {}) {
  return element("button", { type: "button", class: "plain", onclick, ...attributes }, text);
}

/** Names with their values, as a list. */
export function facts(pairs) {
  return element("dl", { class: "facts" }, pairs.map(([name, value]) =>
    element("div", {}, element("dt", {}, name), element("dd", {}, value instanceof Node ? value : String(value)))));
}

/** What is wider than the window scrolls inside this, also by keyboard. */
export function scrolling(label, content) {
  return element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": `${label}, scrolls sideways` }, content);
}
