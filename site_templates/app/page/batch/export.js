/** A table of answers as a file: CSV (RFC 4180), which spreadsheets open as text and numbers and never run, or JSON. */

import { isAnswer } from '../../classifier/certainty.js';
import { classColumns, classText, wordNetId } from '../language/class-names.js';

/**
 * Beginnings that no spreadsheet takes for those of a formula, as it takes "=", "+", "-", "@" and their
 * wider and smaller forms, also behind blanks. Source: OWASP, "CSV Injection".
 */
const HARMLESS = /^[\p{L}\p{M}\p{N}\p{Sc}\p{Sk}\p{So}\p{Ps}\p{Pi}\p{Pc}"'.,:;!?#%&*/\\¡¿§…]/u;

/**
 * All but what is seen, breaks lines, or joins letters and emoji: among the rest are the marks that turn the
 * direction of a text around and disguise its end (Unicode UAX #9).
 */
const UNSEEN = /[^\p{L}\p{M}\p{N}\p{P}\p{S}\p{Z}\t\n\r\u200c\u200d]/gu;

/** Tells Excel that a file is UTF-8. */
const BYTE_ORDER_MARK = '\ufeff';

/**
 * @param {readonly import('./table.js').Row[]} rows
 * @returns {string} a line for the names of the columns, and one for each photo
 */
export function tableAsCsv(rows) {
  const most = Math.max(1, ...rows.map(({ predictions }) => predictions.length));
  const ranks = Array.from({ length: most }, (_, rank) => rank);
  const heading = ['file', 'status', 'certainty'];
  const known = classColumns();
  const each = [
    'class',
    ...(known.wordNetId ? ['wordnet_id'] : []),
    ...(known.name ? ['name'] : []),
    'probability',
  ];
  for (const rank of ranks) heading.push(...each.map((column) => `${column}_${rank + 1}`));
  heading.push('milliseconds', 'error');
  const lines = rows.map(({ path, status, certainty, predictions, milliseconds, error }) => [
    cell(path),
    cell(status === 'done' && !isAnswer(certainty) ? 'unsure' : status),
    status === 'done' ? certainty : '',
    ...ranks.flatMap((rank) => {
      const { className = '', probability } = predictions[rank] ?? {};
      return [
        cell(className),
        ...(known.wordNetId ? [wordNetId(className)] : []),
        ...(known.name ? [cell(classText(className))] : []),
        probability === undefined ? '' : probability.toFixed(6),
      ];
    }),
    status === 'done' ? milliseconds.toFixed(0) : '',
    cell(error),
  ]);
  const all = [heading, ...lines].map((line) => `${line.join(',')}\r\n`);
  return BYTE_ORDER_MARK + all.join('');
}

/**
 * @param {string} text
 * @returns {string} quoted where need be; an apostrophe keeps what might be a formula from being one
 */
export function cell(text) {
  const seen = text.replace(UNSEEN, '');
  const harmless = seen === '' || HARMLESS.test(seen) ? seen : `'${seen}`;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/**
 * @param {readonly import('./table.js').Row[]} rows
 * @param {{title: string, version: string}} site
 * @param {string} model its name
 * @returns {string}
 */
export function tableAsJson(rows, { title, version }, model) {
  const known = classColumns();
  const photos = rows.map(({ path, status, certainty, predictions, milliseconds, error }) => ({
    file: path,
    status: status === 'done' && !isAnswer(certainty) ? 'unsure' : status,
    ...(status === 'done' ? { certainty } : {}),
    ...(error ? { error } : {}),
    predictions: predictions.map((prediction) => {
      const id = wordNetId(prediction.className);
      return {
        ...prediction,
        ...(id ? { wordNetId: id } : {}),
        ...(known.name ? { name: classText(prediction.className) } : {}),
      };
    }),
    milliseconds: Math.round(milliseconds),
  }));
  return `${JSON.stringify({ format: 1, app: title, version, model, photos }, null, 2)}\n`;
}
