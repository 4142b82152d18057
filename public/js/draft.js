/** A definition that was typed and not posted yet: kept while the page shows other views, and over a reload. */
const KEY = "cairn-draft";
let draft = null;

/** `{template, text}`, or null. */
export function keptDraft() {
  try {
    return draft ?? JSON.parse(sessionStorage.getItem(KEY));
  } catch {
    return draft;
  }
}

/** Keeps a draft; null takes it away. */
export function keepDraft(made) {
  draft = made;
  try {
    if (made) sessionStorage.setItem(KEY, JSON.stringify(made));
    else sessionStorage.removeItem(KEY);
  } catch {
    // A browser that keeps nothing for pages still has the variable.
  }
}
