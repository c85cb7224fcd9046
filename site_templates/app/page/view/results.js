/** The predictions as a list, best first. */

import { isAnswer } from '../../classifier/certainty.js';
import { duration, percent, probabilityAttribute } from '../format.js';
import { classText } from '../language/class-names.js';
import { text } from '../language/text.js';
import { showsLive } from '../session.js';
import { element, icon, setText } from './elements.js';

/** @typedef {import('../types.js').Prediction} Prediction */

/** @param {Pick<import('../types.js').Site, 'classes'>} site */
export function createResults(site) {
  const list = element('results', HTMLOListElement);
  const unsure = element('unsure', HTMLElement);
  const note = element('note', HTMLElement);
  /** @type {import('../session.js').Answer | null} */
  let shown = null;
  /** @type {Map<number, HTMLElement>} rows of the live camera, by class index */
  let live = new Map();

  /** @param {import('../session.js').Session} session */
  function render(session) {
    const { answer } = session;
    const ended = live.size > 0 && !showsLive(session);
    if (answer === shown && !ended) return;
    shown = answer;
    live = new Map();
    const found = answer && 'predictions' in answer ? answer : null;
    list.replaceChildren(...(found?.predictions ?? []).map(row));
    list.dataset.certainty = found?.certainty ?? '';
    const kind = found && !isAnswer(found.certainty) ? found.certainty : null;
    unsure.hidden = kind === null;
    if (kind) setText(unsure, text(kind, { count: site.classes }));
    note.hidden = !found?.predictions.length;
    setText(note, found ? text('found-in', { duration: duration(found.milliseconds) }) : '');
  }

  /**
   * What the live camera sees: rows stay as long as their class does.
   *
   * @param {Prediction[]} predictions
   * @param {import('../../classifier/certainty.js').Certainty} certainty
   */
  function showLive(predictions, certainty) {
    list.dataset.certainty = certainty;
    const rows = predictions.map((prediction, rank) => {
      const item = live.get(prediction.classIndex) ?? row(prediction, rank);
      fill(item, prediction, rank);
      return item;
    });
    live = new Map(predictions.map(({ classIndex }, rank) => [classIndex, rows[rank]]));
    if (rows.some((item, place) => item !== list.children[place]) || list.children[rows.length]) {
      list.replaceChildren(...rows);
    }
  }

  return { render, showLive };
}

/**
 * @param {Prediction} prediction
 * @param {number} rank 0: best
 */
function row(prediction, rank) {
  const { classIndex, className } = prediction;
  const item = document.createElement('li');
  item.dataset.classIndex = String(classIndex);
  item.dataset.className = className;
  const name = classText(className);
  item.append(part('name', name), part('percent', ''), whereButton(name));
  fill(item, prediction, rank);
  return item;
}

/**
 * @param {HTMLElement} item
 * @param {Prediction} prediction
 * @param {number} rank 0: best
 */
function fill(item, { probability }, rank) {
  item.dataset.probability = probabilityAttribute(probability);
  item.style.setProperty('--probability', String(probability));
  item.style.setProperty('--rank', String(rank));
  setText(item.querySelector('.percent bdi') ?? item, percent(probability));
}

/**
 * @param {string} className
 * @param {string} content
 */
function part(className, content) {
  const span = document.createElement('span');
  span.className = className;
  // A name may be in any script: its own first letter says which way it runs, not where it stands.
  const own = document.createElement('bdi');
  own.textContent = content;
  span.append(own);
  return span;
}

/**
 * @param {string} name
 * @returns {HTMLButtonElement} asks where in the photo that is; explain.js answers
 */
function whereButton(name) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'icon-button where';
  button.setAttribute('aria-label', text('where-name', { name }));
  button.setAttribute('aria-pressed', 'false');
  button.append(icon('where'));
  return button;
}
