/**
 * What classes are called in the language that the page speaks. Everywhere else a class goes by the name
 * that it has in the model: in what is kept, and in what scripts read.
 */

import { spokenLanguage } from './text.js';

/** @typedef {Readonly<Record<string, string>>} ClassNames from a class's name in the model */

/** @type {ReadonlyMap<string, string>} */
let called = new Map();

/** @param {ClassNames} names */
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
 * @param {Pick<import('../types.js').Site, 'classNames'>} site
 * @param {(tag: string) => Promise<ClassNames>} [fetchNames]
 */
export async function loadClassNames({ classNames = [] }, fetchNames = fetchClassNames) {
  const language = spokenLanguage();
  if (classNames.includes(language)) callClasses(await fetchNames(language).catch(() => ({})));
}

/**
 * @param {string} tag
 * @returns {Promise<ClassNames>}
 */
async function fetchClassNames(tag) {
  const response = await fetch(new URL(`../../classes/${tag}.json`, import.meta.url));
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.json();
}
