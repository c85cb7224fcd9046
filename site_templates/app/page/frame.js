/** Where in the viewfinder the network's crop lies. Pure geometry, CSS pixels. */

/** @typedef {{width: number, height: number}} Size */
/** @typedef {{resize: readonly number[], crop: readonly number[]}} Crop `[height, width]` each, as in metadata.json */
/** @typedef {{fit: 'cover' | 'contain', width: number, height: number}} Frame size of the crop, centred in the view */

/**
 * Before the model tells its own: a square of 7/8 of the shorter side.
 *
 * @type {Crop}
 */
export const USUAL_CROP = { resize: [256, 256], crop: [224, 224] };

/**
 * Fit a picture into a view and find the crop that the network sees of it.
 *
 * The preprocessing resizes the picture until it just covers `resize` and keeps the central `crop`.
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
  const resized = Math.max(crop.resize[0] / picture.height, crop.resize[1] / picture.width);
  const seen = { width: crop.crop[1] / resized, height: crop.crop[0] / resized };
  const across = view.width / picture.width;
  const down = view.height / picture.height;
  const cover = Math.max(across, down);
  const cutsCrop = seen.width * cover > view.width || seen.height * cover > view.height;
  const fit = whole || cutsCrop ? 'contain' : 'cover';
  const scale = fit === 'cover' ? cover : Math.min(across, down);
  return { fit, width: seen.width * scale, height: seen.height * scale };
}
