import { decodeBlob } from './bitmap.js';
import { throwIfAborted } from './errors.js';
import { photoGeometry } from './geometry.js';
import { StripResizer } from './resize.js';
import { readStrips } from './strips.js';

/**
 * A photo as the network wants it.
 *
 * @typedef {object} PreparedPhoto
 * @property {Float32Array} pixels RGB, row by row, 0…255
 * @property {number} width of the photo, pixels
 * @property {number} height of the photo, pixels
 * @property {{decode: number, preprocess: number}} timings ms
 */

/**
 * Decode a photo and bring it to the size of the network's input.
 *
 * @param {Blob | ImageBitmap} source a bitmap is closed
 * @param {import('./geometry.js').Sizes} sizes
 * @param {AbortSignal} [signal] skips what has not been done yet
 * @returns {Promise<PreparedPhoto>}
 * @throws {import('./errors.js').ClassifierError} not-an-image, unsupported-format, image-too-large, aborted
 */
export async function preparePhoto(source, sizes, signal) {
  if (source instanceof Blob) throwIfAborted(signal);
  const clock = new Stopwatch();
  const bitmap = source instanceof Blob ? await decodeBlob(source) : source;
  try {
    throwIfAborted(signal);
    const { width, height } = bitmap;
    const resizer = new StripResizer(width, height, photoGeometry(width, height, sizes));
    for (const { rgba, rows } of readStrips(bitmap, resizer.region)) {
      clock.lap('decode');
      resizer.addRows(rgba, rows);
      clock.lap('preprocess');
      throwIfAborted(signal);
    }
    return { pixels: resizer.pixels, width, height, timings: clock.timings };
  } finally {
    bitmap.close();
  }
}

/** Adds up the time spent in two alternating phases. */
class Stopwatch {
  #last = performance.now();

  timings = { decode: 0, preprocess: 0 };

  /** @param {'decode' | 'preprocess'} phase the phase that ends now */
  lap(phase) {
    const now = performance.now();
    this.timings[phase] += now - this.#last;
    this.#last = now;
  }
}

/**
 * Make a photo gray: all three channels carry the luminance.
 *
 * @param {Float32Array} pixels RGB, changed in place. Weights: ITU-R BT.601, as the build's `--grayscale`
 */
export function toLuminance(pixels) {
  for (let index = 0; index < pixels.length; index += 3) {
    const luminance = 0.299 * pixels[index] + 0.587 * pixels[index + 1] + 0.114 * pixels[index + 2];
    pixels.fill(luminance, index, index + 3);
  }
}
