/** A list in pages, fetched without asking twice for what is final. */
import { get } from "./api.js";

/**
 * `load(signal)` fetches what is new and hands each item to `take`. A cursor stays good while items are added, so a full
 * page whose items are all final (`isFinal`) is never fetched again.
 */
export function pages(path, { limit, isFinal, take }) {
  const known = [{ cursor: "", kept: false }];
  return {
    async load(signal) {
      for (let index = 0; index < known.length; index += 1) {
        const page = known[index];
        if (page.kept) continue;
        const { body } = await get(`${path}?limit=${limit}${page.cursor}`, { signal });
        body.items.forEach(take);
        page.kept = Boolean(body.next) && body.items.every(isFinal);
        if (body.next && index === known.length - 1) {
          known.push({ cursor: `&after=${encodeURIComponent(body.next)}`, kept: false });
        }
      }
    },
  };
}
