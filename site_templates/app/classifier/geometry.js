/**
 * Where the resized photo and its central crop lie.
 *
 * @typedef {object} Geometry
 * @property {number} resizedWidth width of the whole resized photo, pixels
 * @property {number} resizedHeight height of the whole resized photo, pixels
 * @property {number} left first column of the crop in the resized photo
 * @property {number} top first row of the crop in the resized photo
 * @property {number} width width of the crop, pixels
 * @property {number} height height of the crop, pixels
 */

/**
 * Resize a photo until it just covers `resize`, then crop the middle to `crop`.
 *
 * All in integers, rounding halves up, so that it agrees exactly with the Python reference
 * (`builder/model/photos.py`).
 *
 * @param {number} photoWidth pixels, ≥ 1
 * @param {number} photoHeight pixels, ≥ 1
 * @param {{resize: readonly number[], crop: readonly number[]}} sizes both `[height, width]`
 * @returns {Geometry}
 */
export function coverGeometry(photoWidth, photoHeight, { resize, crop }) {
  const [coverHeight, coverWidth] = resize;
  const [height, width] = crop;
  let resizedWidth = coverWidth;
  let resizedHeight = coverHeight;
  if (photoWidth * coverHeight <= photoHeight * coverWidth) {
    resizedHeight = Math.max(coverHeight, divideRounded(photoHeight * coverWidth, photoWidth));
  } else {
    resizedWidth = Math.max(coverWidth, divideRounded(photoWidth * coverHeight, photoHeight));
  }
  const left = Math.floor((resizedWidth - width) / 2);
  const top = Math.floor((resizedHeight - height) / 2);
  return { resizedWidth, resizedHeight, left, top, width, height };
}

/**
 * @param {number} numerator
 * @param {number} denominator
 */
function divideRounded(numerator, denominator) {
  return Math.floor((2 * numerator + denominator) / (2 * denominator));
}
