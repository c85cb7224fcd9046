/** When to look whether the host has something new: an app may stay open for days. */

/** Milliseconds between two looks while nothing happens. */
export const LOOK_EVERY_MS = 6 * 60 * 60 * 1000;

/** Milliseconds between two update checks at the least, however often the person returns to the app. */
export const LOOK_AGAIN_MS = 15 * 60 * 1000;

/**
 * Look again and again: when the person comes back to the page, when a network is back, and every few
 * hours.
 *
 * @param {() => Promise<unknown>} look a failure counts as nothing new
 * @param {object} [world]
 * @param {Pick<EventTarget, 'addEventListener'>} [world.connection] fires "online"
 * @param {Pick<Document, 'addEventListener' | 'hidden'>} [world.page] fires "visibilitychange"
 * @param {() => number} [world.now] milliseconds
 * @param {(tick: () => void, milliseconds: number) => unknown} [world.repeat]
 */
export function keepLooking(
  look,
  {
    connection = globalThis,
    page = globalThis.document,
    now = () => Date.now(),
    repeat = (tick, milliseconds) => setInterval(tick, milliseconds),
  } = {},
) {
  // The browser itself looks at each navigation.
  let last = now();

  /** @param {number} pause milliseconds since the last look */
  function lookAfter(pause) {
    const passed = now() - last;
    // With a clock that was set back it is unknown how long ago that was.
    if (passed >= 0 && passed < pause) return;
    last = now();
    look().catch(() => {});
  }

  page.addEventListener('visibilitychange', () => {
    if (!page.hidden) lookAfter(LOOK_AGAIN_MS);
  });
  connection.addEventListener('online', () => lookAfter(LOOK_AGAIN_MS));
  // Timers rest while a device sleeps: asked often, they notice soon that the time has come.
  repeat(() => lookAfter(LOOK_EVERY_MS), LOOK_AGAIN_MS);
}
