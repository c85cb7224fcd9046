/** Fewer numbers to solve for, where there are fewer examples than an embedding has dimensions. Pure. */
import { addTimes, product } from './vectors.js';

/** A row adds no dimension of its own where less than this part of its square is left. */
const NOTHING_NEW = 1e-9;

/**
 * Rows with the same inner products as others.
 *
 * @typedef {object} FewDimensions
 * @property {Float64Array} values row by row, `depth` numbers each
 * @property {number} depth as many as there are rows, at most
 * @property {(kernel: Float64Array, classes: number) => Float64Array} widen turns a kernel for these rows into
 *   the one for the rows that were given, class by class
 */

/**
 * Return rows with the same products among each other as those given, by Cholesky's decomposition.
 *
 * The best kernel is a combination of rows, so nothing is lost.
 *
 * @param {Float64Array} values row by row
 * @param {number} depth
 * @returns {FewDimensions}
 */
export function inFewDimensions(values, depth) {
  const count = values.length / depth;
  if (count >= depth) return { values, depth, widen: (kernel) => kernel };
  const { lower, free } = factor(values, depth, count);
  const width = free.length;
  const few = new Float64Array(count * width);
  for (let row = 0; row < count; row++) {
    few.set(lower.subarray(row * count, row * count + width), row * width);
  }
  return {
    values: few,
    depth: width,
    widen: (kernel, classes) => widen(kernel, classes, { values, depth, lower, count, free }),
  };
}

/**
 * @param {Float64Array} values
 * @param {number} depth
 * @param {number} count rows
 * @returns {{lower: Float64Array, free: number[]}} `lower`: row by row, `count` numbers each, of which the first
 *   `free.length` are used; `free`: the rows that each add a dimension
 */
function factor(values, depth, count) {
  const lower = new Float64Array(count * count);
  /** @type {number[]} */
  const free = [];
  for (let row = 0; row < count; row++) {
    const start = row * count;
    free.forEach((other, k) => {
      const both = product(values, row * depth, values, other * depth, depth);
      const known = product(lower, start, lower, other * count, k);
      lower[start + k] = (both - known) / lower[other * count + k];
    });
    const square = product(values, row * depth, values, row * depth, depth);
    const left = square - product(lower, start, lower, start, free.length);
    if (left > NOTHING_NEW * square) {
      lower[start + free.length] = Math.sqrt(left);
      free.push(row);
    }
  }
  return { lower, free };
}

/**
 * @param {Float64Array} kernel class by class
 * @param {number} classes
 * @param {object} of
 * @param {Float64Array} of.values
 * @param {number} of.depth
 * @param {Float64Array} of.lower
 * @param {number} of.count
 * @param {readonly number[]} of.free
 * @returns {Float64Array}
 */
function widen(kernel, classes, { values, depth, lower, count, free }) {
  const width = free.length;
  const wide = new Float64Array(classes * depth);
  for (let c = 0; c < classes; c++) {
    const parts = kernel.slice(c * width, (c + 1) * width);
    for (let k = width - 1; k >= 0; k--) {
      for (let later = k + 1; later < width; later++) {
        parts[k] -= lower[free[later] * count + k] * parts[later];
      }
      parts[k] /= lower[free[k] * count + k];
      addTimes(wide, c * depth, parts[k], values, free[k] * depth, depth);
    }
  }
  return wide;
}
