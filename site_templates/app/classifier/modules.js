/**
 * Checks whether the code of a worker is what the build wrote. Browsers check a page's modules by the hashes
 * that the page names, but not those of a worker; so the same files are fetched beside it, from the HTTP cache.
 */

import { BACKENDS } from '../shared/backends.js';
import { fetchVerified } from './download.js';

/** What every worker runs of the runtime, beside the parts that its files share. */
const EVERYWHERE = [
  'tf.js',
  ...Object.values(BACKENDS).flatMap(({ offline, module }) => (offline === 'needed' ? module : [])),
];
const SHARED = /^chunk-[\w-]+\.js$/;

/**
 * @typedef {object} Surroundings
 * @property {typeof globalThis.fetch} [fetch]
 * @property {string} [origin] of the page
 * @property {{controller: Pick<ServiceWorker, 'scriptURL'> | null}} [serviceWorker]
 * @property {(milliseconds: number) => Promise<void>} [sleep]
 */

/**
 * Check the files of a worker of this site; where the browser's copies are wrong, they are fetched anew.
 *
 * @param {{base: string, site: Pick<import('./types.js').SiteDescription, 'runtime' | 'files'
 *   | 'workerModules'>}} options
 * @param {Surroundings} [surroundings]
 * @returns {Promise<boolean>} whether any copy was wrong: a worker that may have read it is to be replaced
 * @throws {import('./errors.js').ClassifierError} model-unreachable, model-damaged
 */
export async function renewModules(
  { base, site },
  {
    fetch = globalThis.fetch,
    origin = globalThis.location?.origin,
    serviceWorker = globalThis.navigator?.serviceWorker,
    sleep,
  } = {},
) {
  // The service worker has looked at each file that it answers with, and no worker comes from elsewhere.
  const own = serviceWorker?.controller?.scriptURL === new URL('sw.js', base).href;
  if (own || new URL(base).origin !== origin) return false;
  let renewed = false;
  /** @type {typeof globalThis.fetch} */
  const watched = (target, init) => {
    renewed ||= init?.cache === 'reload';
    // Whoever imports the file is served first.
    return fetch(target, { ...init, priority: 'low' });
  };
  const { runtime, files, workerModules = {} } = site;
  const ofRuntime = Object.entries(files).filter(([path]) => {
    const name = path.startsWith(runtime) ? path.slice(runtime.length) : '';
    return EVERYWHERE.includes(name) || SHARED.test(name);
  });
  await Promise.all(
    [...Object.entries(workerModules), ...ofRuntime].map(([path, expected]) =>
      fetchVerified(new URL(path, base).href, expected, undefined, { fetch: watched, sleep }),
    ),
  );
  return renewed;
}
