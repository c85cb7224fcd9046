/** Deadlines for what browsers and hosts may leave waiting forever. */

/** What was awaited did not come in time; it may still come. */
export class Late extends Error {
  /** @param {number} milliseconds */
  constructor(milliseconds) {
    super(`nothing came for ${milliseconds} ms`);
  }
}

/**
 * @template T
 * @param {Promise<T>} awaited
 * @param {number} milliseconds
 * @returns {Promise<T>} rejects with `Late` when the time is over
 */
export async function within(awaited, milliseconds) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {Promise<never>} */
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Late(milliseconds)), milliseconds);
  });
  try {
    return await Promise.race([awaited, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Notice silence: each sign of life starts the time over.
 *
 * @param {number} milliseconds
 * @param {() => void} onSilence called once for each silence
 */
export function createWatch(milliseconds, onSilence) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  return {
    sign() {
      clearTimeout(timer);
      timer = setTimeout(onSilence, milliseconds);
    },
    stop() {
      clearTimeout(timer);
    },
  };
}
