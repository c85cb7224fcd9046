import { ClassifierError, describe } from './errors.js';
import { SNIFF_BYTES, sniffImage } from './sniff.js';
import { decodeWithEnd } from './torn-jpeg.js';

/**
 * Beyond this a browser may take gigabytes to decode, or be killed by a phone: 2^28 pixels are
 * 1 GiB of RGBA.
 */
const MOST_PIXELS = 2 ** 28;

/**
 * How browsers must hand pixels over: upright as the EXIF orientation says, the file's own values
 * without colour management, and transparency not yet applied. The Python reference does the same.
 *
 * @type {ImageBitmapOptions}
 */
const AS_DECODED = {
  imageOrientation: 'from-image',
  colorSpaceConversion: 'none',
  premultiplyAlpha: 'none',
};

/**
 * The same for browsers before Chrome 112, Firefox 111 and Safari 17: they turn files upright by default, and
 * refuse the option for it with a TypeError (https://github.com/whatwg/html/issues/8085).
 *
 * @type {ImageBitmapOptions}
 */
const AS_DECODED_BEFORE_2023 = { colorSpaceConversion: 'none', premultiplyAlpha: 'none' };

/**
 * @param {ImageBitmapSource} source
 * @param {typeof createImageBitmap} decode
 * @returns {Promise<ImageBitmap>}
 */
async function decoded(source, decode) {
  try {
    return await decode(source, AS_DECODED);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return decode(source, AS_DECODED_BEFORE_2023);
  }
}

/**
 * Decode an image file.
 *
 * @param {Blob} blob
 * @param {typeof createImageBitmap} [decode]
 * @returns {Promise<ImageBitmap>} to be closed by the caller
 * @throws {ClassifierError} not-an-image, unsupported-format, image-too-large
 */
export async function decodeBlob(blob, decode = createImageBitmap) {
  const facts = sniffImage(await firstBytes(blob));
  const pixels = (facts.width ?? 0) * (facts.height ?? 0);
  if (pixels > MOST_PIXELS) throw tooLarge(facts);
  try {
    return await decoded(blob, decode);
  } catch (error) {
    const mended =
      facts.format === 'JPEG' ? await decodeWithEnd(blob, (file) => decoded(file, decode)) : null;
    if (mended) return mended;
    throw decodeFailure(facts, error);
  }
}

/**
 * Copy the picture that an element, canvas, bitmap or video shows at this moment.
 *
 * @param {Exclude<ImageBitmapSource, Blob>} source
 * @param {typeof createImageBitmap} [decode]
 * @returns {Promise<ImageBitmap>} to be closed by the caller; the source stays untouched
 */
export async function copyPicture(source, decode = createImageBitmap) {
  try {
    return await decoded(source, decode);
  } catch (error) {
    throw new ClassifierError(
      'not-an-image',
      `There is no picture to read in this source: ${describe(error)}`,
      { cause: error },
    );
  }
}

/** @param {Blob} blob */
async function firstBytes(blob) {
  try {
    return new Uint8Array(await blob.slice(0, SNIFF_BYTES).arrayBuffer());
  } catch (error) {
    // A file may vanish or change between its choice and its reading (NotReadableError).
    throw new ClassifierError('not-an-image', `The file could not be read: ${describe(error)}`, {
      cause: error,
    });
  }
}

/**
 * Find out why a browser could not decode a file; its own error says nothing more than that.
 *
 * @param {import('./sniff.js').FileFacts} facts
 * @param {unknown} cause
 */
function decodeFailure(facts, cause) {
  const { format, width, height } = facts;
  if (format === null) {
    return new ClassifierError('not-an-image', 'This file is not an image.', { cause });
  }
  if (!['JPEG', 'PNG', 'GIF', 'WebP', 'BMP'].includes(format)) {
    return new ClassifierError(
      'unsupported-format',
      `This browser cannot open ${format} files. Please choose a JPEG, PNG or WebP photo.`,
      { cause },
    );
  }
  // No browser on a phone refuses less than 16 megapixels.
  if ((width ?? 0) * (height ?? 0) > 2 ** 24) return tooLarge(facts, cause);
  return new ClassifierError('not-an-image', `This ${format} file is damaged.`, { cause });
}

/**
 * @param {import('./sniff.js').FileFacts} facts
 * @param {unknown} [cause]
 */
function tooLarge({ width, height }, cause) {
  return new ClassifierError(
    'image-too-large',
    `This photo has ${width} × ${height} pixels, too many to open here. Please choose a smaller one.`,
    { cause },
  );
}
