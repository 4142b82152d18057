/**
 * One stream of events keeps the whole page up to date. A view loads the current state, and then takes what changes; after a
 * lost connection the stream continues where it ended, and the views load what they may have missed.
 */
import { Problem, stream, Unreachable } from "./api.js";
import { serverSentEvents } from "./server-sent-events.js";

const FIRST_WAIT = 500;
const LONGEST_WAIT = 8000;
/** The service sends a comment every 15 s; a stream that is silent for so long is dead. */
const SILENCE = 40_000;
/** A page that nobody sees for so long gives its connection back: browsers allow few of them. */
const UNSEEN = 10_000;
/** Changes that come together are drawn together. */
const DRAWING = 250;

const banner = document.getElementById("connection");
const followers = new Set();
let lastId = null;
let control = null;
let open = false;
let retry = null;
let wait = FIRST_WAIT;
let unseen = null;

banner.querySelector("button").addEventListener("click", () => connect());

function disconnect() {
  clearTimeout(retry);
  control?.abort();
  control = null;
  open = false;
}

/** The way to the service is broken: says so, and tries again after a while. */
function lost() {
  disconnect();
  if (followers.size === 0) return;
  banner.hidden = false;
  retry = setTimeout(connect, wait);
  wait = Math.min(LONGEST_WAIT, wait * 1.6);
}

async function connect() {
  disconnect();
  const mine = new AbortController();
  control = mine;
  let watchdog = null;
  const alive = () => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => control === mine && lost(), SILENCE);
  };
  alive();
  try {
    const body = await stream("v1/events", lastId, mine.signal);
    open = true;
    banner.hidden = true;
    followers.forEach((follower) => follower.load());
    for await (const event of serverSentEvents(body)) {
      if (control !== mine) return;
      alive();
      wait = FIRST_WAIT;
      if (event === null) continue;
      lastId = event.id;
      if (event.event === "reset") followers.forEach((follower) => follower.load());
      else followers.forEach((follower) => follower.take(event.event, JSON.parse(event.data)));
    }
    throw new Unreachable("The stream has ended.");
  } catch (error) {
    if (control !== mine) return;
    const refused = error instanceof Problem && error.status !== 503;
    if (!refused) {
      lost();
      return;
    }
    disconnect();
    [...followers].forEach((follower) => follower.fault(error));
  } finally {
    clearTimeout(watchdog);
  }
}

document.addEventListener("visibilitychange", () => {
  clearTimeout(unseen);
  if (document.hidden) unseen = setTimeout(disconnect, UNSEEN);
  else if (!control && followers.size) connect();
  followers.forEach((follower) => follower.draw());
});
// A page that is put aside must not hold its connection.
addEventListener("pagehide", disconnect);
addEventListener("pageshow", ({ persisted }) => persisted && followers.size && connect());
addEventListener("offline", () => control && lost());
addEventListener("online", () => followers.size && connect());

/**
 * Keeps a view up to date until `end()` is called. The view has `load(signal)`, which fetches the current state,
 * `take(kind, data)` for each event, and `draw()`, called after changes and once a second. `load` again with `now()`. What
 * the service refuses goes to `onFault`, and ends it.
 */
export function follow(view, onFault) {
  const life = new AbortController();
  let loading = false;
  let again = false;
  let loaded = false;
  let waiting = [];
  let drawing = null;

  const follower = {
    async load() {
      if (loading) {
        again = true;
        return;
      }
      loading = true;
      try {
        do {
          again = false;
          await view.load(life.signal);
        } while (again);
        loaded = true;
        waiting.splice(0).forEach(([kind, data]) => view.take(kind, data));
        follower.draw();
      } catch (error) {
        if (life.signal.aborted) return;
        if (error instanceof Unreachable || error.status === 503) lost();
        else follower.fault(error);
      } finally {
        loading = false;
      }
    },
    take(kind, data) {
      // What comes while the view is loading may be newer than what it loads.
      if (loading || !loaded) {
        waiting.push([kind, data]);
        return;
      }
      view.take(kind, data);
      drawing ??= setTimeout(follower.draw, DRAWING);
    },
    draw() {
      clearTimeout(drawing);
      drawing = null;
      if (!life.signal.aborted && loaded && !document.hidden) view.draw();
    },
    fault(error) {
      end();
      onFault(error);
    },
  };
  const clock = setInterval(() => open && follower.draw(), 1000);

  function end() {
    life.abort();
    clearInterval(clock);
    clearTimeout(drawing);
    followers.delete(follower);
    if (followers.size === 0) banner.hidden = true;
  }

  followers.add(follower);
  if (open) follower.load();
  else if (!control) connect();
  return { now: () => (open ? follower.load() : connect()), end };
}
