/** Answers for the history, kept in hand until its module is there. */

/**
 * @typedef {[photo: Blob | HTMLCanvasElement, predictions: readonly import('../types.js').Prediction[],
 *   grayscale: boolean]} Answer
 * @typedef {{remember(...answer: Answer): Promise<void>}} History
 */

/** Answers in hand at most: as many as the history takes of one lot of photos. */
const MOST_WAITING = 200;

/**
 * @param {object} parts
 * @param {() => boolean} parts.wanted whether the person wants a history
 * @param {() => Promise<History>} parts.load its module; may be asked again where that fails
 * @param {(photo: Answer[0]) => Promise<Answer[0]>} [parts.copy] of a photo whose canvas is soon another's
 */
export function createHistoryLater({ wanted, load, copy = copyOf }) {
  /** @type {History | null} */
  let history = null;
  /** @type {Answer[]} */
  let waiting = [];

  /** Keep what waits, if the module can be loaded now. */
  async function keepWaiting() {
    if (!waiting.length) return;
    try {
      history ??= await load();
    } catch {
      // The next answer tries again, and so does whoever opens the history.
      return;
    }
    const answers = waiting;
    waiting = [];
    for (const answer of answers) await history.remember(...answer);
  }

  return {
    keepWaiting,

    /**
     * Keep an answer, where the person wants that.
     *
     * @param {Answer} answer `grayscale`: whether the photo was seen in shades of gray
     */
    async remember(...answer) {
      if (!wanted()) return;
      const [photo, ...rest] = answer;
      waiting.push(history ? answer : [await copy(photo), ...rest]);
      waiting = waiting.slice(-MOST_WAITING);
      await keepWaiting();
    },
  };
}

/**
 * @param {Answer[0]} photo
 * @returns {Promise<Answer[0]>}
 */
async function copyOf(photo) {
  if (!(photo instanceof HTMLCanvasElement)) return photo;
  /** @type {Blob | null} */
  const blob = await new Promise((resolve) => {
    photo.toBlob(resolve, 'image/jpeg', 0.95);
  });
  return blob ?? photo;
}
