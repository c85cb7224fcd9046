/** Why a file keeps arriving as another one than the build wrote: hosts, and what lies before them, alter files. */

/**
 * @typedef {'line-ends' | 'stale' | 'changed' | 'damaged'} Damage line-ends: the host, or an upload in text
 *   mode, writes other ones; stale: the file is one of another version; changed: anything else, such as markup
 *   that was put in; damaged: unknown
 */

/**
 * Look at what has come in place of a file.
 *
 * @param {import('./plan.js').PrecacheEntry} entry
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {object} means
 * @param {(bytes: Uint8Array<ArrayBuffer>) => Promise<string>} means.sha256 to hex digits
 * @param {string} means.appFolder "app/<hash>/" of this version, which each of its pages names
 * @returns {Promise<Damage>}
 */
export async function kindOfDamage(entry, bytes, { sha256, appFolder }) {
  if ((await sha256(withLineFeeds(bytes))) === entry.sha256) return 'line-ends';
  const folders = new TextDecoder().decode(bytes).match(/\bapp\/[0-9a-f]{16}\//g);
  return folders && !folders.includes(appFolder) ? 'stale' : 'changed';
}

/**
 * @param {Uint8Array} bytes
 * @returns {Uint8Array<ArrayBuffer>} without the carriage returns before line feeds
 */
function withLineFeeds(bytes) {
  return Uint8Array.from(bytes.filter((byte, i) => byte !== 13 || bytes[i + 1] !== 10));
}
