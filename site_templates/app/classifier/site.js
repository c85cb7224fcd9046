import { ClassifierError, describe } from './errors.js';

/** @typedef {import('./types.js').SiteDescription} SiteDescription */

/**
 * Fetch the site description of a site that this page does not belong to.
 *
 * @param {string} base absolute URL of the site's root
 * @param {typeof globalThis.fetch} [fetch]
 * @returns {Promise<SiteDescription>}
 * @throws {ClassifierError} model-unreachable, model-damaged
 */
export async function fetchSite(base, fetch = globalThis.fetch) {
  const url = new URL('site.json', base).href;
  /** @type {Response} */
  let response;
  try {
    // Its name never changes: do not take an old copy from the HTTP cache without asking the host.
    response = await fetch(url, { cache: 'no-cache' });
  } catch (error) {
    throw new ClassifierError('model-unreachable', `${url} cannot be loaded: ${describe(error)}`, {
      cause: error,
    });
  }
  if (!response.ok) {
    throw new ClassifierError(
      'model-unreachable',
      `${url} answers with status ${response.status}.`,
    );
  }
  const site = await response.json().catch(() => null);
  requireSite(site, url);
  return site;
}

/**
 * @param {any} site
 * @param {string} origin where it comes from, for the error
 * @returns {asserts site is SiteDescription}
 */
export function requireSite(site, origin) {
  if (site?.format !== 1) {
    throw new ClassifierError(
      'model-damaged',
      `${origin} is not a site description of a format that this classifier knows.`,
    );
  }
}
