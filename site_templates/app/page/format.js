/** Numbers as the page writes them, in the language that it speaks. */

import { spokenLanguage, text } from './language/text.js';

/** @type {Map<string, Intl.NumberFormat>} making one takes longer than a frame of many numbers may */
const formats = new Map();

/**
 * @param {number} value
 * @param {Intl.NumberFormatOptions} options
 */
function number(value, options) {
  const key = spokenLanguage() + JSON.stringify(options);
  const format = formats.get(key) ?? new Intl.NumberFormat(spokenLanguage(), options);
  formats.set(key, format);
  return format.format(value);
}

/**
 * @param {string} unit of ECMA-402
 * @param {number} decimals
 * @returns {Intl.NumberFormatOptions}
 */
const inUnit = (unit, decimals) => ({
  style: 'unit',
  unit,
  minimumFractionDigits: decimals,
  maximumFractionDigits: decimals,
});

/**
 * A probability for people: a percentage with two decimals.
 *
 * @param {number} probability 0…1
 * @returns {string} e.g. "87.12%", "87,12 %"
 */
export function percent(probability) {
  return number(probability, {
    style: 'percent',
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });
}

/**
 * A share as it is measured on some thousand photos: more decimals would be chance.
 *
 * @param {number} fraction 0…1
 * @returns {string} e.g. "75.1%", "75,1 %"
 */
export function tenthsPercent(fraction) {
  return number(fraction, {
    style: 'percent',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
}

/**
 * @param {number} fraction 0…1
 * @returns {string} e.g. "45%"
 */
export function wholePercent(fraction) {
  return number(fraction, { style: 'percent' });
}

/**
 * @param {number} value
 * @returns {string} with one decimal, e.g. "4.2"
 */
export function decimal(value) {
  return number(value, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}

/**
 * A probability for scripts, without an exponent.
 *
 * @param {number} probability 0…1
 * @returns {string} eight decimals, e.g. "0.87123456"
 */
export function probabilityAttribute(probability) {
  return probability.toFixed(8);
}

/**
 * How far a download has come, in decimal megabytes as browsers and shops count them.
 *
 * @param {number} loaded bytes
 * @param {number} total bytes; 0 while it isn't known
 * @returns {string} e.g. "1.2 of 4.6 MB"
 */
export function downloaded(loaded, total) {
  if (total <= 0) return megabytes(loaded);
  const amount = decimal(Math.min(loaded, total) / 1e6);
  return text('downloaded-of', { loaded: amount, total: megabytes(total) });
}

/**
 * @param {number} bytes
 * @returns {string} e.g. "4.6 MB"
 */
export function megabytes(bytes) {
  return number(bytes / 1e6, inUnit('megabyte', 1));
}

/**
 * @param {number} bytes
 * @returns {string} in the unit that reads best, e.g. "84 kB", "4.6 MB", "12.3 GB"
 */
export function size(bytes) {
  if (bytes < 1e6) return number(Math.ceil(bytes / 1e3), inUnit('kilobyte', 0));
  return bytes < 1e9 ? megabytes(bytes) : number(bytes / 1e9, inUnit('gigabyte', 1));
}

/**
 * A duration in the unit that reads best.
 *
 * @param {number} milliseconds
 * @returns {string} e.g. "48 ms", "1.2 sec"
 */
export function duration(milliseconds) {
  if (milliseconds < 999.5) {
    return number(Math.max(1, Math.round(milliseconds)), inUnit('millisecond', 0));
  }
  if (milliseconds < 90_000) {
    return number(milliseconds / 1000, inUnit('second', milliseconds % 1000 ? 1 : 0));
  }
  return number(Math.round(milliseconds / 60_000), inUnit('minute', 0));
}
