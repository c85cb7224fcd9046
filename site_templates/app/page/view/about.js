/** The About panel. */

import { backendNamed } from '../../shared/backends.js';
import { duration, tenthsPercent } from '../format.js';
import { text } from '../language/text.js';
import { element, setText } from './elements.js';

/**
 * @typedef {{accuracy?: {top1?: number, top5?: number, source?: string} | null}} Source what may be known of
 *   a model; `source` is the address where others published its accuracy
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

  return {
    /** @param {import('../../classifier/types.js').Metadata} metadata of the model */
    describe({ source }) {
      const { accuracy } = /** @type {Source} */ (source);
      element('about-accuracy-row', HTMLElement).hidden = !accuracy?.top1;
      if (accuracy?.top1) setText(element('about-accuracy', HTMLElement), accuracyText(accuracy));
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

/**
 * @param {{top1?: number, top5?: number, source?: string}} known parts of 1
 * @returns {string}
 */
function accuracyText({ top1 = 0, top5, source }) {
  const words = top5
    ? text('accuracy-top5', { top1: tenthsPercent(top1), top5: tenthsPercent(top5) })
    : text('accuracy-top1', { top1: tenthsPercent(top1) });
  return source ? text('accuracy-published', { accuracy: words }) : words;
}
