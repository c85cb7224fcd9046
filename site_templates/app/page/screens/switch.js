/** Which screen is in view, and the message for one that is not there yet, or cannot be loaded. */

import { text } from '../language/text.js';
import { element, setText } from '../view/elements.js';

/** What screens are called. @type {Record<string, string>} */
const NAMES = { many: 'many-photos', history: 'history' };

/**
 * @param {object} actions
 * @param {() => void} actions.close back to the camera
 * @param {() => void} actions.again tries once more to open the screen
 */
export function createScreenSwitch({ close, again }) {
  const main = element('main', HTMLElement);
  const screens = Array.from(document.querySelectorAll('.screen'));
  const title = element('waiting-title', HTMLElement);
  const words = element('waiting-text', HTMLElement);
  const kept = element('waiting-photos', HTMLElement);
  const againButton = element('waiting-again', HTMLButtonElement);
  const reloadButton = element('waiting-reload', HTMLButtonElement);
  for (const back of document.querySelectorAll('.screen-back')) {
    back.addEventListener('click', close);
  }
  againButton.addEventListener('click', () => {
    title.focus();
    again();
  });
  reloadButton.addEventListener('click', () => location.reload());

  /**
   * @param {string} name
   * @param {boolean} failed
   * @param {{error?: unknown, photos: number}} about
   */
  function showWaiting(name, failed, { error, photos }) {
    const gone = failed && /** @type {{code?: unknown}} */ (error ?? {}).code === 'gone';
    setText(title, text(NAMES[name] ?? name));
    setText(words, text(!failed ? 'screen-opening' : gone ? 'screen-gone' : 'screen-failed'));
    setText(kept, photos ? text('photos-kept', { count: photos }) : '');
    againButton.hidden = !failed;
    reloadButton.hidden = !gone;
  }

  /**
   * @param {string} name of the screen, or '' for the camera
   * @param {import('./router.js').View} view
   * @param {{error?: unknown, photos: number}} about `photos` that wait for the screen
   */
  return (name, view, about) => {
    const shown = view === 'open' ? name : 'waiting';
    const before = document.documentElement.dataset.screen;
    document.documentElement.dataset.screen = name;
    main.hidden = name !== '';
    // Not the name alone: the browser would take the focus to what has the address's name as its id.
    for (const screen of screens) screen.toggleAttribute('hidden', screen.id !== `screen-${shown}`);
    if (shown === 'waiting') {
      showWaiting(name, view === 'failed', about);
      if (before !== name) title.focus();
    }
    // What had the focus is out of view now; a screen takes it by itself.
    if (!name) element('shutter', HTMLButtonElement).focus();
  };
}
