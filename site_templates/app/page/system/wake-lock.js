/**
 * Keeps the screen on while something runs that the person watches or waits for. The browser takes the
 * lock away whenever the page is hidden; it is asked for again when the page is back.
 *
 * @param {{wakeLock?: WakeLock}} [browser]
 * @param {Document} [page]
 */
export function createWakeLock(browser = navigator, page = document) {
  /** @type {Set<string>} */
  const reasons = new Set();
  /** @type {WakeLockSentinel | null} */
  let lock = null;
  let asking = false;

  const wanted = () => reasons.size > 0 && !page.hidden;

  async function settle() {
    const want = wanted();
    if (asking || want === Boolean(lock && !lock.released)) return;
    asking = true;
    try {
      if (want) lock = (await browser.wakeLock?.request('screen')) ?? null;
      else await lock?.release();
    } catch {
      // A battery that is low says no: the screen then goes dark as usual.
    }
    asking = false;
    // What is wanted may have changed while the browser was asked.
    if (want !== wanted()) settle();
  }

  page.addEventListener('visibilitychange', settle);

  return {
    /** @param {string} reason e.g. "batch" */
    hold(reason) {
      reasons.add(reason);
      settle();
    },
    /** @param {string} reason */
    release(reason) {
      reasons.delete(reason);
      settle();
    },
  };
}
