/** Sums over parts of typed arrays. Pure. */

/**
 * @param {Float64Array} a
 * @param {number} i where in `a` to begin
 * @param {Float64Array} b
 * @param {number} j where in `b` to begin
 * @param {number} length
 */
export function product(a, i, b, j, length) {
  // Four sums that don't wait for each other: twice as fast.
  let [s, t, u, v] = [0, 0, 0, 0];
  const whole = length - (length % 4);
  for (let k = 0; k < whole; k += 4) {
    s += a[i + k] * b[j + k];
    t += a[i + k + 1] * b[j + k + 1];
    u += a[i + k + 2] * b[j + k + 2];
    v += a[i + k + 3] * b[j + k + 3];
  }
  for (let k = whole; k < length; k++) s += a[i + k] * b[j + k];
  return s + t + (u + v);
}

/**
 * @param {Float64Array} target
 * @param {number} i where in `target` to begin
 * @param {number} times
 * @param {Float64Array} added
 * @param {number} j where in `added` to begin
 * @param {number} length
 */
export function addTimes(target, i, times, added, j, length) {
  for (let k = 0; k < length; k++) target[i + k] += times * added[j + k];
}
