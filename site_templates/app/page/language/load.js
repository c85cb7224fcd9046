/** Shows the page in the language that was chosen for it. */

import { fetchChecked } from '../checked-files.js';
import { speak, text } from './text.js';

/** @typedef {import('./text.js').Catalogue} Catalogue */

/**
 * Load the catalogue and put its texts in place. Where it can't be loaded, the page speaks the language that it
 * was built in.
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
 * Put texts into the elements that name one: `data-text` for their content, `data-label` for their labels;
 * `data-count` and the like fill placeholders, `data-number` is written as a number.
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
  const url = new URL(`../../messages/${tag}.json`, import.meta.url);
  return (await fetchChecked(url.href)).json();
}

/**
 * @param {Pick<ReturnType<typeof import('../../shared/settings.js').createSettings>, 'get' | 'set'>} settings
 * @param {() => void} reload begins anew in the chosen language
 */
export function offerLanguages(settings, reload) {
  const select = document.getElementById('language');
  // A site in one language offers no choice.
  if (!(select instanceof HTMLSelectElement)) return;
  select.value = settings.get('language') ?? '';
  select.addEventListener('change', () => {
    settings.set('language', select.value || null);
    reload();
  });
}
