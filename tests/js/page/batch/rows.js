/** Rows of a table of photos, for its tests. */

import { found } from '../../../../site_templates/app/page/intake/photo-files.js';
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
    answered: { predictions, unfamiliarity: null },
    certainty: predictions.length > 0 ? 'sure' : 'unsure',
    milliseconds: 10 * (id + 1),
  });
}
