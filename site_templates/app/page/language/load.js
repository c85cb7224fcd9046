/** Brings the page to speak the language that was chosen for it. */

import { speak, text } from './text.js';

/** @typedef {import('./text.js').Catalogue} Catalogue */

/**
 * Load the catalogue and put its texts in place. Where it can't be had, the page speaks the language
 * that it was built in.
 *
 * @param {Document} [page]
 * @param {(tag: string) => Promise<Catalogue>} [fetchCatalogue]
 */
export async function loadLanguage(page = document, fetchCatalogue = fetchMessages) {
  const root = page.documentElement;
  const built = JSON.parse(page.getElementById('messages')?.textContent ?? '');
  const { language } = root.dataset;
  const catalogue = language ? await fetchCatalogue(language).catch(() => null) : null;
  if (language && catalogue) {
    root.lang = language;
    root.dir = catalogue.direction;
    speak(language, catalogue);
  } else {
    speak(root.lang, built);
  }
  placeTexts(page);
  delete root.dataset.language;
}

/**
 * Put texts into the elements that name one: `data-text` for their content, `data-label` for how they
 * are called; `data-count` and the like fill placeholders, `data-number` is written as a number.
 *
 * @param {ParentNode} parent
 */
export function placeTexts(parent) {
  for (const target of parent.querySelectorAll('[data-text], [data-label], [data-number]')) {
    const {
      text: key,
      label,
      number,
      count,
      ...values
    } = /** @type {HTMLElement} */ (target).dataset;
    const filled = /** @type {import('./text.js').Values} */ ({ ...values });
    if (count) filled.count = Number(count);
    if (key) target.textContent = text(key, filled);
    if (label) target.setAttribute('aria-label', text(label, filled));
    if (number) target.textContent = Number(number).toLocaleString(document.documentElement.lang);
  }
}

/**
 * @param {string} tag
 * @returns {Promise<Catalogue>}
 */
async function fetchMessages(tag) {
  const response = await fetch(new URL(`../../messages/${tag}.json`, import.meta.url));
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.json();
}
