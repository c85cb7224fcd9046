/** How sure an answer is, as one word. Pure. */

/** A class with less than this does not lead by itself: of two classes, and of more. */
const LEADING_OF_TWO = 0.6;
const LEADING = 0.4;

/** The second class is as good as the first when it has at least this part of its probability. */
const CLOSE = 0.5;

/** With fewer classes, "this or that" would say next to nothing. */
const FEWEST_FOR_EITHER = 4;

/**
 * @typedef {'sure' | 'probably' | 'either' | 'unsure' | 'foreign'} Certainty 'probably': one class leads, yet is
 *   not sure; 'either': the first two are sure together; 'foreign': the photo is unlike all that the model
 *   has learned
 *
 * @typedef {object} Limits
 * @property {number} sureFrom 0…1: an answer is sure from this probability on
 * @property {number} classes how many the model knows
 * @property {string} activation "softmax" where the probabilities add up to 1
 *
 * @typedef {object} Answered
 * @property {readonly {probability: number}[]} predictions best first; two at least, where there are two
 * @property {number | null} unfamiliarity how unlike all that was learned the photo is: above 1 it is foreign;
 *   null where the model does not rate that
 */

/**
 * @param {Answered} answer
 * @param {Limits} limits
 * @returns {Certainty}
 */
export function certaintyOf({ predictions, unfamiliarity }, { sureFrom, classes, activation }) {
  if (unfamiliarity !== null && unfamiliarity > 1) return 'foreign';
  if (predictions.length === 0) return 'unsure';
  const [first, second = 0] = predictions.map(({ probability }) => probability);
  if (first >= sureFrom) return 'sure';
  if (activation !== 'softmax') return 'unsure';
  const together = classes >= FEWEST_FOR_EITHER && first + second >= sureFrom;
  if (together && second >= CLOSE * first) return 'either';
  if (first >= (classes > 2 ? LEADING : LEADING_OF_TWO)) return 'probably';
  return together ? 'either' : 'unsure';
}

/**
 * @param {Certainty} certainty
 * @returns {boolean} whether the best prediction counts as an answer, be it with a "probably"
 */
export function isAnswer(certainty) {
  return certainty !== 'unsure' && certainty !== 'foreign';
}
