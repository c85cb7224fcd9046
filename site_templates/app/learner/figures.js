/** How well a taught set of classes is told apart. Pure. */

/** For an interval that holds the true value 95 times of 100. */
const Z = 1.959964;

/**
 * The interval in which a share lies, 95 times of 100 (Wilson 1927). It holds for few and for all of them, too.
 *
 * @param {number} right
 * @param {number} count above 0
 * @returns {[low: number, high: number]} 0…1
 */
export function wilson(right, count) {
  const share = right / count;
  const squared = Z * Z;
  const middle = share + squared / (2 * count);
  const spread = Z * Math.sqrt((share * (1 - share)) / count + squared / (4 * count * count));
  const scale = 1 + squared / count;
  return [Math.max(0, (middle - spread) / scale), Math.min(1, (middle + spread) / scale)];
}

/**
 * @param {ArrayLike<number>} labels a class index for each row
 * @param {ArrayLike<number>} answers likewise
 * @param {number} classes
 * @returns {number[][]} how many rows of each class (first) got each answer (second)
 */
export function confusionMatrix(labels, answers, classes) {
  const matrix = Array.from({ length: classes }, () => Array.from({ length: classes }, () => 0));
  for (let row = 0; row < labels.length; row++) matrix[labels[row]][answers[row]] += 1;
  return matrix;
}

/**
 * @param {Float64Array} scores row by row
 * @param {number} classes
 * @returns {Int32Array} the class with the highest score of each row, the first of equals
 */
export function bestOf(scores, classes) {
  return Int32Array.from({ length: scores.length / classes }, (_, row) => {
    const part = scores.subarray(row * classes, (row + 1) * classes);
    return part.indexOf(part.reduce((one, other) => Math.max(one, other)));
  });
}
