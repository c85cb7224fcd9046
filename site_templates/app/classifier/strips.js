import { ClassifierError } from './errors.js';

/**
 * How many pixels are read at a time: 4 MiB of RGBA, so that a photo of any size needs no second
 * copy, and a common one is still read at once.
 */
const STRIP_PIXELS = 2 ** 20;

/**
 * Read a part of a bitmap over white, in strips of rows from top to bottom.
 *
 * Nothing is scaled: browsers resize differently from each other and from the reference.
 *
 * @param {ImageBitmap} bitmap
 * @param {{x: number, y: number, width: number, height: number}} region pixels
 * @returns {Generator<{rgba: Uint8ClampedArray, rows: number}, void>} each strip's pixels are
 *   `region.width` wide and opaque
 */
export function* readStrips(bitmap, { x, y, width, height }) {
  const stripRows = Math.min(height, Math.max(1, Math.floor(STRIP_PIXELS / width)));
  const context = createContext(width, stripRows);
  context.fillStyle = 'white';
  context.imageSmoothingEnabled = false;
  for (let done = 0; done < height; done += stripRows) {
    const rows = Math.min(stripRows, height - done);
    context.fillRect(0, 0, width, rows);
    context.drawImage(bitmap, x, y + done, width, rows, 0, 0, width, rows);
    yield { rgba: context.getImageData(0, 0, width, rows).data, rows };
  }
}

/**
 * @param {number} width
 * @param {number} height
 * @returns {OffscreenCanvasRenderingContext2D} or the like of a canvas element
 */
function createContext(width, height) {
  // Without willReadFrequently the pixels go to the GPU and back, and some GPUs round them.
  const options = { alpha: false, willReadFrequently: true };
  const context = createCanvas(width, height).getContext('2d', options);
  if (context === null) {
    throw new ClassifierError('image-too-large', 'There is not enough memory for this photo.');
  }
  return /** @type {OffscreenCanvasRenderingContext2D} */ (context);
}

/**
 * @param {number} width
 * @param {number} height
 * @returns {OffscreenCanvas | HTMLCanvasElement}
 */
function createCanvas(width, height) {
  if (typeof OffscreenCanvas !== 'undefined') return new OffscreenCanvas(width, height);
  return Object.assign(document.createElement('canvas'), { width, height });
}
