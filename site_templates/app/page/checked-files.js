/** Files of texts and names, which the page fetches itself: in time and as the build wrote them, or not at all. */

import { NAMES_MS } from '../shared/page-timeouts.js';

/**
 * The hash of a file of the app, as the page's import map names it.
 *
 * @param {string} url absolute
 * @param {Pick<Document, 'querySelector' | 'baseURI'>} page
 * @returns {string | undefined} undefined for a file that it doesn't name
 */
export function integrityOf(url, page) {
  const map = page.querySelector('script[type=importmap]')?.textContent;
  /** @type {Record<string, string>} */
  const hashes = JSON.parse(map ?? '{}').integrity ?? {};
  const root = new URL('./', page.baseURI).href;
  return url.startsWith(root) ? hashes[`./${url.slice(root.length)}`] : undefined;
}

/**
 * Fetch a file, past the browser's cache where the copy there is wrong.
 *
 * @param {string} url absolute
 * @param {Pick<Document, 'querySelector' | 'baseURI'>} [page]
 * @param {typeof globalThis.fetch} [fetch]
 * @returns {Promise<Response>} with status 200 and the right bytes
 * @throws {Error} where it does not arrive in time
 */
export async function fetchChecked(url, page = document, fetch = globalThis.fetch) {
  const integrity = integrityOf(url, page);
  const signal = AbortSignal.timeout?.(NAMES_MS);
  const ask = async (/** @type {RequestCache} */ cache) => {
    const response = await fetch(url, { cache, integrity, signal });
    if (!response.ok) throw new Error(`${url} answers with status ${response.status}.`);
    return response;
  };
  try {
    return await ask('default');
  } catch (error) {
    if (signal?.aborted) throw error;
    return ask('reload');
  }
}
