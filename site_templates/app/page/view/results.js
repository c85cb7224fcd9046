/** The predictions as a list, best first. */

import { duration, percent, probabilityAttribute } from '../format.js';
import { element, setText } from './elements.js';

export function createResults() {
  const list = element('results', HTMLOListElement);
  const unsure = element('unsure', HTMLElement);
  const note = element('note', HTMLElement);
  /** @type {import('../session.js').Answer | null} */
  let shown = null;

  /** @param {import('../session.js').Session} session */
  return function render({ answer }) {
    if (answer === shown) return;
    shown = answer;
    const found = answer && 'predictions' in answer ? answer : null;
    list.replaceChildren(...(found?.predictions ?? []).map(row));
    unsure.hidden = !found || found.predictions.length > 0;
    note.hidden = !found?.predictions.length;
    setText(note, found ? `Found on this device in ${duration(found.milliseconds)}` : '');
  };
}

/**
 * @param {import('../types.js').Prediction} prediction
 * @param {number} rank 0: best
 */
function row({ classIndex, className, probability }, rank) {
  const item = document.createElement('li');
  item.dataset.classIndex = String(classIndex);
  item.dataset.className = className;
  item.dataset.probability = probabilityAttribute(probability);
  item.style.setProperty('--probability', String(probability));
  item.style.setProperty('--rank', String(rank));
  item.append(part('name', className), part('percent', percent(probability)));
  return item;
}

/**
 * @param {string} className
 * @param {string} text
 */
function part(className, text) {
  const span = document.createElement('span');
  // A name may be in any script: its own first letter says which way it runs.
  span.dir = 'auto';
  span.className = className;
  span.textContent = text;
  return span;
}
