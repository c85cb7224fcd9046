/** A table of answers as CSV (RFC 4180) that spreadsheets open as text and numbers, and never run. */

import { classText } from '../language/class-names.js';

/**
 * The beginnings by which a spreadsheet takes a cell for a formula, full-width forms included.
 * Source: OWASP, "CSV Injection".
 */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** By this Excel knows that a file is UTF-8. */
const BYTE_ORDER_MARK = '\ufeff';

/**
 * @param {readonly import('./table.js').Row[]} rows
 * @returns {string} a line for the names of the columns, and one for each photo
 */
export function tableAsCsv(rows) {
  const most = Math.max(1, ...rows.map(({ predictions }) => predictions.length));
  const ranks = Array.from({ length: most }, (_, rank) => rank);
  const heading = ['file', 'status'];
  for (const rank of ranks) heading.push(`class_${rank + 1}`, `probability_${rank + 1}`);
  heading.push('milliseconds', 'error');
  const lines = rows.map(({ path, status, sure, predictions, milliseconds, error }) => [
    cell(path),
    cell(status === 'done' && !sure ? 'unsure' : status),
    ...ranks.flatMap((rank) => {
      const { className = '', probability } = predictions[rank] ?? {};
      return [cell(classText(className)), probability === undefined ? '' : probability.toFixed(6)];
    }),
    status === 'done' ? milliseconds.toFixed(0) : '',
    cell(error),
  ]);
  const all = [heading, ...lines].map((line) => `${line.join(',')}\r\n`);
  return BYTE_ORDER_MARK + all.join('');
}

/**
 * @param {string} text
 * @returns {string} quoted where need be; an apostrophe keeps what looks like a formula from being one
 */
export function cell(text) {
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
