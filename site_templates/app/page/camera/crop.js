/** Where in the viewfinder the part of a picture lies that the network sees. Pure geometry, CSS pixels. */

import { viewOf } from '../../classifier/geometry.js';

/** @typedef {{width: number, height: number}} Size */
/** @typedef {import('../../classifier/geometry.js').Sizes} Crop as in metadata.json */
/** @typedef {{fit: 'cover' | 'contain', width: number, height: number}} Frame size of the crop, centred in the view */

/**
 * Before the model's own is known: a square of 7/8 of the shorter side.
 *
 * @type {Crop}
 */
export const USUAL_CROP = { resize: [256, 256], crop: [224, 224] };

/**
 * Fit a picture into a view and find the crop that the network sees of it.
 *
 * A live camera fills the view ("cover") as long as nothing of the crop is cut off by that; a
 * picture that a person chose is always shown whole ("contain").
 *
 * @param {Size} view
 * @param {Size} picture
 * @param {Crop} crop
 * @param {boolean} whole show all of the picture, whatever its shape
 * @returns {Frame}
 */
export function frameIn(view, picture, crop, whole) {
  const seen = viewOf(picture.width, picture.height, crop);
  const across = view.width / picture.width;
  const down = view.height / picture.height;
  const cover = Math.max(across, down);
  const cutsCrop = seen.width * cover > view.width || seen.height * cover > view.height;
  const fit = whole || cutsCrop ? 'contain' : 'cover';
  const scale = fit === 'cover' ? cover : Math.min(across, down);
  return { fit, width: seen.width * scale, height: seen.height * scale };
}
