/** How far saving for offline has come, shown byte by byte and announced in quarters. */

import { downloaded } from '../format.js';
import { text } from '../language/text.js';

/** Parts of the whole after which it is said aloud. */
const STEPS = 4;

/**
 * @param {(words: string) => void} show
 * @param {(words: string) => void} announce to screen readers, which read out every change
 */
export function createSavingProgress(show, announce) {
  let announced = 0;
  return {
    /** @param {{loaded: number, total: number}} progress bytes */
    progress({ loaded, total }) {
      const words = text('offline-saved', { progress: downloaded(loaded, total) });
      show(words);
      const step = Math.floor((STEPS * loaded) / total);
      // The end of it is a state, and announced as that.
      if (step === announced || step === STEPS) return;
      if (step > announced) announce(words);
      announced = step;
    },

    /** @param {string} words the new state, e.g. "Works offline" */
    settled(words) {
      announced = 0;
      announce(words);
    },
  };
}
