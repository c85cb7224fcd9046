/** Small square pictures of photos. */

import { decodeBlob } from '../classifier/bitmap.js';

/** Side in pixels: sharp at 64 CSS pixels on a phone. */
const SIDE = 128;

/**
 * @param {ImageBitmapSource} photo
 * @returns {Promise<Blob | null>} a JPEG of a few kilobytes; null where the browser cannot read the photo
 */
export async function makeThumbnail(photo) {
  const bitmap = await decodeSmall(photo);
  if (!bitmap) return null;
  const { width, height } = bitmap;
  const scale = SIDE / Math.min(width, height);
  const canvas = document.createElement('canvas');
  canvas.width = SIDE;
  canvas.height = SIDE;
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) return null;
  // A picture with a transparent ground lies on white, as it does in most galleries.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, SIDE, SIDE);
  const [drawnWidth, drawnHeight] = [width * scale, height * scale];
  const [left, top] = [(SIDE - drawnWidth) / 2, (SIDE - drawnHeight) / 2];
  context.drawImage(bitmap, left, top, drawnWidth, drawnHeight);
  bitmap.close();
  /** @type {Blob | null} */
  const blob = await new Promise((resolve) => {
    canvas.toBlob(resolve, 'image/jpeg', 0.75);
  });
  // iOS counts a canvas against its few hundred megabytes until its memory is given back.
  canvas.width = 0;
  return blob;
}

/** @param {ImageBitmapSource} photo */
async function decodeSmall(photo) {
  try {
    // Only the width is given: the height follows.
    return await createImageBitmap(photo, { resizeWidth: SIDE * 2, resizeQuality: 'medium' });
  } catch {
    // The classifier reads some files that browsers refuse.
    return photo instanceof Blob ? decodeBlob(photo).catch(() => null) : null;
  }
}
