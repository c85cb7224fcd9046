/**
 * Asks what is to become of photos that came by the share address: any page of any site can send some
 * there, and a browser does not distinguish that from a share by the person.
 */

import { text } from '../language/text.js';
import { element, setText } from './elements.js';

/** Photos shown in the question; the others are counted. */
const SHOWN = 6;

/**
 * @param {readonly import('../intake/photo-files.js').Found[]} photos at least one
 * @returns {Promise<boolean>} whether the person wants them looked at
 */
export function askForShared(photos) {
  const dialog = element('shared', HTMLDialogElement);
  const list = element('shared-photos', HTMLElement);
  setText(
    element('shared-question', HTMLElement),
    text('shared-question', { count: photos.length }),
  );
  const addresses = photos.slice(0, SHOWN).map(({ file }) => URL.createObjectURL(file));
  list.replaceChildren(...addresses.map((address, i) => picture(address, photos[i].file.name)));
  return new Promise((resolve) => {
    element('shared-take', HTMLButtonElement).onclick = () => dialog.close('take');
    element('shared-leave', HTMLButtonElement).onclick = () => dialog.close('leave');
    dialog.addEventListener(
      'close',
      () => {
        list.replaceChildren();
        for (const address of addresses) URL.revokeObjectURL(address);
        resolve(dialog.returnValue === 'take');
      },
      { once: true },
    );
    dialog.returnValue = '';
    dialog.showModal();
  });
}

/**
 * @param {string} address
 * @param {string} name of the file
 */
function picture(address, name) {
  const item = document.createElement('li');
  const image = document.createElement('img');
  image.src = address;
  image.alt = name;
  item.append(image);
  return item;
}
