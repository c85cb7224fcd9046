/** "Where do you see it?": a heat map over the photo, and the same in words. */

import { text } from '../language/text.js';
import { errorMessage } from '../messages.js';
import { element, setText } from '../view/elements.js';
import { heatPixels } from './heat.js';
import { placeOf } from './place.js';

/** Pixels of a side: the browser smooths the rest. */
const SIDE = 64;

/**
 * @param {object} world
 * @param {(classIndex: number) => Promise<import('./heat.js').Map | null>} world.ask about the photo in view;
 *   null where it has gone meanwhile
 * @param {import('../types.js').Settings} world.settings
 */
export function createExplain({ ask, settings }) {
  const list = element('results', HTMLOListElement);
  const panel = element('where', HTMLElement);
  const words = element('where-text', HTMLElement);
  const strength = element('heat-strength', HTMLInputElement);
  const heat = element('heat', HTMLCanvasElement);
  /** @type {HTMLButtonElement | null} */
  let pressed = null;

  list.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest('button.where') : null;
    if (button instanceof HTMLButtonElement) toggle(button);
  });
  strength.value = String(settings.get('heat-strength') ?? 70);
  heat.style.opacity = String(Number(strength.value) / 100);
  strength.addEventListener('input', () => {
    heat.style.opacity = String(Number(strength.value) / 100);
  });
  strength.addEventListener('change', () => settings.set('heat-strength', Number(strength.value)));
  // New predictions are new rows: what was said of the old ones goes with them.
  new MutationObserver(() => {
    if (pressed && !pressed.isConnected) hide();
  }).observe(list, { childList: true });

  /** @param {HTMLButtonElement} button */
  async function toggle(button) {
    const again = button === pressed;
    hide();
    if (again) return;
    pressed = button;
    button.setAttribute('aria-pressed', 'true');
    const classIndex = Number(button.closest('li')?.dataset.classIndex);
    try {
      const map = await ask(classIndex);
      if (map && pressed === button) show(map);
    } catch (error) {
      if (pressed !== button) return;
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      setText(words, errorMessage(code));
      panel.hidden = false;
    }
  }

  /** @param {import('./heat.js').Map} map */
  function show(map) {
    heat.width = SIDE;
    heat.height = SIDE;
    heat.getContext('2d')?.putImageData(new ImageData(heatPixels(map, SIDE), SIDE), 0, 0);
    heat.hidden = false;
    panel.hidden = false;
    setText(words, text(`place-${placeOf(map)}`));
  }

  function hide() {
    pressed?.setAttribute('aria-pressed', 'false');
    pressed = null;
    heat.hidden = true;
    panel.hidden = true;
    setText(words, '');
  }
}
