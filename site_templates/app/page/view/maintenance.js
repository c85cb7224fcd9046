/** What the About panel does for the app itself: looks for an update, and takes the app off the device. */

import { size } from '../format.js';
import { listText, text } from '../language/text.js';
import { element, setText } from './elements.js';

/**
 * @param {object} world
 * @param {() => Promise<number>} world.stored bytes that the app takes on this device
 * @param {() => Promise<StorageEstimate>} world.estimate what the browser counts, for all of the origin
 * @param {() => Promise<'newest' | 'found' | 'failed'>} world.check looks for an update
 * @param {() => Promise<import('../system/forget.js').Part[]>} world.remove takes everything off this device;
 *   returns what could not be removed
 * @param {() => void} world.reload
 */
export function createMaintenance({ stored, estimate, check, remove, reload }) {
  const news = element('update-news', HTMLElement);
  const checkButton = element('check-update', HTMLButtonElement);
  const takeButton = element('take-update', HTMLButtonElement);
  const sure = element('remove-sure', HTMLDialogElement);
  const gone = element('removed', HTMLDialogElement);
  const removeNews = element('remove-news', HTMLElement);
  let begun = false;

  for (const opener of document.querySelectorAll('#open-about, #open-demo')) {
    opener.addEventListener('click', showStored);
  }
  checkButton.addEventListener('click', async () => {
    setText(news, text('checking'));
    const found = await check();
    if (found === 'newest') setText(news, text('up-to-date'));
    if (found === 'failed') setText(news, text('check-failed'));
  });
  on('remove-all', () => {
    setText(removeNews, '');
    sure.showModal();
  });
  on('remove-keep', () => sure.close());
  on('remove', async () => {
    begun = true;
    setText(removeNews, '');
    const left = await remove();
    if (left.length) {
      const what = listText(left.map((part) => text(`remove-part-${part}`)));
      setText(removeNews, text('remove-left', { what }));
      return;
    }
    gone.showModal();
    sure.close();
  });
  // Half of what this page needs may be gone.
  sure.addEventListener('close', () => {
    if (begun && !gone.open) reload();
  });
  // What is still running here would leave its traces anew: this page is over, however it is closed.
  on('begin-anew', () => gone.close());
  gone.addEventListener('close', reload);

  /**
   * @param {string} id
   * @param {() => void} act
   */
  function on(id, act) {
    element(id, HTMLButtonElement).addEventListener('click', act);
  }

  async function showStored() {
    const [bytes, { usage, quota }] = await Promise.all([
      stored().catch(() => 0),
      estimate().catch(() => /** @type {StorageEstimate} */ ({})),
    ]);
    element('about-stored-row', HTMLElement).hidden = !bytes;
    setText(element('about-stored', HTMLElement), text('stored-text', { size: size(bytes) }));
    setText(
      element('about-estimate', HTMLElement),
      usage && quota ? text('storage-estimate', { used: size(usage), quota: size(quota) }) : '',
    );
  }

  return {
    /** Another tab has had everything removed. */
    showRemoved() {
      begun = true;
      if (!gone.open) gone.showModal();
      if (sure.open) sure.close();
    },

    /** @param {() => void} apply takes the waiting update and reloads */
    offerUpdate(apply) {
      const focused = document.activeElement === checkButton;
      checkButton.hidden = true;
      takeButton.hidden = false;
      takeButton.onclick = apply;
      if (focused) takeButton.focus();
      setText(news, text('update-ready'));
    },
  };
}
