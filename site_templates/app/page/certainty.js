/** When the app had better say that it doesn't know. Pure. */

/** Above it, the evidence is spread over so many classes that the first is hardly more than a guess. */
const SPREAD = 0.7;

/**
 * An answer is sure when its best class is as probable as the person wants, and when it isn't one of
 * many that are about as probable: a class with more than half of the probability never is.
 *
 * @param {{predictions: readonly {probability: number}[], uncertainty: number}} classification best first;
 *   `uncertainty`: entropy as a part of the highest there can be, 0…1
 * @param {number} below 0…1: less probable than that isn't sure
 * @returns {boolean}
 */
export function isSure({ predictions: [best], uncertainty }, below) {
  if (!best || best.probability < below) return false;
  return best.probability > 0.5 || uncertainty <= SPREAD;
}
