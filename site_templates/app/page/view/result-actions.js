/** What may follow an answer: sharing it, and the offer to install the app. */

import { text } from '../language/text.js';
import { createInstallOffer } from '../system/install.js';
import { shareAnswer } from '../system/share-result.js';
import { element, setText } from './elements.js';

/**
 * @param {string} title of the app, in the language that the page speaks
 * @param {ReturnType<typeof import('../../shared/settings.js').createSettings>} settings
 */
export function createResultActions(title, settings) {
  const share = element('share-result', HTMLButtonElement);
  const news = element('share-news', HTMLElement);
  const offer = element('install-offer', HTMLElement);
  const install = createInstallOffer({
    settings,
    show(shown) {
      offer.hidden = !shown;
      // Screen readers read out what changes inside a region, not one that appears with its text.
      if (shown) setText(element('install-text', HTMLElement), text('install-offer', { title }));
    },
  });

  /**
   * @param {string} id of a button that disappears: the focus goes to the trigger, and isn't lost
   * @param {() => void} act
   */
  function once(id, act) {
    element(id, HTMLButtonElement).addEventListener('click', () => {
      act();
      element('shutter', HTMLButtonElement).focus();
    });
  }

  once('install', install.accept);
  once('dismiss-install', install.decline);

  /**
   * @param {Blob | HTMLCanvasElement} photo
   * @param {import('../types.js').Prediction[]} predictions
   */
  return function answered(photo, predictions) {
    setText(news, '');
    share.hidden = predictions.length === 0;
    share.onclick = async () => {
      setText(news, '');
      const key = await shareAnswer(title, photo, predictions);
      if (key) setText(news, text(key));
    };
    if (predictions.length) install.answered();
  };
}
