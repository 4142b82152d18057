/** What a trial's program writes, as it comes: the last part of it, which follows its end while the reader is there. */
import { Problem, text as textOf, Unreachable } from "../api.js";
import { button, element } from "../dom.js";

/** The service keeps as much of each trial. */
const MOST = 1024 * 1024;
/** What is taken off the front is taken off in pieces of at most this size. */
const PIECE = 32 * 1024;
/** A reader who is so near to the end, in pixels, reads the end. */
const NEAR = 12;
/** How long to wait until a log that was refused or cut off is asked for again, in milliseconds. */
const PAUSE = 2000;

/** Where a text may be cut: never between the halves of one character. */
function cut(text, at) {
  return at < text.length && text.charCodeAt(at) >= 0xdc00 && text.charCodeAt(at) <= 0xdfff ? at + 1 : at;
}

/** A text that grows at its end and loses its beginning beyond `most`: a node for each piece below `node`. */
export function tail(node, most = MOST, size = PIECE) {
  let length = 0;
  return {
    add(text) {
      // Programs that draw over their last line end it with a carriage return alone.
      const lines = text.replaceAll("\r\n", "\n").replaceAll("\r", "\n");
      for (let from = 0; from < lines.length;) {
        const to = cut(lines, Math.min(lines.length, from + size));
        node.append(document.createTextNode(lines.slice(from, to)));
        from = to;
      }
      length += lines.length;
      while (length > most) {
        length -= node.firstChild.data.length;
        node.firstChild.remove();
      }
    },
    clear() {
      node.replaceChildren();
      length = 0;
    },
    get length() {
      return length;
    },
  };
}

/** `heading` is the element of its title. Gives a `node`, `show(trial)`, which begins or continues to follow the trial's log, and `end()`. */
export function trialLog(path, heading) {
  const box = element("pre", { class: "log", tabindex: 0, role: "region" });
  const written = tail(box);
  const told = element("p", { class: "quiet note", role: "status" });
  const whole = element("a", {}, "As a file");
  const down = button("Follow the end", () => {
    follows = true;
    toEnd();
    box.focus({ preventScroll: true });
  }, { class: "plain small", hidden: true });
  const node = element("section", { "aria-label": "Log", class: "output" },
    element("div", { class: "title" }, element(heading, {}, "Log"), down, whole), box, told);
  let follows = true;
  let shown = null;
  let control = null;
  let isDone = false;
  let refusedAt = -Infinity;

  function toEnd() {
    box.scrollTop = box.scrollHeight;
    down.hidden = true;
  }

  box.addEventListener("scroll", () => {
    follows = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
    down.hidden = follows;
  });

  function add(text) {
    const before = box.scrollHeight;
    const at = box.scrollTop;
    const length = written.length + text.length;
    written.add(text);
    if (follows) toEnd();
    // What went at the front must not move what is being read.
    else if (written.length < length) box.scrollTop = Math.max(0, at - Math.max(0, before - box.scrollHeight));
  }

  function abort() {
    control?.abort();
    control = null;
  }

  async function read(number) {
    const mine = new AbortController();
    control = mine;
    let isFirst = true;
    try {
      for await (const piece of textOf(`${path}/trials/${number}/log?follow`, mine.signal)) {
        if (control !== mine) return;
        // The stream begins with all that there is.
        if (isFirst) written.clear();
        isFirst = false;
        add(piece);
        told.textContent = "";
      }
      if (control !== mine) return;
      isDone = shown.isFinal;
      told.textContent = !isFirst || written.length ? "" : "Nothing was written.";
    } catch (error) {
      if (control !== mine) return;
      if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
      told.textContent = error.message;
    }
    control = null;
    refusedAt = performance.now();
  }

  // A page that nobody sees gives its connection back: browsers allow few of them.
  const seen = () => {
    if (document.hidden) abort();
    else if (shown) start();
  };
  document.addEventListener("visibilitychange", seen);

  function start() {
    if (control || isDone || document.hidden || performance.now() - refusedAt < PAUSE) return;
    read(shown.number);
  }

  return {
    node,
    show({ number, attempt, isFinal }) {
      if (shown?.number !== number) {
        abort();
        written.clear();
        isDone = false;
        follows = true;
        refusedAt = -Infinity;
        told.textContent = "Nothing is written yet.";
        down.hidden = true;
        whole.href = `${path}/trials/${number}/log`;
        box.setAttribute("aria-label", `What the program of trial ${number} wrote`);
      } else if (shown.attempt !== attempt || !isFinal) isDone = false;
      shown = { number, attempt, isFinal };
      start();
    },
    /** Asks again where the log was refused or cut off. */
    again: () => shown && start(),
    end() {
      document.removeEventListener("visibilitychange", seen);
      abort();
      shown = null;
    },
    /** Ends following, until `show` begins again. */
    hide() {
      abort();
      written.clear();
      shown = null;
    },
  };
}
