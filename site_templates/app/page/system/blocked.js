/** Why the browser does not keep what the app wants to keep. */

/**
 * Whether the browser keeps this page from storing anything: cookies are switched off, for all sites or for
 * this one. Then the mere look at a storage throws, in all browsers.
 *
 * @param {() => unknown} [storage]
 */
export function isStorageBlocked(storage = () => globalThis.localStorage) {
  try {
    storage();
    return false;
  } catch {
    return true;
  }
}

/**
 * @param {unknown} error of a storage
 * @param {() => boolean} [blocked]
 * @returns {'storage-blocked' | 'storage-full' | 'storage-failed'} key of the text to show
 */
export function storageTrouble(error, blocked = isStorageBlocked) {
  if (blocked()) return 'storage-blocked';
  const { name } = /** @type {{name?: unknown}} */ (error ?? {});
  return name === 'QuotaExceededError' ? 'storage-full' : 'storage-failed';
}
