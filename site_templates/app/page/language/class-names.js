/**
 * What classes are called in the language that the page speaks. Everywhere else a class goes by the name
 * that it has in the model: in what is kept, and in what scripts read.
 */

import { fetchClassNames } from '../../class-names.js';
import { spokenLanguage } from './text.js';

/** @type {ReadonlyMap<string, string>} */
let called = new Map();

/** @param {import('../../class-names.js').ClassNames} names */
export function callClasses(names) {
  called = new Map(Object.entries(names));
}

/**
 * @param {string} className in the model
 * @returns {string} for people
 */
export function classText(className) {
  return called.get(className) ?? className;
}

/**
 * Load the names in the page's language, where the site has any. Where they can't be had, classes are
 * called as in the model.
 *
 * @param {Pick<import('../../classifier/types.js').SiteDescription, 'app' | 'classNames'>} site
 * @param {string} base absolute URL of the site's root
 * @param {(url: string) => Promise<Response>} [fetch]
 */
export async function loadClassNames(site, base, fetch) {
  callClasses(await fetchClassNames(site, base, spokenLanguage(), fetch).catch(() => ({})));
}
