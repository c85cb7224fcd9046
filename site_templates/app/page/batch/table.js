/** The table of photos as data: its rows, what they add up to, and which are shown in what order. */

import { isAnswer } from '../../classifier/certainty.js';
import { classText } from '../language/class-names.js';
import { compareTexts } from '../language/text.js';

/**
 * @typedef {import('../types.js').Prediction} Prediction
 *
 * @typedef {object} Row
 * @property {number} id in the order the photos came, from 0
 * @property {File} file a reference: its bytes stay on the disk
 * @property {string} path the file's, as far as the browser gives it
 * @property {'waiting' | 'working' | 'done' | 'failed'} status
 * @property {readonly Prediction[]} predictions best first; guesses where it isn't sure
 * @property {import('../../classifier/certainty.js').Answered & {predictions: readonly Prediction[]}} answered
 *   what its certainty is judged by
 * @property {import('../../classifier/certainty.js').Certainty} certainty
 * @property {string} error code of why it failed, else ''
 * @property {number} milliseconds that it took, else 0
 *
 * @typedef {'added' | 'file' | 'class' | 'certain' | 'uncertain' | 'slow'} Order
 *
 * @typedef {object} Selection
 * @property {Order} order
 * @property {string} kind 'all', 'unsure', 'failed', or a class's index as text
 * @property {number} certainty 0…1: the best prediction's probability at least
 *
 * @typedef {object} Counts
 * @property {number} total
 * @property {number} done with an answer, or without one
 * @property {number} failed
 * @property {number} unsure
 * @property {Map<number, {name: string, count: number}>} classes by class index
 */

/** @type {Selection} */
export const EVERYTHING = { order: 'added', kind: 'all', certainty: 0 };

/**
 * @param {readonly import('../intake/photo-files.js').Found[]} photos
 * @param {number} firstId
 * @returns {Row[]}
 */
export function newRows(photos, firstId) {
  return photos.map(({ file, path }, index) => ({
    id: firstId + index,
    file,
    path,
    status: 'waiting',
    predictions: [],
    answered: { predictions: [], unfamiliarity: null },
    certainty: 'unsure',
    error: '',
    milliseconds: 0,
  }));
}

/**
 * @param {Pick<Row, 'certainty' | 'predictions'>} row
 * @returns {Prediction | undefined} the answer; undefined where there are at most guesses
 */
export function answerOf({ certainty, predictions }) {
  return isAnswer(certainty) ? predictions[0] : undefined;
}

/** @param {Row} row */
export function isFinished({ status }) {
  return status === 'done' || status === 'failed';
}

/**
 * @param {readonly Row[]} rows
 * @returns {Counts}
 */
export function count(rows) {
  /** @type {Counts} */
  const counts = { total: rows.length, done: 0, failed: 0, unsure: 0, classes: new Map() };
  for (const row of rows) {
    if (isFinished(row)) counts.done += 1;
    if (row.status === 'failed') counts.failed += 1;
    if (row.status !== 'done') continue;
    const best = answerOf(row);
    if (best) {
      const known = counts.classes.get(best.classIndex);
      const entry = { name: classText(best.className), count: (known?.count ?? 0) + 1 };
      counts.classes.set(best.classIndex, entry);
    } else {
      counts.unsure += 1;
    }
  }
  return counts;
}

/**
 * The rows to show, in their order.
 *
 * @param {readonly Row[]} rows in the order they came
 * @param {Selection} selection
 * @returns {Row[]}
 */
export function select(rows, { order, kind, certainty }) {
  const chosen = rows.filter((row) => isOfKind(row, kind) && bestProbability(row) >= certainty);
  const compare = COMPARISONS[order];
  return compare ? chosen.sort((a, b) => compare(a, b) || a.id - b.id) : chosen;
}

/**
 * @param {Row} row
 * @param {string} kind
 */
function isOfKind(row, kind) {
  if (kind === 'all') return true;
  if (kind === 'failed') return row.status === 'failed';
  if (row.status !== 'done') return false;
  const best = answerOf(row);
  return kind === 'unsure' ? !best : String(best?.classIndex) === kind;
}

/** @param {Row} row */
function bestProbability({ predictions }) {
  return predictions[0]?.probability ?? 0;
}

/** @param {Row} row */
function nameOf(row) {
  return classText(answerOf(row)?.className ?? '');
}

/** What is not finished comes last, whatever the order. @type {(a: Row, b: Row) => number} */
const finishedFirst = (a, b) => Number(isFinished(b)) - Number(isFinished(a));

/** @type {Partial<Record<Order, (a: Row, b: Row) => number>>} */
const COMPARISONS = {
  file: (a, b) => compareTexts(a.path, b.path),
  class: (a, b) =>
    Number(answerOf(b) !== undefined) - Number(answerOf(a) !== undefined) ||
    compareTexts(nameOf(a), nameOf(b)),
  certain: (a, b) => finishedFirst(a, b) || bestProbability(b) - bestProbability(a),
  uncertain: (a, b) => finishedFirst(a, b) || bestProbability(a) - bestProbability(b),
  slow: (a, b) => b.milliseconds - a.milliseconds,
};
