/**
 * Which files of the precache manifest this device needs. Pure.
 *
 * @typedef {object} PrecacheEntry
 * @property {string} url relative to the site root; "./" is index.html
 * @property {string} sha256 64 hex digits over the file's bytes
 * @property {number} size in bytes
 * @property {string} type the content type to answer with, whatever the host says
 * @property {string[]} groups "core", or the backends that need the file
 *
 * @typedef {object} PrecacheManifest
 * @property {string} version 16 hex digits that change with any entry
 * @property {PrecacheEntry[]} entries
 * @property {Record<string, string>} [headers] security headers for the site's documents and scripts
 */

/**
 * A module with one SIMD instruction, byte for byte the one by which TensorFlow.js picks its WebAssembly
 * binary (tfjs-backend-wasm, flags_wasm.ts), so that both come to the same answer.
 */
export const SIMD_PROBE = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 9, 1, 7, 0, 65, 0, 253, 15, 26,
  11,
];

/**
 * The groups that every visit on this device needs.
 *
 * @param {{validate(bytes: Uint8Array<ArrayBuffer>): boolean} | undefined} wasm the global
 *   `WebAssembly`, which Safari's Lockdown Mode takes away
 * @returns {string[]}
 */
export function deviceGroups(wasm) {
  if (!wasm) return ['core'];
  return ['core', wasm.validate(new Uint8Array(SIMD_PROBE)) ? 'wasm-simd' : 'wasm'];
}

/**
 * The entries of one or more groups, each once, in the manifest's order.
 *
 * @param {PrecacheManifest} manifest
 * @param {string[]} groups
 * @returns {PrecacheEntry[]}
 */
export function entriesOf(manifest, groups) {
  return manifest.entries.filter((entry) => entry.groups.some((group) => groups.includes(group)));
}

/**
 * The names of all groups in the manifest.
 *
 * @param {PrecacheManifest} manifest
 * @returns {Set<string>}
 */
export function groupNames(manifest) {
  return new Set(manifest.entries.flatMap((entry) => entry.groups));
}

/**
 * Whether a path carries the hash of its content, so that any copy of it may be used forever.
 *
 * @param {string} url relative to the site root
 * @returns {boolean}
 */
export function isContentAddressed(url) {
  return /^[a-z]+\/[0-9a-f]{16}\//.test(url);
}

/**
 * The start of the names of this app's caches. Apps under other paths of one origin share the
 * CacheStorage with us, hence the path; a "|" in it is encoded, so that no path's prefix can
 * begin another path's cache name.
 *
 * @param {string} scope absolute URL of the site root
 * @returns {string}
 */
export function cachePrefix(scope) {
  return `classifier-pwa|${new URL(scope).pathname.replaceAll('|', '%7C')}|`;
}
