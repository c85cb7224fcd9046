/** Which photo a person means by what they dropped, pasted or picked. Pure. */

/**
 * @typedef {object} Intake
 * @property {File | null} file the photo to look at; null where there was no file at all
 * @property {number} others how many more files came with it
 */

/** Suffixes that some systems hand over without a MIME type (HEIC on Windows, for one). */
const PHOTO_SUFFIX = /\.(avif|bmp|gif|heic|heif|jfif|jpe?g|jxl|png|tiff?|webp)$/i;

/**
 * Pick the first photo among files. Without one the first file is taken, so that the classifier says
 * what is wrong with it.
 *
 * @param {Iterable<File> | ArrayLike<File> | null | undefined} files
 * @returns {Intake}
 */
export function pickPhoto(files) {
  const all = Array.from(files ?? []);
  const photos = all.filter(looksLikePhoto);
  const [file = null] = photos.length ? photos : all;
  return { file, others: Math.max(0, photos.length - 1) };
}

/** @param {File} file */
function looksLikePhoto(file) {
  return file.type ? file.type.startsWith('image/') : PHOTO_SUFFIX.test(file.name);
}

/**
 * Whether a drag carries files; the browser hides which until they are dropped.
 *
 * @param {Pick<DataTransfer, 'types'> | null} transfer
 */
export function carriesFiles(transfer) {
  return Boolean(transfer && Array.from(transfer.types).includes('Files'));
}
