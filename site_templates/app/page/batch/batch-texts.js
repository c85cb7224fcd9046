/** What the table of many photos says. */

import { duration, percent } from '../format.js';
import { compareTexts, text } from '../language/text.js';
import { answerText, errorMessage } from '../messages.js';

/** @typedef {import('./table.js').Row} Row */

/** @type {import('./table.js').Order[]} */
export const ORDERS = ['added', 'file', 'class', 'certain', 'uncertain', 'slow'];

/**
 * @param {import('./table.js').Counts} counts
 * @returns {[kind: string, text: string][]} the choices of what to show
 */
export function kinds({ total, unsure, failed, classes }) {
  const byName = [...classes].sort(([, a], [, b]) => compareTexts(a.name, b.name));
  /** @type {(kind: string, name: string, count: number) => [string, string]} */
  const choice = (kind, name, count) => [kind, text('many-kind', { name, count })];
  return [
    ['all', text('many-all', { count: total })],
    ...(unsure ? [choice('unsure', text('not-sure'), unsure)] : []),
    ...(failed ? [choice('failed', text('unreadable'), failed)] : []),
    ...byName.map(([index, { name, count }]) => choice(String(index), name, count)),
  ];
}

/**
 * @param {Pick<import('./batch.js').BatchState, 'counts' | 'phase' | 'left' | 'trouble'>} state
 * @returns {string} how far the work has come
 */
export function progressText({ counts: { done, total }, phase, left, trouble }) {
  if (phase === 'paused') {
    const paused = text('many-paused', { done, total });
    return trouble ? `${paused} – ${text('screen-failed')}` : paused;
  }
  if (phase === 'idle') return text('many-done', { count: done });
  if (left === null) return text('many-progress', { done, total });
  return text('many-left', { done, total, duration: duration(roundedUp(left)) });
}

/**
 * @param {number} milliseconds
 * @returns {number} whole seconds, or minutes where it takes long: an estimate isn't more precise
 */
function roundedUp(milliseconds) {
  const unit = milliseconds < 90_000 ? 1000 : 60_000;
  return Math.ceil(milliseconds / unit) * unit;
}

/**
 * @param {Row} row
 * @param {number} classes how many the model knows
 * @returns {string} what stands in place of predictions or before guesses, else ''
 */
export function rowText({ status, certainty, answered, error }, classes) {
  if (status === 'waiting') return text('waiting');
  if (status === 'working') return text('working');
  if (status === 'failed') return errorMessage(error);
  if (certainty === 'sure') return '';
  return certainty === 'unsure'
    ? text('not-sure')
    : answerText(certainty, answered.predictions, classes);
}

/**
 * @param {Row['predictions'][number]} prediction
 * @returns {string}
 */
export function percentText({ probability }) {
  return percent(probability);
}
