/**
 * One answer of the classifier.
 *
 * @typedef {object} Prediction
 * @property {number} classIndex index of the class, as in `labels`
 * @property {string} className the class's name
 * @property {number} probability 0…1
 */

/**
 * Sharpen (T < 1) or flatten (T > 1) probabilities: p^(1/T), made to add up to 1 again, which
 * equals softmax(logits / T). Source: Guo et al., "On Calibration of Modern Neural Networks", 2017.
 *
 * @param {Float32Array} probabilities
 * @param {number} temperature > 0
 * @returns {Float32Array}
 */
export function applyTemperature(probabilities, temperature) {
  if (temperature === 1) return probabilities;
  let most = 0;
  for (const probability of probabilities) most = Math.max(most, probability);
  let sum = 0;
  const powers = Float64Array.from(probabilities, (probability) => {
    const power = (probability / most) ** (1 / temperature);
    sum += power;
    return power;
  });
  return Float32Array.from(powers, (power) => power / sum);
}

/**
 * How undecided probabilities are: their entropy, as a part of the highest that there can be.
 *
 * @param {Float32Array} probabilities that add up to 1
 * @returns {number} 0 (one class has it all) … 1 (all are equal)
 */
export function normalizedEntropy(probabilities) {
  if (probabilities.length < 2) return 0;
  let entropy = 0;
  for (const probability of probabilities) {
    if (probability > 0) entropy -= probability * Math.log(probability);
  }
  return Math.min(1, Math.max(0, entropy / Math.log(probabilities.length)));
}

/**
 * How uncertain an answer is.
 *
 * @param {Float32Array} probabilities one a class
 * @param {string} activation "softmax" where they add up to 1; else each is for itself, and the result is how
 *   far the best one is from saying that its class is there
 * @returns {number} 0 (sure) … 1 (all classes are equal, or none is there)
 */
export function uncertaintyOf(probabilities, activation) {
  if (activation === 'softmax') return normalizedEntropy(probabilities);
  const best = probabilities.reduce((most, probability) => Math.max(most, probability), 0);
  return Math.min(1, 2 * (1 - best));
}

/**
 * How unlike all that was learned a photo is: the logarithm of the sum of the scores' exponentials is its
 * familiarity. Source: Liu et al., "Energy-based Out-of-distribution Detection", 2020.
 *
 * @param {Float32Array} scores one a class
 * @param {number} limit the lowest familiarity of a photo that is not foreign
 * @returns {number} above 1: foreign
 */
export function unfamiliarityOf(scores, limit) {
  const most = scores.reduce((highest, score) => Math.max(highest, score), -Infinity);
  const sum = scores.reduce((all, score) => all + Math.exp(score - most), 0);
  return Math.exp(limit - most) / sum;
}

/**
 * Return the `topK` most probable classes, best first; of equals the lower index comes first.
 *
 * @param {Float32Array} probabilities one a class
 * @param {readonly string[]} labels one a class
 * @param {number} topK ≥ 1; more than there are classes means all of them
 * @param {ReadonlySet<number>} [excluded] indices of classes that are never given as an answer
 * @returns {Prediction[]}
 */
export function topPredictions(probabilities, labels, topK, excluded = new Set()) {
  return Array.from(probabilities, (_, index) => index)
    .filter((index) => !excluded.has(index))
    .sort((a, b) => probabilities[b] - probabilities[a] || a - b)
    .slice(0, topK)
    .map((classIndex) => ({
      classIndex,
      className: labels[classIndex],
      probability: probabilities[classIndex],
    }));
}

/**
 * Say what is wrong with a network's probabilities, or return null: a GPU that computes wrongly or
 * that lost its context answers with NaN, zeros or noise, and raises no error.
 *
 * @param {Float32Array} probabilities
 * @param {string} activation "softmax" makes them add up to 1
 * @returns {string | null}
 */
export function probabilityFault(probabilities, activation) {
  let sum = 0;
  for (const probability of probabilities) {
    if (!(probability >= -1e-3 && probability <= 1.01)) return `a probability is ${probability}`;
    sum += probability;
  }
  if (activation === 'softmax' && Math.abs(sum - 1) > 1e-2) {
    return `the probabilities add up to ${sum}`;
  }
  return null;
}

/**
 * Say what is wrong with other values of a network, or return null.
 *
 * @param {Float32Array} values
 * @param {boolean} [vary] whether they cannot all be zero
 * @returns {string | null}
 */
export function featureFault(values, vary = true) {
  if (!values.every(Number.isFinite)) return 'a value is not finite';
  return vary && values.every((value) => value === 0) ? 'all values are zero' : null;
}

/**
 * Cut the map of one class out of the activations of all classes.
 *
 * @param {Float32Array} activations `[height, width, classes]`, row by row
 * @param {number} height
 * @param {number} width
 * @param {number} classIndex
 * @returns {{width: number, height: number, values: Float32Array, min: number, max: number}}
 */
export function classActivationMap(activations, height, width, classIndex) {
  const cells = width * height;
  const classes = activations.length / cells;
  const values = new Float32Array(cells);
  let min = Infinity;
  let max = -Infinity;
  for (let cell = 0; cell < cells; cell++) {
    const value = activations[cell * classes + classIndex];
    values[cell] = value;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return { width, height, values, min, max };
}
