/** The choices in the About panel that change how photos are seen. */

import { wholePercent } from './format.js';
import { element, setText } from './view/elements.js';

/**
 * @param {object} world
 * @param {import('./types.js').Settings} world.settings
 * @param {import('./types.js').Site} world.site
 * @param {() => void} world.onChange the photo in view may now be answered otherwise
 */
export function createPreferences({ settings, site, onChange }) {
  const root = document.documentElement;
  const below = element('unsure-below', HTMLInputElement);
  const belowText = element('unsure-below-text', HTMLElement);
  const gray = document.getElementById('see-gray');

  const preferences = {
    /** 0…1: an answer less probable than that isn't sure. */
    get unsureBelow() {
      return Number(below.value) / 100;
    },
    /** Whether photos are classified by luminance; a model that can't do otherwise has no switch. */
    get grayscale() {
      return gray instanceof HTMLInputElement && gray.checked;
    },
  };

  function show() {
    setText(belowText, wholePercent(preferences.unsureBelow));
    root.toggleAttribute('data-grayscale', site.grayscale || preferences.grayscale);
  }

  below.value = String(settings.get('unsure-below') ?? Math.round(site.threshold * 100));
  below.addEventListener('input', show);
  below.addEventListener('change', () => {
    settings.set('unsure-below', Number(below.value));
    onChange();
  });
  if (gray instanceof HTMLInputElement) {
    gray.checked = settings.get('grayscale') === true;
    gray.addEventListener('change', () => {
      settings.set('grayscale', gray.checked);
      show();
      onChange();
    });
  }
  show();
  return preferences;
}
