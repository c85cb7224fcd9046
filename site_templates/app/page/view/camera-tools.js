/** What can be set on the running camera: lens, light, zoom. Each is there where the camera has it. */

import { decimal } from '../format.js';
import { text } from '../language/text.js';
import { element, setHidden, setText } from './elements.js';

/**
 * @param {() => {chooseLens(deviceId: string): void, setTorch(on: boolean): Promise<boolean>,
 *   setZoom(value: number): Promise<boolean>}} actions the last two resolve to whether the camera did it
 */
export function createCameraTools(actions) {
  const tools = element('camera-tools', HTMLElement);
  const lens = element('lens', HTMLSelectElement);
  const torch = element('torch', HTMLInputElement);
  const zoom = element('zoom', HTMLInputElement);
  const zoomText = element('zoom-text', HTMLElement);

  lens.addEventListener('change', () => actions().chooseLens(lens.value));
  torch.addEventListener('change', async () => {
    if (!(await actions().setTorch(torch.checked))) torch.checked = false;
  });
  zoom.addEventListener('input', () => {
    showZoom();
    actions().setZoom(Number(zoom.value));
  });

  /** Cameras have units of their own: the least value counts as 1×. */
  function showZoom() {
    const words = `${decimal(Number(zoom.value) / Number(zoom.min))}×`;
    setText(zoomText, words);
    zoom.setAttribute('aria-valuetext', words);
  }

  return {
    /** @param {import('../camera/camera.js').LiveCamera} live */
    show({ lenses, lens: current, abilities }) {
      lens.replaceChildren(
        ...lenses.map(({ deviceId, name }, index) => {
          const label = name || text('lens-number', { number: index + 1 });
          return new Option(label, deviceId, false, deviceId === current);
        }),
      );
      setHidden(labelOf(lens), lenses.length < 2);
      torch.checked = false;
      setHidden(labelOf(torch), !abilities.torch);
      if (abilities.zoom) {
        const { min, max, step, value } = abilities.zoom;
        Object.assign(zoom, { min, max, step, value });
        showZoom();
      }
      setHidden(labelOf(zoom), !abilities.zoom);
    },

    /** @param {import('../session.js').Session} session */
    render({ camera, photo }) {
      // Not hidden while another camera starts: it would lose the focus.
      setHidden(tools, photo !== null || camera.phase === 'failed');
    },
  };
}

/** @param {HTMLElement} control */
function labelOf(control) {
  return /** @type {HTMLElement} */ (control.closest('label'));
}
