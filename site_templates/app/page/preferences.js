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
  const sureFrom = element('sure-from', HTMLInputElement);
  const sureFromText = element('sure-from-text', HTMLElement);
  const gray = document.getElementById('see-gray');

  const preferences = {
    /** @returns {import('../classifier/certainty.js').Limits} when an answer is sure */
    get limits() {
      const { classes, activation } = site;
      return { sureFrom: Number(sureFrom.value) / 100, classes, activation };
    },
    /** Whether photos are classified by luminance; a model that can't do otherwise has no switch. */
    get grayscale() {
      return gray instanceof HTMLInputElement && gray.checked;
    },
  };

  function show() {
    setText(sureFromText, wholePercent(preferences.limits.sureFrom));
    root.toggleAttribute('data-grayscale', site.grayscale || preferences.grayscale);
  }

  sureFrom.value = String(settings.get('sure-from') ?? Math.round(site.sureFrom * 100));
  sureFrom.addEventListener('input', show);
  sureFrom.addEventListener('change', () => {
    settings.set('sure-from', Number(sureFrom.value));
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
