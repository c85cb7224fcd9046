/** The About panel. */

import { element, setText } from './elements.js';

/** @type {Record<string, string>} */
const BACKENDS = {
  wasm: 'WebAssembly, on the processor',
  webgl: 'WebGL, on the graphics chip',
  webgpu: 'WebGPU, on the graphics chip',
  cpu: 'JavaScript, on the processor',
};

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
    /** @param {string} backend */
    showBackend(backend) {
      setText(element('about-backend', HTMLElement), BACKENDS[backend] ?? backend);
    },
    /** @param {string} text */
    showOffline(text) {
      setText(element('about-offline', HTMLElement), text);
    },
  };
}
