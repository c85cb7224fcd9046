/** A table of answers as JSON, for programs. */

import { classText } from '../language/class-names.js';

/**
 * @param {readonly import('./table.js').Row[]} rows
 * @param {{title: string, version: string}} site
 * @param {string} model its name
 * @returns {string}
 */
export function tableAsJson(rows, { title, version }, model) {
  const photos = rows.map(({ path, status, sure, predictions, milliseconds, error }) => ({
    file: path,
    status: status === 'done' && !sure ? 'unsure' : status,
    ...(error ? { error } : {}),
    predictions: predictions.map((prediction) => ({
      ...prediction,
      className: classText(prediction.className),
    })),
    milliseconds: Math.round(milliseconds),
  }));
  return `${JSON.stringify({ format: 1, app: title, version, model, photos }, null, 2)}\n`;
}
