/** How strongly softmax regression is penalised, chosen on its training examples alone. Pure. */
import { curvatureOf } from './curvature.js';
import { fitSoftmax, scoresOf, softmax } from './regression.js';

/** @typedef {import('./regression.js').Rows} Rows */

/** The penalty of the classifier that detects foreign photos, as in trained models. */
export const FAMILIAR_PENALTY = 100;

/**
 * The penalties that are tried, strongest first: with standardised values, 10,000 hardly lets classes be told
 * apart, and 1 lets each of a few photos be memorised.
 */
const PENALTIES = [1e4, 3e3, 1e3, 300, FAMILIAR_PENALTY, 30, 10, 3, 1];
/** After this many worse ones in a row it only gets worse: the penalties are in order. */
const PATIENCE = 2;
/** Near enough to the minimum to tell one penalty from the next: `flat` of the solver. */
const FLAT = 1e-3;
const LOG_TEMPERATURES = /** @type {const} */ ([-5, 5]);
const GOLDEN = (Math.sqrt(5) - 1) / 2;
const NARROWINGS = 30;

/**
 * What cross-validation found best.
 *
 * @typedef {object} Held
 * @property {number} penalty for `fitSoftmax`
 * @property {number} temperature what scores are to be divided by, so that probabilities are right for
 *   other photos
 * @property {Float64Array} scores of each row, by a classifier that has not learnt from its fold; row by row
 * @property {Float64Array} familiarity of each row, likewise, with `FAMILIAR_PENALTY`
 */

/**
 * Find which penalty answers best for what was not learnt from: the one with the lowest log loss at the
 * temperature that suits it, because a strong penalty is not worse for its low probabilities.
 *
 * @param {Rows} rows standardised
 * @param {Int32Array} fold of each row
 * @param {number} folds
 * @returns {Held}
 */
export function crossValidate(rows, fold, folds) {
  const parts = Array.from({ length: folds }, (_, held) => {
    const part = split(rows, fold, held);
    return { ...part, curvature: curvatureOf(part.learnt) };
  });
  /** @type {(import('./regression.js').Linear | undefined)[]} */
  const starts = parts.map(() => undefined);
  /** @type {{loss: number, held: Omit<Held, 'familiarity'>} | null} */
  let best = null;
  /** @type {Float64Array} */
  let familiarity = new Float64Array();
  let worse = 0;
  for (const penalty of PENALTIES) {
    if (worse >= PATIENCE && familiarity.length > 0) break;
    const scores = new Float64Array(rows.labels.length * rows.classes);
    parts.forEach((part, held) => {
      const found = fitSoftmax(part.learnt, penalty, {
        start: starts[held],
        curvature: part.curvature,
        flat: FLAT,
      });
      starts[held] = found;
      place(scoresOf(found, part.asked, rows.depth), part.places, rows.classes, scores);
    });
    if (penalty === FAMILIAR_PENALTY) familiarity = softmax(scores.slice(), rows.classes);
    const { loss, temperature } = bestTemperature(scores, rows);
    worse += 1;
    if (best === null || loss < best.loss) {
      best = { loss, held: { penalty, temperature, scores } };
      worse = 0;
    }
  }
  return { .../** @type {NonNullable<typeof best>} */ (best).held, familiarity };
}

/**
 * @param {Float64Array} scores row by row
 * @param {Rows} rows
 * @returns {{loss: number, temperature: number}} the lowest log loss of softmax(scores / temperature), nats, and
 *   the temperature at which it is reached, by golden section
 */
export function bestTemperature(scores, { labels, weights, classes }) {
  const lossAt = (/** @type {number} */ logarithm) => {
    const scaled = scores.map((score) => score / Math.exp(logarithm));
    const own = labels.map((_, row) => row * classes + labels[row]);
    const right = Float64Array.from(own, (at) => scaled[at]);
    return softmax(scaled, classes).reduce(
      (sum, norm, row) => sum + weights[row] * (norm - right[row]),
      0,
    );
  };
  let [low, high] = /** @type {[number, number]} */ ([...LOG_TEMPERATURES]);
  for (let narrowing = 0; narrowing < NARROWINGS; narrowing++) {
    const inner = high - GOLDEN * (high - low);
    const outer = low + GOLDEN * (high - low);
    if (lossAt(inner) < lossAt(outer)) high = outer;
    else low = inner;
  }
  const middle = (low + high) / 2;
  return { loss: lossAt(middle), temperature: Math.exp(middle) };
}

/**
 * @param {Rows} rows
 * @param {Int32Array} fold
 * @param {number} held
 * @returns {{learnt: Rows, asked: Float64Array, places: number[]}} `places`: which rows are asked
 */
export function split(rows, fold, held) {
  const all = Array.from(fold.keys());
  const places = all.filter((row) => fold[row] === held);
  const asked = choose(rows, places).values;
  return {
    learnt: choose(
      rows,
      all.filter((row) => fold[row] !== held),
    ),
    asked,
    places,
  };
}

/**
 * @param {Rows} rows
 * @param {readonly number[]} chosen
 * @returns {Rows} these alone
 */
export function choose(rows, chosen) {
  const { depth, classes } = rows;
  const values = new Float64Array(chosen.length * depth);
  chosen.forEach((row, to) => {
    values.set(rows.values.subarray(row * depth, (row + 1) * depth), to * depth);
  });
  return {
    values,
    depth,
    classes,
    labels: Int32Array.from(chosen, (row) => rows.labels[row]),
    weights: Float64Array.from(chosen, (row) => rows.weights[row]),
  };
}

/**
 * @param {Float64Array} scores of the rows `places`
 * @param {readonly number[]} places
 * @param {number} classes
 * @param {Float64Array} all where they belong
 */
export function place(scores, places, classes, all) {
  places.forEach((row, from) => {
    all.set(scores.subarray(from * classes, (from + 1) * classes), row * classes);
  });
}
