/** What an OpenAPI description says, for people: pure functions of its document. */

const METHODS = ["get", "post", "put", "patch", "delete"];

/** What a reference within the document names; everything else is itself. */
export function resolved(document, given) {
  if (!given?.$ref) return given;
  return given.$ref.replace(/^#\//, "").split("/").reduce((at, part) => at?.[part.replaceAll("~1", "/").replaceAll("~0", "~")], document) ?? {};
}

/** The name at the end of a reference, or null. */
export function nameOf(given) {
  return given?.$ref ? given.$ref.split("/").at(-1) : null;
}

/** Every operation, in the order of the document; what a path says for all of its methods is part of each. */
export function operations(document) {
  return Object.entries(document.paths).flatMap(([path, item]) => METHODS.filter((method) => item[method]).map((method) => ({
    method: method.toUpperCase(), path, id: item[method].operationId ?? `${method} ${path}`, ...item[method],
    parameters: [...(item.parameters ?? []), ...(item[method].parameters ?? [])].map((one) => resolved(document, one)),
  })));
}

/** The type of a schema as pieces: texts, and { schema } where it is one with a name. */
export function typeOf(schema) {
  if (!schema || schema === true) return ["anything"];
  if (schema.$ref) return [{ schema: nameOf(schema) }];
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives) return joined(alternatives.map(typeOf), " or ");
  if (schema.enum) return [schema.enum.map((one) => (one === null ? "null" : String(one))).join(", ")];
  if (schema.const !== undefined) return [String(schema.const)];
  const types = [schema.type ?? []].flat();
  if (types.length === 0) return [schema.properties ? "object" : "anything"];
  return joined(types.map((type) => {
    if (type === "array") return ["list of ", ...typeOf(schema.items)];
    if (type === "object" && typeof schema.additionalProperties === "object") return ["object, each of it ", ...typeOf(schema.additionalProperties)];
    return [type + bounds(type, schema)];
  }), " or ");
}

function joined(lists, between) {
  return lists.flatMap((list, index) => (index ? [between, ...list] : list));
}

function bounds(type, { minimum, maximum, format, minLength, maxLength }) {
  const isNumber = type === "number" || type === "integer";
  const [low, high] = isNumber ? [minimum, maximum] : type === "string" ? [minLength, maxLength] : [];
  const unit = isNumber ? "" : " characters";
  const range = low !== undefined && high !== undefined ? ` ${low} to ${high}${unit}`
    : low !== undefined ? ` from ${low}${unit}` : high !== undefined ? ` up to ${high}${unit}` : "";
  return range + (format && type === "string" ? ` (${format})` : "");
}

/**
 * The members of an object as rows { name, type, isNeeded, text, depth }; those of an object inside it follow it, one deeper.
 * What has a name of its own is named, not followed.
 */
export function members(schema, depth = 0) {
  const inner = schema?.type === "array" || [schema?.type].flat().includes("array") ? schema.items : schema;
  const parts = [inner, ...(inner?.anyOf ?? []), ...(inner?.allOf ?? [])].filter((part) => part?.properties);
  return parts.flatMap(({ properties, required = [] }) => Object.entries(properties).flatMap(([name, one]) => [
    { name, type: typeOf(one), isNeeded: required.includes(name), text: one.description ?? "", initial: one.default, depth },
    ...(one.$ref ? [] : members(one, depth + 1)),
  ]));
}

/** The answers of an operation, those that are the same together: { statuses, answer } each. */
export function answers(document, responses) {
  const found = new Map();
  for (const [status, given] of Object.entries(responses)) {
    const answer = resolved(document, given);
    const key = JSON.stringify(answer);
    if (!found.has(key)) found.set(key, { statuses: [], answer });
    found.get(key).statuses.push(status);
  }
  return [...found.values()];
}

/** The bodies of a request or an answer: [media type, schema] each. */
export function bodies(given) {
  return Object.entries(given?.content ?? {}).map(([type, { schema }]) => [type, schema]);
}
