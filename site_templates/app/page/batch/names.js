/** Names for files and folders of a ZIP that any system can unpack, and none outside its folder. */

import { classText } from '../language/class-names.js';
import { answerOf } from './table.js';

/** What Windows, macOS or Linux takes for a separator, a wildcard or a stream. */
const FORBIDDEN = /[<>:"/\\|?*]/g;

/**
 * Names that Windows keeps for devices, with any suffix. Spaces before that count for nothing there.
 * Source: "Naming Files, Paths, and Namespaces" of Microsoft.
 */
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$|clock\$) *(\.|$)/i;

/** The longest name in UTF-8 bytes; file systems allow 255, some archivers less. */
const MOST_BYTES = 120;

/** The non-joiner and the joiner: Persian and emoji need them. */
const JOINERS = new Set(['\u200c', '\u200d']);

/**
 * Make a text a name: no path, no hidden file, no direction marks that would disguise a suffix.
 *
 * @param {string} text
 * @param {string} fallback where nothing is left of it
 * @returns {string}
 */
export function safeName(text, fallback) {
  const clean = text
    .normalize('NFC')
    .replace(/\p{C}/gu, (character) => (JOINERS.has(character) ? character : ''))
    .replace(FORBIDDEN, '_')
    .replace(/\s+/gu, ' ');
  const dot = clean.lastIndexOf('.');
  const suffix = dot > 0 && clean.length - dot <= 6 ? clean.slice(dot) : '';
  const stem = cut(clean.slice(0, clean.length - suffix.length), MOST_BYTES);
  const name = (stem + suffix).replace(/^[. ]+|[. ]+$/g, '') || fallback;
  return RESERVED.test(name) ? `_${name}` : name;
}

/**
 * @param {string} text
 * @param {number} most UTF-8 bytes
 */
function cut(text, most) {
  const encoder = new TextEncoder();
  let bytes = 0;
  let kept = '';
  for (const character of text) {
    bytes += encoder.encode(character).length;
    if (bytes > most) break;
    kept += character;
  }
  return kept;
}

/**
 * Return a function that makes paths differ, also on systems that treat "A" and "a" alike: the second
 * "cat/1.jpg" becomes "cat/1 (2).jpg".
 *
 * @returns {(folder: string, name: string) => string} joins them with "/"
 */
export function pathMaker() {
  /** @type {Set<string>} */
  const taken = new Set();
  return (folder, name) => {
    const dot = name.lastIndexOf('.');
    const stem = dot > 0 ? name.slice(0, dot) : name;
    let path = `${folder}/${name}`;
    for (let copy = 2; taken.has(path.toLowerCase()); copy += 1) {
      path = `${folder}/${stem} (${copy})${name.slice(stem.length)}`;
    }
    taken.add(path.toLowerCase());
    return path;
  };
}

/**
 * Sort photos into folders by class.
 *
 * @param {readonly import('./table.js').Row[]} rows
 * @param {{unsure: string, failed: string}} folders names for photos without an answer
 * @returns {{name: string, file: File}[]} those that are finished, each with its path in the ZIP
 */
export function sortedByClass(rows, folders) {
  const pathOf = pathMaker();
  return rows.flatMap((row) => {
    const { status, file } = row;
    if (status !== 'done' && status !== 'failed') return [];
    const best = answerOf(row);
    const answer = best ? classText(best.className) : folders.unsure;
    const folder = safeName(status === 'failed' ? folders.failed : answer, folders.unsure);
    return [{ name: pathOf(folder, safeName(file.name, 'photo')), file }];
  });
}
