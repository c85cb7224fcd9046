/** What classes are called in other languages than the model's: files of a site beside its modules. */

import { NAMES_MS } from './page-timeouts.js';
import { chooseLanguage } from './choose-language.js';

/** @typedef {Readonly<Record<string, string>>} ClassNames from a class's name in the model */

/**
 * @param {Pick<import('../classifier/types.js').SiteDescription, 'app' | 'classNames'>} site
 * @param {string} base absolute URL of the site's root
 * @param {string} language BCP 47 tag
 * @param {(url: string) => Promise<Response>} [fetch]
 * @returns {Promise<ClassNames>} none where the site has no names in that language: then classes go by
 *   those of the model
 * @throws {Error} where the site's file can't be loaded
 */
export async function fetchClassNames(
  { app, classNames = [] },
  base,
  language,
  fetch = (url) => globalThis.fetch(url, { signal: AbortSignal.timeout?.(NAMES_MS) }),
) {
  const tag = chooseLanguage(['', ...classNames], [language]);
  if (!tag) return {};
  const response = await fetch(new URL(`${app}classes/${tag}.json`, base).href);
  if (!response.ok) throw new Error(`${response.url} answers with status ${response.status}.`);
  return response.json();
}
