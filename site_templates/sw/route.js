import { isContentAddressed } from './plan.js';

/**
 * How a request is to be answered. Pure.
 *
 * @typedef {object} Route
 * @property {'shell' | 'asset' | 'renewal' | 'other-version' | 'page' | 'network'} kind
 *   shell: the cached index.html; asset: the cached file; renewal: the file fetched again, because
 *   the page found the cached one damaged; other-version: a file that another version may have; page: a
 *   document that only the network has; network: not ours to answer
 * @property {string} url the absolute URL to look up, without its fragment
 */

/**
 * Decide how to answer a request.
 *
 * @param {{method: string, mode: string, url: string, cache?: string, headers: Headers}} request
 * @param {string} scope absolute URL of the site root, ending in "/"
 * @param {{has(url: string): boolean}} precached the absolute URLs of the precache manifest
 * @returns {Route}
 */
export function routeOf(request, scope, precached) {
  const target = new URL(request.url);
  target.hash = '';
  const url = target.href;
  // Half a file cannot be taken from the cache as it is, and nothing on our pages asks for one.
  const whole = request.method === 'GET' && !request.headers.has('range');
  if (!whole || !url.startsWith(scope)) return { kind: 'network', url };
  if (request.mode === 'navigate') {
    target.search = '';
    if (target.href === scope || target.href === `${scope}index.html`) {
      return { kind: 'shell', url: scope };
    }
  }
  if (precached.has(url)) return { kind: request.cache === 'reload' ? 'renewal' : 'asset', url };
  if (request.mode === 'navigate') return { kind: 'page', url };
  return { kind: isContentAddressed(url.slice(scope.length)) ? 'other-version' : 'network', url };
}

/**
 * Point offline.html at the site root: it is shown in place of pages at any depth.
 *
 * @param {string} html
 * @param {string} scope absolute URL of the site root
 * @returns {string}
 */
export function rebased(html, scope) {
  const root = new URL(scope).pathname.replaceAll('&', '&amp;');
  return html.replace('<base href="./">', () => `<base href="${root}">`);
}
