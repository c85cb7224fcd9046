/**
 * One axis of a photo on its way to the network's input, pixels.
 *
 * @typedef {object} Axis
 * @property {number} resized length of the whole resized photo
 * @property {number} first first pixel of the resized photo that is kept
 * @property {number} count how many are kept
 * @property {number} before where the first kept pixel lies in the input: this many black ones come before it
 * @property {number} size length of the input
 */

/**
 * Where the rows and the columns of a photo go.
 *
 * @typedef {object} Geometry
 * @property {Axis} rows
 * @property {Axis} columns
 * @property {number | null} halvings how often a canvas halves the photo before it resizes it; null where
 *   the resize is antialiased
 */

/**
 * How photos are brought to the size of the network's input, as metadata.json says.
 *
 * @typedef {object} Sizes
 * @property {readonly number[]} resize `[height, width]` of the resized photo
 * @property {readonly number[]} crop `[height, width]` of its middle that is the network's input
 * @property {'crop' | 'stretch' | 'pad'} [fit] a photo of another shape is resized until it covers the
 *   size ("crop", the default), to the size whatever its shape, or until it lies within it
 * @property {'antialias' | 'canvas'} [resampling] "canvas": as Chromium's canvas draws a picture
 */

/**
 * Return where a photo lies in the network's input.
 *
 * In whole numbers, or in double precision where a canvas is imitated, so that it agrees exactly with
 * the Python reference (`builder/model/images/geometry.py`).
 *
 * @param {number} photoWidth pixels, ≥ 1
 * @param {number} photoHeight pixels, ≥ 1
 * @param {Sizes} sizes
 * @returns {Geometry}
 */
export function photoGeometry(photoWidth, photoHeight, sizes) {
  const [height, width] = resizedSize(photoWidth, photoHeight, sizes);
  const rows = middle(height, sizes.crop[0]);
  const columns = middle(width, sizes.crop[1]);
  const isCanvas = sizes.resampling === 'canvas';
  const halvings = isCanvas ? halvingsOf(photoWidth, photoHeight, width, height) : null;
  return { rows, columns, halvings };
}

/**
 * @param {number} resized
 * @param {number} size
 * @returns {Axis}
 */
function middle(resized, size) {
  if (resized < size) {
    return { resized, first: 0, count: resized, before: Math.floor((size - resized) / 2), size };
  }
  return { resized, first: Math.floor((resized - size) / 2), count: size, before: 0, size };
}

/**
 * @param {number} photoWidth
 * @param {number} photoHeight
 * @param {Sizes} sizes
 * @returns {[height: number, width: number]} where the photo's shape is kept, one is as wanted, the other
 *   in proportion and rounded half up; a canvas has it rounded up
 */
function resizedSize(photoWidth, photoHeight, { resize: [height, width], fit, resampling }) {
  if (fit === 'stretch') return [height, width];
  const isUpright = photoWidth * height <= photoHeight * width;
  const byWidth = isUpright !== (fit === 'pad');
  if (resampling === 'canvas') {
    const scale = byWidth ? width / photoWidth : height / photoHeight;
    return [Math.ceil(photoHeight * scale), Math.ceil(photoWidth * scale)];
  }
  return byWidth
    ? [Math.max(1, divideRounded(photoHeight * width, photoWidth)), width]
    : [height, Math.max(1, divideRounded(photoWidth * height, photoHeight))];
}

/**
 * @param {number} numerator
 * @param {number} denominator
 */
function divideRounded(numerator, denominator) {
  return Math.floor((2 * numerator + denominator) / (2 * denominator));
}

/**
 * @param {number} photoWidth
 * @param {number} photoHeight
 * @param {number} width
 * @param {number} height
 */
function halvingsOf(photoWidth, photoHeight, width, height) {
  let count = 0;
  const isEnough = (/** @type {number} */ before, /** @type {number} */ after) =>
    Math.ceil(before / 2 ** (count + 1)) >= after;
  while (isEnough(photoWidth, width) && isEnough(photoHeight, height)) count += 1;
  return count;
}

/**
 * What the network sees of a photo, and where it sees it. Both lie in the middle.
 *
 * @typedef {object} View
 * @property {number} width of the part of the photo that the network sees, pixels of the photo
 * @property {number} height
 * @property {{x: number, y: number, width: number, height: number}} within where that part lies in the
 *   network's input, 0…1: all of it, if the photo is not padded
 */

/**
 * Return the part of a photo that the network sees, without rounding, to be drawn.
 *
 * @param {number} photoWidth pixels
 * @param {number} photoHeight pixels
 * @param {Sizes} sizes
 * @returns {View}
 */
export function viewOf(photoWidth, photoHeight, { resize, crop, fit }) {
  let across = resize[1] / photoWidth;
  let down = resize[0] / photoHeight;
  if (fit !== 'stretch') across = down = (fit === 'pad' ? Math.min : Math.max)(across, down);
  const width = Math.min(photoWidth, crop[1] / across);
  const height = Math.min(photoHeight, crop[0] / down);
  const part = { width: (width * across) / crop[1], height: (height * down) / crop[0] };
  return { width, height, within: { x: (1 - part.width) / 2, y: (1 - part.height) / 2, ...part } };
}
