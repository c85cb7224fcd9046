/**
 * What classes are called in the language that the page speaks. Everywhere else a class goes by the name
 * that it has in the model: in what is kept, and in what scripts read.
 */

import { fetchClassNames } from '../../shared/class-names.js';
import { fetchChecked } from '../checked-files.js';
import { spokenLanguage } from './text.js';

/** @type {ReadonlyMap<string, string>} */
let called = new Map();

/** @type {ReadonlyMap<string, string>} */
let wordNetIds = new Map();

/** @param {import('../../shared/class-names.js').ClassNames} names */
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
 * Note the ids by which other programs know the classes, where the model has them.
 *
 * @param {Pick<import('../../classifier/types.js').Metadata, 'labels' | 'wordNetIds'>} metadata
 */
export function identifyClasses({ labels, wordNetIds: ids = [] }) {
  wordNetIds = new Map(ids.map((id, index) => [labels[index], id]));
}

/** Which columns a table of classes has, besides their names in the model. */
export function classColumns() {
  return { wordNetId: wordNetIds.size > 0, name: called.size > 0 };
}

/**
 * @param {string} className in the model
 * @returns {string} e.g. "n01440764"; '' where it isn't known
 */
export function wordNetId(className) {
  return wordNetIds.get(className) ?? '';
}

/**
 * What identifies a class in any language.
 *
 * @param {string} className in the model
 * @returns {string} e.g. "Schleie (tench, n01440764)"
 */
export function citedText(className) {
  const name = classText(className);
  const key = [name === className ? '' : className, wordNetId(className)].filter(Boolean);
  return key.length ? `${name} (${key.join(', ')})` : name;
}

/**
 * Load the names in the page's language, where the site has any. Where they can't be loaded, classes are called
 * as in the model.
 *
 * @param {Pick<import('../../classifier/types.js').SiteDescription, 'app' | 'classNames'>} site
 * @param {string} base absolute URL of the site's root
 * @param {(url: string) => Promise<Response>} [fetch]
 */
export async function loadClassNames(site, base, fetch = (url) => fetchChecked(url)) {
  callClasses(await fetchClassNames(site, base, spokenLanguage(), fetch).catch(() => ({})));
}
