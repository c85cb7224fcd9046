/** Which answers to many photos the history gets: it is for what people look at. Pure. */

/** The most answers of one lot of photos: keeping each costs as much as answering it. */
export const MOST_REMEMBERED = 200;

/**
 * @template {unknown[]} Answer
 * @param {(...answer: Answer) => void} remember
 */
export function createRemembering(remember) {
  let remembered = 0;
  return {
    /** @param {Answer} answer */
    answered(...answer) {
      if (remembered >= MOST_REMEMBERED) return;
      remembered += 1;
      remember(...answer);
    },
    /** The next photos are another lot. */
    begin() {
      remembered = 0;
    },
  };
}
