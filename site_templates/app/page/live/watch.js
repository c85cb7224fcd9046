/** Looks at one frame after another: the next only when the last is answered, and after a rest. */

/** Milliseconds until a camera is asked again that had no new picture. */
const NO_FRAME = 100;

/**
 * @template Seen
 * @param {object} parts
 * @param {(signal: AbortSignal) => Promise<Seen> | null} parts.look at the frame of this moment; null while
 *   there is none
 * @param {(seen: Seen, started: number, ended: number) => number} parts.onSeen returns the milliseconds to rest
 * @param {AbortSignal} parts.signal ends it
 * @param {() => number} [parts.now] milliseconds
 * @param {(milliseconds: number, signal: AbortSignal) => Promise<void>} [parts.rest] ends with the signal, too
 * @returns {Promise<void>} rejects with what `look` rejected with, unless it was ended
 */
export async function watch({ look, onSeen, signal, now = () => performance.now(), rest = pause }) {
  while (!signal.aborted) {
    const started = now();
    let milliseconds = NO_FRAME;
    try {
      const seen = await look(signal);
      if (signal.aborted) return;
      if (seen) milliseconds = onSeen(seen, started, now());
    } catch (error) {
      if (signal.aborted) return;
      throw error;
    }
    await rest(milliseconds, signal);
  }
}

/**
 * @param {number} milliseconds
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
}
