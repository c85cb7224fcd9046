/** Finding remembered photos by words. */

import { classText } from '../language/class-names.js';

/** @typedef {import('./store.js').Entry} Entry */

/**
 * @param {readonly Entry[]} entries
 * @param {string} query words, each of which must occur in names, classes or date; case and accents don't
 *   matter
 * @param {(when: number) => string} dateOf the date as the person reads it
 * @returns {Entry[]}
 */
export function search(entries, query, dateOf) {
  const words = plain(query).split(/\s+/).filter(Boolean);
  return entries.filter((entry) => {
    const names = entry.predictions.map(({ className }) => classText(className));
    const text = plain([entry.name, dateOf(entry.when), ...names].join('\n'));
    return words.every((word) => text.includes(word));
  });
}

/** @param {string} text */
function plain(text) {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
