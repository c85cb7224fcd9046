/** What of a live camera is told in words: not each frame, which nobody could listen to. Pure. */

/** Milliseconds from one announcement to the next at the least. */
export const QUIET = 3000;

/**
 * @param {(best: string | null) => void} tell a name, or null for "not sure"
 */
export function createTelling(tell) {
  /** @type {string | null | undefined} */
  let told;
  let when = -Infinity;

  /**
   * @param {string | null} best what the frames show now
   * @param {number} now milliseconds of any clock
   */
  return (best, now) => {
    if (best === told || now - when < QUIET) return;
    told = best;
    when = now;
    tell(best);
  };
}
