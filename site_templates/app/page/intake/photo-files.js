/** Which photos a person means by what they dropped, pasted or picked. Pure. */

/**
 * A file, and where it lay among those that came with it.
 *
 * @typedef {object} Found
 * @property {File} file
 * @property {string} path e.g. "Holiday/Beach/1.jpg" in a folder, else the file's name
 */

/** Suffixes that some systems hand over without a MIME type (HEIC on Windows, for one). */
const PHOTO_SUFFIX = /\.(avif|bmp|gif|heic|heif|jfif|jpe?g|jxl|png|tiff?|webp)$/i;

/**
 * Pick the photos among files. Without one the first file is taken, so that the classifier says what
 * is wrong with it.
 *
 * @param {readonly Found[]} files
 * @returns {Found[]} in the order given; empty where there was no file at all
 */
export function pickPhotos(files) {
  const photos = files.filter(({ file }) => looksLikePhoto(file));
  return photos.length ? photos : files.slice(0, 1);
}

/**
 * @param {Iterable<File> | ArrayLike<File> | null | undefined} files
 * @returns {Found[]}
 */
export function found(files) {
  return Array.from(files ?? [], (file) => ({ file, path: file.webkitRelativePath || file.name }));
}

/**
 * @param {File} file macOS leaves "._1.jpg" beside photos, which is not one
 * @returns {boolean}
 */
function looksLikePhoto(file) {
  if (file.name.startsWith('.')) return false;
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
