/**
 * The predictions that the page lists.
 *
 * @param {readonly import('./types.js').Prediction[]} predictions best first
 * @param {Pick<import('./types.js').Site, 'topK' | 'threshold'>} site
 * @returns {import('./types.js').Prediction[]}
 */
export function listed(predictions, { topK, threshold }) {
  return predictions.slice(0, topK).filter(({ probability }) => probability >= threshold);
}
