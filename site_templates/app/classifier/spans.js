/**
 * Which samples of the input make up each sample of the output, along one axis.
 *
 * @typedef {object} Spans
 * @property {Int32Array} starts first input sample of each output
 * @property {Int32Array} ends one past the last input sample of each output
 * @property {Float64Array} weights `stride` weights an output, those of an output add up to 1
 * @property {number} stride the longest span
 */

/**
 * The triangle filter of `tf.image.resize(method="bilinear", antialias=True)`: half-pixel centres,
 * and a kernel that widens with the reduction.
 *
 * Source: `ComputeSpansCore` in tensorflow/core/kernels/image/scale_and_translate_op.cc.
 *
 * @param {number} inputSize samples of the input, ≥ 1
 * @param {number} outputSize samples of the whole output, ≥ 1
 * @param {number} first the first output wanted
 * @param {number} count how many outputs are wanted
 * @returns {Spans}
 */
export function triangleSpans(inputSize, outputSize, first, count) {
  const scale = inputSize / outputSize;
  const radius = Math.max(scale, 1);
  const stride = Math.min(2 * Math.ceil(radius) + 1, inputSize);
  const starts = new Int32Array(count);
  const ends = new Int32Array(count);
  const weights = new Float64Array(count * stride);
  for (let i = 0; i < count; i++) {
    const centre = (first + i + 0.5) * scale;
    const start = clamp(Math.ceil(centre - radius - 0.5), inputSize - 1);
    const end = clamp(Math.floor(centre + radius - 0.5), inputSize - 1) + 1;
    let sum = 0;
    for (let source = start; source < end; source++) {
      const weight = Math.max(0, 1 - Math.abs(source + 0.5 - centre) / radius);
      weights[i * stride + source - start] = weight;
      sum += weight;
    }
    for (let k = i * stride; k < i * stride + end - start; k++) weights[k] /= sum;
    starts[i] = start;
    ends[i] = end;
  }
  return { starts, ends, weights, stride };
}

/**
 * @param {number} value
 * @param {number} most
 */
function clamp(value, most) {
  return Math.min(Math.max(value, 0), most);
}
