/** The About panel. */

import { backendNamed } from '../../shared/backends.js';
import { duration, percent } from '../format.js';
import { text } from '../language/text.js';
import { element, setText } from './elements.js';

/**
 * @typedef {{licence?: string | null, accuracy?: {top1?: number, top5?: number} | null}} Source what may be
 *   known of a model
 */

export function createAbout() {
  const dialog = element('about', HTMLDialogElement);
  for (const opener of document.querySelectorAll('#open-about, #open-demo')) {
    opener.addEventListener('click', () => dialog.showModal());
  }
  element('close-about', HTMLButtonElement).addEventListener('click', () => dialog.close());
  dialog.addEventListener('click', ({ target, clientX, clientY }) => {
    // Its backdrop counts as the dialog itself, and so do the gaps between its paragraphs.
    const { left, right, top, bottom } = dialog.getBoundingClientRect();
    const inside = clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
    if (target === dialog && !inside) dialog.close();
  });

  /**
   * @param {string} name
   * @param {string} words '' where it isn't known
   */
  function showFact(name, words) {
    element(`about-${name}-row`, HTMLElement).hidden = words === '';
    setText(element(`about-${name}`, HTMLElement), words);
  }

  return {
    /** @param {import('../../classifier/types.js').Metadata} metadata of the model */
    describe({ source }) {
      const { licence, accuracy } = /** @type {Source} */ (source);
      showFact('licence', licence ?? '');
      if (!accuracy?.top1) return;
      const top1 = percent(accuracy.top1);
      const { top5 } = accuracy;
      const words = top5
        ? text('accuracy-top5', { top1, top5: percent(top5) })
        : text('accuracy-top1', { top1 });
      showFact('accuracy', words);
    },
    /** @param {import('../session.js').Answer | null} answer */
    showSpeed(answer) {
      if (!answer || !('milliseconds' in answer)) return;
      const words = text('speed-text', { duration: duration(answer.milliseconds) });
      setText(element('about-speed', HTMLElement), words);
    },
    /** @param {string} backend */
    showBackend(backend) {
      const known = backendNamed(backend);
      const words = known ? text(`backend-${known.device}`, { backend: known.label }) : backend;
      setText(element('about-backend', HTMLElement), words);
    },
    /** @param {string} sentence */
    showOffline(sentence) {
      setText(element('about-offline', HTMLElement), sentence);
    },
  };
}
