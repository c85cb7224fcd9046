import { BACKENDS, BACKEND_NAMES, buildFor, groupOf } from '../app/shared/backends.js';

/**
 * Which files of the precache manifest this device needs. Pure.
 *
 * @typedef {import('../app/shared/backends.js').WasmBuild} WasmBuild
 *
 * @typedef {object} PrecacheEntry
 * @property {string} url relative to the site root; "./" is index.html
 * @property {string} sha256 64 hex digits over the file's bytes
 * @property {number} size in bytes
 * @property {string} type the content type to answer with, whatever the host says
 * @property {string[]} groups "core", "extras", or the backends that need the file
 *
 * @typedef {object} PrecacheManifest
 * @property {string} version 16 hex digits that change with any entry
 * @property {PrecacheEntry[]} entries
 * @property {Record<string, string>} [headers] security headers for the site's documents and scripts
 * @property {Record<string, string>} [isolation] more such headers, by which the page may share memory
 *   between threads; none where the site does without
 */

/**
 * The groups that this device keeps: first those without which the app does not work offline.
 *
 * @param {WasmBuild | 'none'} wasm what the browser understands
 * @param {boolean} threads whether the page may come to use several
 * @returns {{needed: string[], extras: string[]}} `extras`: other languages, icons, further screens, other
 *   backends; the app works without those that cannot be fetched
 */
export function plannedGroups(wasm, threads) {
  return {
    needed: ['core', ...backendGroups('needed', wasm)],
    extras: [
      'extras',
      ...backendGroups('extra', wasm),
      ...(threads
        ? [...backendGroups('needed', wasm, true), ...backendGroups('extra', wasm, true)]
        : []),
    ],
  };
}

/**
 * @param {import('../app/shared/backends.js').Backend['offline']} offline
 * @param {WasmBuild | 'none'} wasm what the browser understands
 * @param {boolean} [threads] their groups for several threads
 * @returns {string[]} of the backends that run here
 */
function backendGroups(offline, wasm, threads = false) {
  return BACKEND_NAMES.filter((name) => BACKENDS[name].offline === offline).flatMap((name) => {
    const { builds } = BACKENDS[name];
    const build = buildFor(BACKENDS[name], wasm);
    if (builds && !build) return [];
    if (threads && !(build && builds?.[build]?.threaded)) return [];
    return groupOf(name, build, threads);
  });
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
 * Put what a person most likely needs first: texts and names in the languages of the browser.
 *
 * @param {PrecacheEntry[]} entries
 * @param {readonly string[]} languages the preferred first
 * @returns {PrecacheEntry[]}
 */
export function preferredFirst(entries, languages) {
  const wanted = languages.map((tag) => tag.split('-')[0]);
  const rank = (/** @type {PrecacheEntry} */ { url }) => {
    const [, tag = ''] = /\/(?:messages|classes)\/([a-z]+)[^/]*\.json$/i.exec(url) ?? [];
    const place = wanted.indexOf(tag);
    return place < 0 ? wanted.length : place;
  };
  return [...entries].sort((a, b) => rank(a) - rank(b));
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
 * The folder of this version's app, which each of its pages names.
 *
 * @param {Pick<PrecacheManifest, 'entries'>} manifest
 * @returns {string} "app/<hash>/"
 */
export function appFolder({ entries }) {
  const file = entries.find(({ url }) => url.startsWith('app/'));
  return `${file?.url.split('/', 2).join('/')}/`;
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
