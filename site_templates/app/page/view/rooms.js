/** Which room is in view. */

import { element } from './elements.js';

/** @param {() => void} close back to the camera */
export function createRoomSwitch(close) {
  const main = element('main', HTMLElement);
  const rooms = Array.from(document.querySelectorAll('.room'));
  for (const back of document.querySelectorAll('.room-back')) {
    back.addEventListener('click', close);
  }

  /** @param {string} name of the room, or '' for the camera */
  return (name) => {
    document.documentElement.dataset.room = name;
    main.hidden = name !== '';
    // Not the name alone: the browser would take the focus to what has the address's name as its id.
    for (const room of rooms) room.toggleAttribute('hidden', room.id !== `room-${name}`);
    // What had the focus is out of view now; a room takes it by itself.
    if (!name) element('shutter', HTMLButtonElement).focus();
  };
}
