/** The curvature of softmax regression's loss, by which a solver goes straight to the minimum. Pure. */
import { addTimes, product } from './vectors.js';

/** @typedef {import('./regression.js').Rows} Rows */

/**
 * Return a function that multiplies a vector of kernel and bias by the inverse of the Hessian at the point
 * where all classes are equally probable, for any penalty. For each class, that Hessian is the weighted
 * products of the rows' columns, divided by the number of classes, plus the penalty.
 *
 * @param {Rows} rows their columns have a mean near 0, so that the bias is independent of the kernel
 * @returns {(penalty: number) => (vector: Float64Array) => Float64Array}
 */
export function curvatureOf({ values, depth, weights, classes }) {
  const products = new Float64Array(depth * depth);
  let all = 0;
  weights.forEach((weight, row) => {
    all += weight / classes;
    for (let i = 0; i < depth; i++) {
      const value = (values[row * depth + i] * weight) / classes;
      if (value !== 0) addTimes(products, i * depth, value, values, row * depth, i + 1);
    }
  });
  return (penalty) => {
    const lower = cholesky(products, depth, penalty);
    return (vector) => {
      const result = vector.slice();
      for (let c = 0; c < classes; c++) {
        solve(lower, depth, result.subarray(c * depth, (c + 1) * depth));
        result[classes * depth + c] /= all;
      }
      return result;
    };
  };
}

/**
 * @param {Float64Array} matrix symmetric, of which the lower half is read, row by row
 * @param {number} size
 * @param {number} added to the diagonal; above 0, so that there is a solution
 * @returns {Float64Array} the lower triangle L with L · Lᵀ equal to it
 */
function cholesky(matrix, size, added) {
  const lower = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    const start = row * size;
    for (let column = 0; column < row; column++) {
      const known = product(lower, start, lower, column * size, column);
      lower[start + column] = (matrix[start + column] - known) / lower[column * size + column];
    }
    const known = product(lower, start, lower, start, row);
    lower[start + row] = Math.sqrt(matrix[start + row] + added - known);
  }
  return lower;
}

/**
 * @param {Float64Array} lower
 * @param {number} size
 * @param {Float64Array} vector multiplied in place by the inverse of the matrix that `lower` is the triangle of
 */
function solve(lower, size, vector) {
  for (let row = 0; row < size; row++) {
    vector[row] -= product(lower, row * size, vector, 0, row);
    vector[row] /= lower[row * size + row];
  }
  for (let row = size - 1; row >= 0; row--) {
    vector[row] /= lower[row * size + row];
    addTimes(vector, 0, -vector[row], lower, row * size, row);
  }
}
