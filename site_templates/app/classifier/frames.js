import { axisSpans } from './axis.js';
import { photoGeometry } from './geometry.js';

/**
 * @typedef {import('./types.js').Tensor} Tensor
 * @typedef {import('./types.js').TensorFlow} TensorFlow
 */

/** By how many of 255 levels a GPU's reading may differ: on average, and anywhere. */
const USUAL_DIFFERENCE = 0.25;
const MOST_DIFFERENCE = 3;
/** Levels between the darkest and the lightest value of a frame that can prove anything. */
const LEAST_CONTRAST = 64;

/**
 * Reads the frames of a camera where the network runs, without a trip through the CPU. A resize with
 * antialiasing is two matrix products, one for each axis, which every GPU backend has.
 */
export class FrameReader {
  #tf;
  #functions;
  #sizes;
  #size = '';
  /** @type {Tensor[]} */
  #filters = [];

  /**
   * Whether the GPU reads as the CPU does; null until `compare` knows. Browsers and drivers convert pixels on
   * their way into a texture in ways of their own.
   *
   * @type {boolean | null}
   */
  trusted = null;

  /**
   * @param {TensorFlow} tf with a GPU backend set
   * @param {import('./types.js').FrameFunctions} functions of that backend's module
   * @param {import('./geometry.js').Sizes} sizes
   */
  constructor(tf, functions, sizes) {
    this.#tf = tf;
    this.#functions = functions;
    this.#sizes = sizes;
  }

  /**
   * @param {ImageBitmap} frame opaque
   * @returns {Tensor} RGB, 0…255, [1, height, width, 3]
   */
  read(frame) {
    const { cast, fromPixels, matMul, reshape, transpose } = this.#functions;
    const [down, across] = this.#filtersFor(frame);
    const [height] = down.shape;
    const [width] = across.shape;
    const pixels = cast(fromPixels(frame), 'float32');
    const rows = matMul(down, reshape(pixels, [frame.height, 3 * frame.width]));
    const turned = transpose(reshape(rows, [height, frame.width, 3]), [1, 0, 2]);
    const columns = matMul(across, reshape(turned, [frame.width, 3 * height]));
    const upright = transpose(reshape(columns, [width, height, 3]), [1, 0, 2]);
    return reshape(upright, [1, height, width, 3]);
  }

  /**
   * Read a frame for `compare`.
   *
   * @param {ImageBitmap} frame opaque
   * @returns {Promise<ArrayLike<number> | null>} null where this GPU cannot
   */
  async sample(frame) {
    try {
      const read = this.#tf.tidy(() => this.read(frame));
      return await read.data().finally(() => read.dispose());
    } catch {
      return null;
    }
  }

  /**
   * Find out whether the GPU is to be trusted from now on. A camera that has just started may show black, which
   * proves nothing: then the next frame decides.
   *
   * @param {ArrayLike<number> | null} sample
   * @param {ArrayLike<number>} reference the same frame, as the CPU read it
   */
  compare(sample, reference) {
    if (sample === null || !alike(sample, reference)) this.trusted = false;
    else if (contrast(reference) >= LEAST_CONTRAST) this.trusted = true;
  }

  /** Free the filters; `read` makes them anew. */
  dispose() {
    for (const filter of this.#filters) filter.dispose();
    this.#filters = [];
    this.#size = '';
  }

  /** @param {{width: number, height: number}} frame */
  #filtersFor({ width, height }) {
    const size = `${width}x${height}`;
    if (size !== this.#size) {
      this.dispose();
      const { rows, columns, halvings } = photoGeometry(width, height, this.#sizes);
      const axes = [filterMatrix(height, rows, halvings), filterMatrix(width, columns, halvings)];
      // Kept for the next frame, past the end of any `tidy`.
      this.#filters = axes.map(({ weights, shape }) =>
        this.#tf.engine().keep(this.#tf.tensor(weights, shape, 'float32')),
      );
      this.#size = size;
    }
    return this.#filters;
  }
}

/**
 * @param {ArrayLike<number>} pixels levels, 0…255
 * @param {ArrayLike<number>} reference likewise
 */
function alike(pixels, reference) {
  if (pixels.length !== reference.length) return false;
  let sum = 0;
  for (let i = 0; i < reference.length; i++) {
    const difference = Math.abs(pixels[i] - reference[i]);
    // Written so that a NaN fails, too.
    if (!(difference <= MOST_DIFFERENCE)) return false;
    sum += difference;
  }
  return sum <= USUAL_DIFFERENCE * reference.length;
}

/** @param {ArrayLike<number>} pixels @returns {number} levels between the darkest and the lightest */
function contrast(pixels) {
  let [least, most] = [Infinity, -Infinity];
  for (let i = 0; i < pixels.length; i++) {
    least = Math.min(least, pixels[i]);
    most = Math.max(most, pixels[i]);
  }
  return most - least;
}

/**
 * Return `axisSpans` as a matrix.
 *
 * @param {number} inputSize
 * @param {import('./geometry.js').Axis} axis
 * @param {number | null} halvings
 * @returns {{weights: Float32Array, shape: [number, number]}} `axis.size` rows of `inputSize` weights, all
 *   of them 0 where the photo is padded
 */
function filterMatrix(inputSize, axis, halvings) {
  const { starts, ends, weights, stride } = axisSpans(inputSize, axis, halvings);
  const matrix = new Float32Array(axis.size * inputSize);
  for (let i = 0; i < axis.count; i++) {
    const row = weights.subarray(i * stride, i * stride + ends[i] - starts[i]);
    matrix.set(row, (i + axis.before) * inputSize + starts[i]);
  }
  return { weights: matrix, shape: [axis.size, inputSize] };
}
