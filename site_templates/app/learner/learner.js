/** Learns classes from a handful of photos, by their embeddings from the site's network. Pure. */
import { curvatureOf } from './curvature.js';
import { prepare, unscale } from './examples.js';
import { fewest, holdOut } from './held-out.js';
import { nearestClass, unit } from './nearest.js';
import { FAMILIAR_PENALTY } from './penalty.js';
import { fitSoftmax, scoresOf, softmax } from './regression.js';

/**
 * @typedef {import('./examples.js').Example} Example
 * @typedef {import('./regression.js').Linear} Linear
 */

/** With fewer photos in a class, the nearest class answers. */
const FEWEST_PHOTOS = 3;
/** The settings for so few photos that none can be held out. */
const CAUTIOUS = { penalty: FAMILIAR_PENALTY, temperature: 1 };

/**
 * @typedef {object} Taught
 * @property {number} classes
 * @property {Linear} head from an embedding to scores, whose softmax is the probabilities
 * @property {boolean} byDirection whether `head` is for embeddings of length 1: the nearest class answers,
 *   for want of examples
 * @property {{linear: Linear, limit: number} | null} familiarity a photo is foreign where the logarithm of the
 *   sum of the exponentials of its scores is below the limit; null where there were too few photos
 * @property {number | null} penalty of the head; null where the nearest class answers
 * @property {import('./held-out.js').Estimate | null} estimate null where there were too few photos
 */

/**
 * @param {readonly Example[]} examples one of each class at least
 * @param {number} classes two at least
 * @param {number} [seed] deals photos into folds
 * @returns {Taught} the same result for the same arguments
 * @throws {RangeError} where the examples are not as they should be
 */
export function learn(examples, classes, seed = 0) {
  if (classes < 2) throw new RangeError(`There is nothing to tell apart in ${classes} class.`);
  const prepared = prepare(examples, classes);
  const { rows, scale, widen } = prepared;
  if (fewest(examples, classes, (_, index) => index) < FEWEST_PHOTOS) {
    const head = nearestClass(prepared.table.rows);
    const nothing = { familiarity: null, penalty: null, estimate: null };
    return { classes, head, byDirection: true, ...nothing };
  }
  const held = holdOut(examples, prepared, seed);
  const { penalty, temperature } = held ?? CAUTIOUS;
  const curvature = curvatureOf(rows);
  const found = fitSoftmax(rows, penalty, { curvature });
  const familiar = fitSoftmax(rows, FAMILIAR_PENALTY, { curvature, start: found });
  return {
    classes,
    head: unscale(widen(found), scale, temperature),
    byDirection: false,
    familiarity: held && { linear: unscale(widen(familiar), scale), limit: held.limit },
    penalty,
    estimate: held && held.estimate,
  };
}

/**
 * @param {Taught} taught
 * @param {Float32Array} embedding
 * @returns {{probabilities: Float64Array, unfamiliarity: number | null}} `unfamiliarity`: above 1, the photo is
 *   unlike all examples; null where that is not known
 */
export function answer({ classes, head, byDirection, familiarity }, embedding) {
  const depth = embedding.length;
  const values = Float64Array.from(embedding);
  const probabilities = scoresOf(head, byDirection ? unit(values, depth) : values, depth);
  softmax(probabilities, classes);
  if (!familiarity) return { probabilities, unfamiliarity: null };
  const [familiar] = softmax(scoresOf(familiarity.linear, values, depth), classes);
  return { probabilities, unfamiliarity: Math.exp(familiarity.limit - familiar) };
}
