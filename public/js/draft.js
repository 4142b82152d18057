/** What was typed and is neither sent nor discarded: kept for each address, over other views, reloads and the browser's end. */
const PREFIX = "cairn-draft ";
const drafts = new Map();

/** What was kept for an address, or null. */
export function keptDraft(address) {
  try {
    return drafts.get(address) ?? JSON.parse(localStorage.getItem(PREFIX + address));
  } catch {
    return drafts.get(address) ?? null;
  }
}

/** Keeps a draft, which is JSON; null takes it away. */
export function keepDraft(address, made) {
  if (made === null) drafts.delete(address);
  else drafts.set(address, made);
  try {
    if (made === null) localStorage.removeItem(PREFIX + address);
    else localStorage.setItem(PREFIX + address, JSON.stringify(made));
  } catch {
    // A browser that keeps nothing for pages still has the variable.
  }
}
