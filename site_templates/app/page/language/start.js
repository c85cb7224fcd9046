/** The first moment of the page: what it is built in may not be what it will speak. */

/**
 * Choose the language. Where it isn't the one that the page was built in, nothing is shown until the
 * texts are there, so that no two languages ever share the screen, and they are fetched at once.
 *
 * @param {Pick<Document, 'documentElement' | 'currentScript'>} page
 * @param {readonly unknown[]} wishes the dearest first
 * @param {typeof import('./choice.js').chooseLanguage} choose
 * @param {(url: string) => void} fetch has a file on its way when it is asked for
 */
export function startLanguage(page, wishes, choose, fetch) {
  const root = page.documentElement;
  const language = choose((root.dataset.languages ?? root.lang).split(' '), wishes);
  if (language === root.lang) return;
  root.dataset.language = language;
  const { src } = /** @type {HTMLScriptElement} */ (page.currentScript);
  fetch(new URL(`messages/${language}.json`, src).href);
}
