/**
 * JPEG files that lack only their end marker, as broken downloads and some cameras leave them. Browsers
 * show them as an image and refuse them as a bitmap. The same as `builder/model/images/torn_jpeg.py`.
 */

import { readStrips } from './strips.js';

const END = [0xff, 0xd9];

/**
 * Decode a JPEG file after adding the end marker.
 *
 * The decoder fills up what it lacks. So whatever stands before the marker must make no difference: other
 * bytes would become pixels, were any missing. Restart markers are among them, because the decoder
 * looks for them where it left off (ITU-T T.81, E.2.4).
 *
 * @param {Blob} file that cannot be decoded as it is
 * @param {(file: Blob) => Promise<ImageBitmap>} decode
 * @param {typeof readPixels} [read]
 * @returns {Promise<ImageBitmap | null>} null where more than the marker is missing
 */
export async function decodeWithEnd(file, decode, read = readPixels) {
  const [last] = new Uint8Array(await file.slice(-1).arrayBuffer());
  // Half of the marker may be there.
  const begun = last === END[0] ? file.slice(0, -1) : file;
  /** @type {ImageBitmap[]} */
  const bitmaps = [];
  try {
    for (const filling of [[], ...fillings()]) {
      bitmaps.push(await decode(new Blob([begun, Uint8Array.from([...filling, ...END])])));
      if (bitmaps.length > 1 && !alike(read(bitmaps[0]), read(bitmaps[1]))) return null;
      bitmaps.splice(1).forEach((bitmap) => bitmap.close());
    }
    return bitmaps.shift() ?? null;
  } catch {
    return null;
  } finally {
    for (const bitmap of bitmaps) bitmap.close();
  }
}

/** @returns {number[][]} */
function fillings() {
  return [noise(101), noise(17), Array.from({ length: 32 }, (_, i) => (i % 2 ? 0x01 : 0xfe))].map(
    (bytes) => [
      ...bytes,
      ...Array.from({ length: 8 }, (_, number) => [0xff, 0xd0 + number, ...bytes]).flat(),
    ],
  );
}

/**
 * @param {number} first
 * @returns {number[]} 32 bytes without 0xff, which would begin a marker
 */
function noise(first) {
  return Array.from({ length: 32 }, (_, i) => (first + 37 * i) % 251);
}

/**
 * @param {ImageBitmap} bitmap
 * @returns {Iterable<ArrayLike<number>>} pixels, a part at a time
 */
function* readPixels(bitmap) {
  const { width, height } = bitmap;
  for (const { rgba } of readStrips(bitmap, { x: 0, y: 0, width, height })) yield rgba;
}

/**
 * @param {Iterable<ArrayLike<number>>} pixels
 * @param {Iterable<ArrayLike<number>>} others of a bitmap of the same size
 */
function alike(pixels, others) {
  const second = others[Symbol.iterator]();
  for (const part of pixels) {
    const other = second.next().value;
    if (part.length !== other?.length) return false;
    for (let i = 0; i < part.length; i++) if (part[i] !== other[i]) return false;
  }
  return true;
}
