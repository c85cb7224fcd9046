/** One line of the history. */

import { percent } from '../format.js';
import { classText } from '../language/class-names.js';
import { spokenLanguage, text } from '../language/text.js';
import { setText } from '../view/elements.js';

/** @typedef {import('./store.js').Entry & {note: string}} ShownEntry */

/**
 * @param {number} when milliseconds since 1970
 * @returns {string} e.g. "24 Nov 2026, 15:10"
 */
export function dateOf(when) {
  return new Date(when).toLocaleString(spokenLanguage(), {
    dateStyle: 'medium',
    timeStyle: 'short',
  });
}

/** @param {import('./store.js').Entry} entry */
export function nameOf({ name, predictions }) {
  const [best] = predictions;
  return best ? classText(best.className) : name || text('not-sure');
}

/** @param {{remove(id: number): void, showSimilar(id: number): void}} actions */
export function createEntryRow({ remove, showSimilar }) {
  const row = document.createElement('li');
  const image = new Image(64, 64);
  image.alt = '';
  image.hidden = true;
  const picture = part('div', 'many-picture', image);
  const best = part('p', 'entry-best', part('bdi', 'entry-name'), part('span', 'percent'));
  const words = part(
    'div',
    'entry-words',
    best,
    part('p', 'entry-others'),
    part('p', 'entry-origin'),
  );
  const tools = part(
    'div',
    'entry-tools',
    button('similar', showSimilar),
    button('delete', remove),
  );
  row.append(picture, words, tools);
  return row;

  /**
   * @param {string} icon
   * @param {(id: number) => void} act
   */
  function button(icon, act) {
    const made = document.createElement('button');
    made.type = 'button';
    made.className = `icon-button entry-${icon}`;
    const template = /** @type {HTMLTemplateElement} */ (document.getElementById(`draw-${icon}`));
    made.append(template.content.cloneNode(true));
    made.addEventListener('click', () => act(Number(row.dataset.id)));
    return made;
  }
}

/**
 * @param {HTMLElement} row
 * @param {ShownEntry} entry
 */
export function fillEntryRow(row, entry) {
  const { id, predictions, name, when, model, note } = entry;
  row.dataset.id = String(id);
  const [best, ...others] = predictions;
  put('.entry-name', best ? classText(best.className) : text('not-sure'));
  put('.percent', best ? percent(best.probability) : '');
  put(
    '.entry-others',
    others
      .slice(0, 2)
      .map(({ className }) => classText(className))
      .join(', '),
  );
  put(
    '.entry-origin',
    [name || text('camera-photo'), dateOf(when), note].filter(Boolean).map(isolated).join(' · '),
  );
  const similar = /** @type {HTMLElement} */ (row.querySelector('.entry-similar'));
  similar.hidden = model === '';
  similar.setAttribute('aria-label', text('similar-to', { name: nameOf(entry) }));
  row
    .querySelector('.entry-delete')
    ?.setAttribute('aria-label', text('delete-named', { name: nameOf(entry) }));

  /**
   * @param {string} selector
   * @param {string} words
   */
  function put(selector, words) {
    const target = row.querySelector(selector);
    if (target) setText(target, words);
  }
}

/**
 * A text between marks that keep its direction to itself (Unicode UAX #9).
 *
 * @param {string} words
 */
function isolated(words) {
  return `\u2068${words}\u2069`;
}

/**
 * @param {string} tag
 * @param {string} className
 * @param {...Node} children
 */
function part(tag, className, ...children) {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...children);
  return made;
}
