/** The service worker of a withdrawn app: removes the app's caches and itself. */

import { forgetCaches } from '../app/shared/caches.js';

/** @type {ServiceWorkerGlobalScope} */
const worker = /** @type {any} */ (self);

worker.addEventListener('install', () => worker.skipWaiting());
worker.addEventListener('activate', (event) => {
  const { registration, clients } = worker;
  const { scope } = registration;
  const leave = async () => {
    // Pages of the app that are still open say that it works offline.
    const windows = await clients.matchAll({ type: 'window', includeUncontrolled: true });
    for (const window of windows) window.postMessage({ type: 'withdrawn', scope });
    await registration.unregister();
  };
  event.waitUntil(forgetCaches(caches, scope).then(leave, leave));
});
// Pages that are opened just now ask how far saving has come.
worker.addEventListener('message', (event) => {
  event.ports[0]?.postMessage({ ok: false, withdrawn: true, reason: 'withdrawn' });
});
