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
  dialog.addEventListener('click', (event) => {
    // The dialog itself is hit only on its backdrop: its content covers the rest.
    if (event.target === dialog) dialog.close();
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
