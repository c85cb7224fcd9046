/** Softmax regression with a quadratic penalty, solved until it converges. Pure. */
import { curvatureOf } from './curvature.js';
import { minimize } from './lbfgs.js';
import { addTimes, product } from './vectors.js';

/**
 * Rows to learn from.
 *
 * @typedef {object} Rows
 * @property {Float64Array} values row by row, `depth` numbers each
 * @property {number} depth
 * @property {Int32Array} labels a class index for each row
 * @property {number} classes how many there are
 * @property {Float64Array} weights how much each row counts
 */

/**
 * What `fitSoftmax` finds: the scores of a row are `kernel · row + bias`.
 *
 * @typedef {object} Linear
 * @property {Float64Array} kernel class by class, `depth` numbers each
 * @property {Float64Array} bias one a class
 */

/**
 * Minimise the sum of the weighted cross-entropies and `penalty / 2` times the sum of the kernel's squares:
 * what scikit-learn's `LogisticRegression` does with C = 1 / `penalty`, and `fit_softmax` of the builder.
 *
 * @param {Rows} rows
 * @param {number} penalty above 0
 * @param {object} [known]
 * @param {Linear} [known.start] a solution that may be near
 * @param {ReturnType<typeof curvatureOf>} [known.curvature] of the rows
 * @param {number} [known.flat] as `minimize` has it
 * @returns {Linear}
 */
export function fitSoftmax(rows, penalty, { start, curvature = curvatureOf(rows), flat } = {}) {
  const { depth, classes } = rows;
  const size = classes * depth;
  const first = new Float64Array(size + classes);
  if (start) {
    first.set(start.kernel);
    first.set(start.bias, size);
  }
  const found = minimize(loss(rows, penalty), first, curvature(penalty), flat);
  return { kernel: found.slice(0, size), bias: found.slice(size) };
}

/**
 * @param {Linear} linear
 * @param {Float64Array} values row by row
 * @param {number} depth
 * @returns {Float64Array} scores, row by row, one a class
 */
export function scoresOf({ kernel, bias }, values, depth) {
  const classes = bias.length;
  const scores = new Float64Array((values.length / depth) * classes);
  for (let at = 0, row = 0; row < values.length; row += depth) {
    for (let c = 0; c < classes; c++, at++) {
      scores[at] = bias[c] + product(kernel, c * depth, values, row, depth);
    }
  }
  return scores;
}

/**
 * Turn scores into probabilities.
 *
 * @param {Float64Array} scores changed in place
 * @param {number} classes of each row
 * @returns {Float64Array} the logarithm of the sum of the exponentials of each row's scores
 */
export function softmax(scores, classes) {
  const norms = new Float64Array(scores.length / classes);
  for (let row = 0; row < norms.length; row++) {
    const part = scores.subarray(row * classes, (row + 1) * classes);
    let most = -Infinity;
    for (const score of part) most = Math.max(most, score);
    let sum = 0;
    for (let c = 0; c < classes; c++) {
      part[c] = Math.exp(part[c] - most);
      sum += part[c];
    }
    for (let c = 0; c < classes; c++) part[c] /= sum;
    norms[row] = most + Math.log(sum);
  }
  return norms;
}

/**
 * @param {Rows} rows
 * @param {number} penalty
 * @returns {(parameters: Float64Array, gradient: Float64Array) => number}
 */
function loss({ values, depth, labels, classes, weights }, penalty) {
  const size = classes * depth;
  return (parameters, gradient) => {
    const kernel = parameters.subarray(0, size);
    const scores = scoresOf({ kernel, bias: parameters.subarray(size) }, values, depth);
    let sum = 0;
    labels.forEach((label, row) => {
      sum -= weights[row] * scores[row * classes + label];
    });
    softmax(scores, classes).forEach((norm, row) => {
      sum += weights[row] * norm;
    });
    gradient.fill(0, size);
    for (let i = 0; i < size; i++) {
      gradient[i] = penalty * kernel[i];
      sum += (penalty / 2) * kernel[i] * kernel[i];
    }
    for (let row = 0; row < labels.length; row++) {
      for (let c = 0; c < classes; c++) {
        const error = weights[row] * (scores[row * classes + c] - Number(labels[row] === c));
        gradient[size + c] += error;
        addTimes(gradient, c * depth, error, values, row * depth, depth);
      }
    }
    return sum;
  };
}
