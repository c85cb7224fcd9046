/** An answer for others: through the system's share sheet, else copied. */

import { percent } from '../format.js';
import { citedText } from '../language/class-names.js';

/** @typedef {import('../types.js').Prediction} Prediction */

/** As many as fit into a message. */
const MOST = 3;

/**
 * @param {readonly Prediction[]} predictions best first
 * @returns {string} a line for each, e.g. "espresso (n07920052): 91.90%"
 */
export function answerText(predictions) {
  return predictions
    .slice(0, MOST)
    .map(({ className, probability }) => `${citedText(className)}: ${percent(probability)}`)
    .join('\n');
}

/**
 * Hand an answer on; with its photo where the system takes files.
 *
 * @param {string} title of the app
 * @param {Blob | HTMLCanvasElement} photo
 * @param {readonly Prediction[]} predictions
 * @param {Pick<Navigator, 'clipboard'> & Partial<Pick<Navigator, 'share' | 'canShare'>>} [browser]
 * @returns {Promise<'' | 'copied' | 'not-copied'>} key of the text to show
 */
export async function shareAnswer(title, photo, predictions, browser = navigator) {
  const answer = { title, text: answerText(predictions) };
  const whole = photo instanceof File ? { ...answer, files: [photo] } : answer;
  const data = [whole, answer].find((choice) => browser.canShare?.(choice));
  try {
    if (data && browser.share) {
      await browser.share(data);
      return '';
    }
  } catch (error) {
    // The person cancelled. Any other trouble of the share sheet is no reason to give up.
    if (error instanceof DOMException && error.name === 'AbortError') return '';
  }
  try {
    await browser.clipboard.writeText(answer.text);
    return 'copied';
  } catch {
    return 'not-copied';
  }
}
