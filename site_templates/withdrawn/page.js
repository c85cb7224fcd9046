/** The page of a withdrawn app: clears away what the app has left on the device, and names what it cannot. */

import { forgetEverything } from '../app/page/system/forget.js';

/** @param {string} id @param {boolean} hidden */
function hide(id, hidden) {
  document.getElementById(id)?.toggleAttribute('hidden', hidden);
}

const left = await forgetEverything(new URL('./', document.baseURI).href);
hide('cleared', left.length > 0);
hide('left', left.length === 0);
for (const part of left) hide(`left-${part}`, false);
