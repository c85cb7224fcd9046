/** Rows of a table of photos, for its tests. */

import { found } from '../../../../site_templates/app/page/photo.js';
import { newRows } from '../../../../site_templates/app/page/batch/table.js';

/** @typedef {import('../../../../site_templates/app/page/batch/table.js').Row} Row */

/**
 * @param {string} name
 * @param {number} [id]
 * @param {Partial<Row>} [news]
 * @returns {Row}
 */
export function row(name, id = 0, news = {}) {
  const file = new File([name], name, { type: 'image/jpeg' });
  return { ...newRows(found([file]), id)[0], ...news };
}

/**
 * @param {string} className
 * @param {number} probability
 * @param {number} [classIndex]
 */
export function prediction(className, probability, classIndex = 0) {
  return { classIndex, className, probability };
}

/**
 * @param {string} name
 * @param {number} id
 * @param {Row['predictions']} predictions
 */
export function done(name, id, ...predictions) {
  return row(name, id, {
    status: 'done',
    predictions,
    sure: predictions.length > 0,
    milliseconds: 10 * (id + 1),
  });
}
