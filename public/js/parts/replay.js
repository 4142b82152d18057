/** A slider over the steps of something that happened, with buttons to go one step, and to play it. */
import { button, element } from "../dom.js";

/** Playing takes this long for each step, in milliseconds, but as a whole at least and at most so long. */
const [STEP, SHORTEST, LONGEST] = [140, 3000, 25_000];
const still = matchMedia("(prefers-reduced-motion: reduce)");
/** Whom motion disturbs sees a picture this often, in milliseconds. */
const CALM = 700;

/**
 * `label` says what the slider chooses, `textOf(step)` what a step is called. `onStep(step, isPlaying)` is called when it is
 * moved. Steps are from 1. Gives `node`, `update(count)`, which keeps the place, or the end where the slider is there, `step()`,
 * `set(step)` and `destroy()`.
 */
export function replay({ id, label, textOf, onStep }) {
  let count = 0;
  let begun = null;
  let isAtEnd = true;
  let frame = null;
  const slider = element("input", { type: "range", id, min: 1, max: 1, value: 1, step: 1 });
  const play = button("Play", () => (frame === null ? start() : stop()), { class: "plain small", "aria-pressed": "false" });
  const move = (by) => () => {
    stop();
    go(step() + by, false);
  };
  const back = button("‹", move(-1), { class: "plain small", "aria-label": "One trial back" });
  const on = button("›", move(1), { class: "plain small", "aria-label": "One trial on" });
  const end = button("To the end", move(Infinity), { class: "plain small" });
  const node = element("div", { class: "replay" },
    element("label", { class: "quiet", for: id }, label),
    element("div", { class: "row" }, play, back, on, slider, end));
  const step = () => Number(slider.value);

  function go(wanted, isPlaying) {
    const place = Math.min(count, Math.max(1, Math.round(wanted)));
    slider.value = place;
    slider.setAttribute("aria-valuetext", textOf(place));
    isAtEnd = place === count;
    [back.disabled, on.disabled, end.disabled] = [place <= 1, isAtEnd, isAtEnd];
    onStep(place, isPlaying);
  }

  function tick(now) {
    if (!node.isConnected) {
      stop();
      return;
    }
    const time = Math.min(LONGEST, Math.max(SHORTEST, STEP * count));
    begun ??= { at: now, from: step() };
    const place = Math.min(count, Math.floor(begun.from + ((now - begun.at) * count) / time));
    const isLast = place >= count;
    if (place !== step()) go(place, !isLast);
    if (isLast) stop();
    else next();
  }

  function next() {
    frame = still.matches ? { timer: setTimeout(() => tick(performance.now()), CALM) } : { request: requestAnimationFrame(tick) };
  }

  function start() {
    begun = null;
    if (step() >= count) go(1, true);
    play.textContent = "Pause";
    play.setAttribute("aria-pressed", "true");
    next();
  }

  function stop() {
    if (frame === null) return;
    clearTimeout(frame.timer);
    cancelAnimationFrame(frame.request);
    frame = null;
    play.textContent = "Play";
    play.setAttribute("aria-pressed", "false");
    onStep(step(), false);
  }

  slider.addEventListener("input", () => {
    stop();
    go(step(), false);
  });
  return {
    node, step,
    isPlaying: () => frame !== null,
    isAtEnd: () => isAtEnd,
    set: (wanted) => go(wanted, false),
    update(made) {
      const place = isAtEnd && frame === null ? made : step();
      count = made;
      slider.max = Math.max(1, made);
      slider.value = Math.min(made, place);
      slider.setAttribute("aria-valuetext", textOf(step()));
      isAtEnd = step() >= made;
      [back.disabled, on.disabled, end.disabled] = [step() <= 1, isAtEnd, isAtEnd];
    },
    destroy: stop,
  };
}
