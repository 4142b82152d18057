/** Requests to the service; a problem document becomes an error with its sentence. */

/** The service answered, and said no. `errors` has a `pointer` and a `detail` for each fault of a body. */
export class Problem extends Error {
  constructor(status, { detail, errors } = {}) {
    super(detail ?? `The service answered ${status}.`);
    this.status = status;
    this.errors = errors ?? [];
  }
}

/** The service did not answer, or its answer broke off. */
export class Unreachable extends Error {}

async function ask(path, options) {
  let response;
  let text;
  try {
    response = await fetch(path, { cache: "no-store", ...options });
    text = await response.text();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Unreachable("Cairn does not answer.");
  }
  let body = {};
  try {
    if (text) body = JSON.parse(text);
  } catch {
    // Something between the page and the service may answer with a page of its own.
    if (response.ok) throw new Unreachable("The answer was cut short.");
  }
  if (!response.ok && response.status !== 304) throw new Problem(response.status, body);
  return { status: response.status, body, tag: response.headers.get("ETag") };
}

/** GETs JSON; gives null where it is unchanged since `tag`. */
export async function get(path, { tag = null, signal } = {}) {
  const headers = { Accept: "application/json" };
  if (tag) headers["If-None-Match"] = tag;
  const answer = await ask(path, { headers, signal });
  return answer.status === 304 ? null : answer;
}

/** Every item of a list, page by page. */
export async function all(path, signal) {
  const items = [];
  let after = "";
  do {
    const { body } = await get(`${path}?limit=1000${after}`, { signal });
    items.push(...body.items);
    after = body.next ? `&after=${encodeURIComponent(body.next)}` : "";
  } while (after);
  return items;
}

/**
 * The body of a stream of events that continues after the one with the id `last`. The browser's EventSource would neither
 * tell why it was refused nor notice a stream that went silent.
 */
export async function stream(path, last, signal) {
  const headers = { Accept: "text/event-stream" };
  if (last !== null) headers["Last-Event-ID"] = last;
  let response;
  try {
    response = await fetch(path, { cache: "no-store", headers, signal });
  } catch {
    throw new Unreachable("Cairn does not answer.");
  }
  if (!response.ok) throw new Problem(response.status, await response.json().catch(() => ({})));
  return response.body;
}

/** A body of text, piece by piece as it comes. Throws a Problem where it is refused, Unreachable where it breaks off. */
export async function* text(path, signal) {
  let response;
  try {
    response = await fetch(path, { cache: "no-store", headers: { Accept: "text/plain" }, signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Unreachable("Cairn does not answer.");
  }
  if (!response.ok) throw new Problem(response.status, await response.json().catch(() => ({})));
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Unreachable("The log was cut off; it is asked for again.");
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** POSTs a form with files; `onProgress(share)` is told how much of it is sent, from 0 to 1. */
export function upload(path, form, onProgress, signal) {
  return new Promise((resolve, reject) => {
    // fetch does not tell how much of a body is sent.
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(total ? loaded / total : 0));
    request.addEventListener("error", () => reject(new Unreachable("The upload was cut off: Cairn does not answer.")));
    request.addEventListener("abort", () => reject(new DOMException("The upload was cancelled.", "AbortError")));
    request.addEventListener("load", () => {
      let body = {};
      try {
        body = JSON.parse(request.responseText);
      } catch {
        // An answer that is no JSON has only its status to tell.
      }
      if (request.status >= 200 && request.status < 300) resolve({ status: request.status, body });
      else reject(new Problem(request.status, body));
    });
    signal?.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}

/** GETs a file, asking again for as long as the service is still making it (202). */
export async function file(path, signal) {
  for (;;) {
    let response;
    try {
      response = await fetch(path, { cache: "no-store", signal });
      if (response.status === 200) return await response.blob();
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Unreachable("Cairn does not answer.");
    }
    if (response.status !== 202) throw new Problem(response.status, await response.json().catch(() => ({})));
    const wait = Number(response.headers.get("Retry-After")) || 1;
    await new Promise((resolve) => { setTimeout(resolve, wait * 1000); });
  }
}

/** POSTs, PATCHes or DELETEs; `text` is the JSON of the body, if there is one; `tag` is what the change is made to. */
export function send(method, path, text = null, tag = null) {
  const headers = { Accept: "application/json" };
  if (tag !== null) headers["If-Match"] = tag;
  if (text !== null) headers["Content-Type"] = "application/json";
  return ask(path, { method, headers, body: text });
}

/** How often a change is tried whose subject changes while it is sent: of a study with 200 trials a second, most tries meet one. */
const TRIES = 100;

/**
 * Changes a study as it is now: fetches it, and PATCHes what `changesOf(study)` gives, with its ETag. A running study gets a new
 * revision with every trial, so what is refused for that alone is tried again. Gives null where `changesOf` gives null.
 */
export async function patchFresh(path, changesOf) {
  for (let tries = 1; ; tries += 1) {
    const { body, tag } = await get(path);
    const changes = changesOf(body);
    if (changes === null) return null;
    try {
      return await send("PATCH", path, JSON.stringify(changes), tag);
    } catch (error) {
      if (error.status !== 412) throw error;
      if (tries === TRIES) throw new Problem(412, { detail: "The study changes faster than it can be edited. Save again, or pause it first." });
    }
  }
}

/** Turns the service's token into a cookie that scripts cannot read. Throws a Problem with 401 where it is wrong. */
export async function signIn(token) {
  // No other character is allowed in a header.
  if (!/^[\x21-\x7e]+$/.test(token)) throw new Problem(401);
  await ask("v1/session", { method: "POST", headers: { Authorization: `Bearer ${token}` } });
}
