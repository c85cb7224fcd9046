/** The page of a withdrawn app: clears away what the app has left on the device. */

import { forgetChoices, forgetWorker } from './forget.js';
import { forgetCaches } from './own_caches.js';

const root = new URL('./', document.baseURI).href;

async function leave() {
  await forgetCaches(globalThis.caches, root);
  await forgetWorker(navigator.serviceWorker, root);
}

// Without service workers nothing of this was kept.
if (navigator.serviceWorker) leave();
try {
  forgetChoices(localStorage, indexedDB, root);
} catch {
  // Storage is switched off: nothing was kept there.
}
