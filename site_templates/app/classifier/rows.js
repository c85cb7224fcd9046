import { axisSpans } from './axis.js';

/**
 * Reduces one row of RGBA pixels to `count` RGB triples.
 *
 * @typedef {object} RowFilter
 * @property {number} start first pixel of the photo's row that is needed
 * @property {number} end one past the last pixel that is needed
 * @property {(pixels: Uint8Array | Uint8ClampedArray, offset: number, out: Float32Array) => void} apply
 *   `offset` is the index of the red byte of pixel `start`
 */

/**
 * Return the filter for one axis: the same values as `axisSpans`, by the quickest way.
 *
 * @param {number} inputSize pixels in the photo's row
 * @param {import('./geometry.js').Axis} axis
 * @param {number | null} halvings of a canvas; null where the resize is antialiased
 * @returns {RowFilter}
 */
export function rowFilter(inputSize, axis, halvings) {
  return halvings === null && inputSize > axis.resized
    ? reducingFilter(inputSize, axis.resized, axis.first, axis.count)
    : weighingFilter(axisSpans(inputSize, axis, halvings));
}

/**
 * Enlarging, or like a canvas: few pixels count for each output, so weigh them one by one.
 *
 * @param {import('./spans.js').Spans} spans
 * @returns {RowFilter}
 */
function weighingFilter({ starts, ends, weights, stride }) {
  const count = starts.length;
  const start = starts[0];
  return {
    start,
    end: ends[count - 1],
    apply(pixels, offset, out) {
      for (let i = 0; i < count; i++) {
        let red = 0;
        let green = 0;
        let blue = 0;
        let k = i * stride;
        const end = offset + 4 * (ends[i] - start);
        for (let p = offset + 4 * (starts[i] - start); p < end; p += 4) {
          const weight = weights[k++];
          red += weight * pixels[p];
          green += weight * pixels[p + 1];
          blue += weight * pixels[p + 2];
        }
        out[3 * i] = red;
        out[3 * i + 1] = green;
        out[3 * i + 2] = blue;
      }
    },
  };
}

/**
 * Reducing: a triangle of height 1 is linear between the centres of two neighbouring outputs. So
 * cut the row into cells at these centres; in a cell with pixels v₀…vₙ₋₁ all that is needed is
 * A = Σ vₖ and B = Σ (n − k)·vₖ, the sum of the running sums. Both are sums of integers: each pixel
 * is read once and nothing is multiplied, which is several times faster than weighing each pixel
 * twice, and exact.
 *
 * The part of a cell's light that goes to the output at its right end is Σ vₖ·(s + k − c)/scale =
 * ((s − c + n)·A − B)/scale, for a cell whose left end is at c and whose first pixel is s; the rest
 * of A goes to the output at its left end.
 *
 * @param {number} inputSize
 * @param {number} outputSize pixels in the whole resized row
 * @param {number} first first resized pixel wanted
 * @param {number} count how many are wanted
 * @returns {RowFilter}
 */
function reducingFilter(inputSize, outputSize, first, count) {
  const scale = inputSize / outputSize;
  const cells = reductionCells(inputSize, scale, first, count);
  const { bounds, shifts, norms } = cells;
  const start = bounds[0];
  return {
    start,
    end: bounds[count + 1],
    apply(pixels, offset, out) {
      let redBefore = 0;
      let greenBefore = 0;
      let blueBefore = 0;
      let p = offset;
      for (let cell = 0; cell <= count; cell++) {
        let redSum = 0;
        let greenSum = 0;
        let blueSum = 0;
        let redRunning = 0;
        let greenRunning = 0;
        let blueRunning = 0;
        const end = offset + 4 * (bounds[cell + 1] - start);
        for (; p < end; p += 4) {
          redSum = (redSum + pixels[p]) | 0;
          greenSum = (greenSum + pixels[p + 1]) | 0;
          blueSum = (blueSum + pixels[p + 2]) | 0;
          redRunning = (redRunning + redSum) | 0;
          greenRunning = (greenRunning + greenSum) | 0;
          blueRunning = (blueRunning + blueSum) | 0;
        }
        const shift = shifts[cell];
        const red = (shift * redSum - redRunning) / scale;
        const green = (shift * greenSum - greenRunning) / scale;
        const blue = (shift * blueSum - blueRunning) / scale;
        if (cell > 0) {
          const i = 3 * (cell - 1);
          const norm = norms[cell - 1];
          out[i] = (redBefore + redSum - red) * norm;
          out[i + 1] = (greenBefore + greenSum - green) * norm;
          out[i + 2] = (blueBefore + blueSum - blue) * norm;
        }
        redBefore = red;
        greenBefore = green;
        blueBefore = blue;
      }
    },
  };
}

/**
 * Cut a row into `count + 1` cells at the centres of the outputs `first` − 1 … `first` + `count`.
 *
 * @param {number} inputSize
 * @param {number} scale input pixels an output pixel, > 1
 * @param {number} first
 * @param {number} count
 * @returns {{bounds: Int32Array, shifts: Float64Array, norms: Float64Array}} `bounds`: first pixel
 *   of each cell and the end of the last; `shifts`: s − c + n; `norms`: 1 / weight of each output
 */
function reductionCells(inputSize, scale, first, count) {
  const bounds = new Int32Array(count + 2);
  const shifts = new Float64Array(count + 1);
  const norms = new Float64Array(count);
  const centre = (/** @type {number} */ output) => (output + 0.5) * scale - 0.5;
  for (let i = 0; i < count + 2; i++) {
    bounds[i] = Math.min(Math.max(Math.ceil(centre(first - 1 + i)), 0), inputSize);
  }
  let rightBefore = 0;
  for (let cell = 0; cell <= count; cell++) {
    const pixels = bounds[cell + 1] - bounds[cell];
    shifts[cell] = bounds[cell] - centre(first - 1 + cell) + pixels;
    const right = (shifts[cell] * pixels - (pixels * (pixels + 1)) / 2) / scale;
    if (cell > 0) norms[cell - 1] = 1 / (rightBefore + pixels - right);
    rightBefore = right;
  }
  return { bounds, shifts, norms };
}
