/** JSON as text: written for people, and where in it a pointer points. */

/** Indented, with short lists and short objects on one line. */
export function pretty(value, indent = "") {
  const flat = JSON.stringify(value);
  const inner = `${indent}  `;
  if (value === null || typeof value !== "object" || flat.length < 3) return flat;
  if (Array.isArray(value)) {
    if (value.every((item) => item === null || typeof item !== "object")) return `[${value.map((item) => JSON.stringify(item)).join(", ")}]`;
    return `[\n${value.map((item) => inner + pretty(item, inner)).join(",\n")}\n${indent}]`;
  }
  const members = Object.entries(value);
  const nested = members.some(([, item]) => item !== null && typeof item === "object" && !Array.isArray(item));
  const one = `{ ${members.map(([key, item]) => `${JSON.stringify(key)}: ${pretty(item)}`).join(", ")} }`;
  if (indent && !nested && one.length + indent.length < 90) return one;
  return `{\n${members.map(([key, item]) => `${inner}${JSON.stringify(key)}: ${pretty(item, inner)}`).join(",\n")}\n${indent}}`;
}

/**
 * [start, end] of what a JSON pointer (RFC 6901) names in a text; where it names nothing, of the nearest thing around it,
 * or null where the text is no JSON.
 */
export function locate(text, pointer) {
  try {
    JSON.parse(text);
  } catch {
    return null;
  }
  const wanted = pointer.split("/").slice(1).map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  // The text is known to be JSON, so that its tokens are all there is to look at.
  const tokens = [...text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g)];
  let at = 0;
  let found = null;

  function value(path) {
    const first = tokens[at];
    const open = first[0];
    at += 1;
    if (open === "{" || open === "[") {
      for (let index = 0; !"]}".includes(tokens[at][0]); index += 1) {
        let key = String(index);
        if (open === "{") {
          key = JSON.parse(tokens[at][0]);
          at += 2;
        }
        value([...path, key]);
        if (tokens[at][0] === ",") at += 1;
      }
      at += 1;
    }
    const last = tokens[at - 1];
    // Inner values end first: the first that is on the way to what is wanted is the nearest.
    if (!found && path.every((part, index) => part === wanted[index])) found = [first.index, last.index + last[0].length];
  }

  value([]);
  return found;
}
