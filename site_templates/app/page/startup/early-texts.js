/**
 * Have the browser fetch a file that the HTML cannot name, because only a script knows which it is.
 *
 * @param {Pick<Document, 'createElement' | 'head'>} page
 * @param {string} href absolute URL
 */
export function fetchEarly(page, href) {
  const preload = page.createElement('link');
  preload.rel = 'preload';
  preload.as = 'fetch';
  preload.crossOrigin = 'anonymous';
  preload.fetchPriority = 'low';
  preload.href = href;
  page.head.append(preload);
}
