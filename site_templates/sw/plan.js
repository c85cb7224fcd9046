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
 * @property {Record<string, string>} [isolation] more such headers, by which the page may share memory
 *   between threads; none where the site does without
 */

/** @type {Record<string, [one: string, several?: string]>} */
const GROUPS = {
  plain: ['wasm'],
  simd: ['wasm-simd', 'wasm-threads'],
  'relaxed-simd': ['wasm-relaxed', 'wasm-relaxed-threads'],
};

/**
 * The groups that every visit on this device needs.
 *
 * @param {import('../app/classifier/builds.js').WasmBuild | 'none'} build of WebAssembly
 * @param {boolean} [threads] whether the page may come to use several
 * @returns {string[]}
 */
export function deviceGroups(build, threads = false) {
  const [one, several] = GROUPS[build] ?? [];
  return ['core', one, threads ? several : undefined].filter((group) => group !== undefined);
}

/**
 * Whether pages on this device are isolated for the sake of threads. Safari's are not: isolated pages run
 * out of memory sooner on iOS, where all browsers are Safari inside, and an iPad says it is a Mac.
 *
 * @param {Pick<PrecacheManifest, 'isolation'>} manifest
 * @param {{userAgent: string, hardwareConcurrency: number}} navigator
 */
export function usesThreads({ isolation = {} }, { userAgent, hardwareConcurrency }) {
  const able = /(Chrome|Firefox)\/\d/.test(userAgent) && hardwareConcurrency > 1;
  return able && Object.keys(isolation).length > 0;
}

/**
 * The headers that documents and scripts are answered with on this device.
 *
 * @param {Pick<PrecacheManifest, 'headers' | 'isolation'>} manifest
 * @param {{userAgent: string, hardwareConcurrency: number}} navigator
 * @returns {Record<string, string>}
 */
export function storedHeaders(manifest, navigator) {
  const { headers = {}, isolation } = manifest;
  return usesThreads(manifest, navigator) ? { ...headers, ...isolation } : headers;
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
 * Whether the page checks a file's hash before it uses it. All else is checked before it is answered
 * with: a module or a page that was altered could no longer say so.
 *
 * @param {PrecacheEntry} entry
 * @returns {boolean}
 */
export function isCheckedByPage({ url }) {
  return url.startsWith('model/') || url.endsWith('.wasm');
}
