/** Weights in the order in which kernels read them: builder/runtime/kernels/steps.h. */

/** @typedef {import('./draft.js').Filter} Filter */

const BLOCK = 8;
const LANES = 4;

/** @param {number} taps @param {Filter} filter @returns {number} floats */
export const packedSize = (taps, { depth, channels }) =>
  Math.ceil(channels / BLOCK) * BLOCK * (1 + taps * depth);

/**
 * @param {number} taps
 * @param {Filter} filter
 * @param {Float32Array} packed where they go, zeros so far
 */
export function packConvolution(taps, filter, packed) {
  const { weights, depth, channels, scale } = filter;
  const bias = wholeBias(taps, filter);
  let at = 0;
  for (let first = 0; first < channels; first += BLOCK) {
    const count = Math.min(BLOCK, channels - first);
    for (let c = 0; c < count; c++) packed[at + c] = bias[first + c];
    at += BLOCK;
    for (let row = 0; row < taps * depth; row++, at += BLOCK) {
      const factor = filter.before?.scale[row % depth] ?? 1;
      const from = row * channels + first;
      for (let c = 0; c < count; c++)
        packed[at + c] = weights[from + c] * scale[first + c] * factor;
    }
  }
}

/**
 * The bias, with what the offset of the input adds to each output.
 *
 * @param {number} taps
 * @param {Filter} filter
 */
function wholeBias(taps, { weights, depth, channels, scale, bias, before }) {
  if (before === null) return bias;
  return bias.map((own, c) => {
    let sum = 0;
    for (let row = 0; row < taps * depth; row++) {
      sum += weights[row * channels + c] * before.offset[row % depth];
    }
    return own + sum * scale[c];
  });
}

/** @param {number} taps @param {Filter} filter @returns {number} floats */
export const packedDepthwiseSize = (taps, { channels }) =>
  Math.ceil(channels / LANES) * LANES * (1 + taps);

/**
 * @param {number} taps
 * @param {Filter} filter
 * @param {Float32Array} packed where they go, zeros so far
 */
export function packDepthwise(taps, { weights, channels, scale, bias }, packed) {
  const group = LANES * (1 + taps);
  for (let c = 0; c < channels; c++) {
    const at = Math.floor(c / LANES) * group + (c % LANES);
    packed[at] = bias[c];
    for (let tap = 0; tap < taps; tap++) {
      packed[at + (1 + tap) * LANES] = weights[tap * channels + c] * scale[c];
    }
  }
}

/**
 * The values beyond the border of an input that the weights scale: scaled, they are zero.
 *
 * @param {Filter} filter
 */
export function beyondBorder({ depth, before }) {
  const pixel = new Float32Array(depth);
  return before === null ? pixel : pixel.map((_, c) => -before.offset[c] / before.scale[c]);
}
