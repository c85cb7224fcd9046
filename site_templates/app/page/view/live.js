/** The live mode's switch, and how fast it is for those who want to know. */

import { decimal, duration } from '../format.js';
import { text } from '../language/text.js';
import { showsLive } from '../session.js';
import { element, setHidden, setText } from './elements.js';

/** @param {(wanted: boolean) => void} setLive */
export function createLiveView(setLive) {
  const root = document.documentElement;
  const toggle = element('live', HTMLInputElement);
  const panel = element('live-panel', HTMLElement);
  const showButton = element('show-speed', HTMLButtonElement);
  const figures = element('live-speed', HTMLElement);

  toggle.addEventListener('change', () => setLive(toggle.checked));
  showButton.addEventListener('click', () => {
    const shown = showButton.getAttribute('aria-pressed') === 'true';
    showButton.setAttribute('aria-pressed', String(!shown));
    figures.hidden = shown;
  });

  return {
    /** @param {import('../session.js').Session} session */
    render(session) {
      const live = showsLive(session);
      root.toggleAttribute('data-live', live);
      toggle.checked = session.live.wanted;
      setHidden(panel, !live);
      if (!live) setText(figures, '');
    },

    /** @param {import('../live/pace.js').Speed} speed */
    showSpeed({ rate, latency }) {
      setText(figures, text('live-speed', { rate: decimal(rate), duration: duration(latency) }));
    },
  };
}
