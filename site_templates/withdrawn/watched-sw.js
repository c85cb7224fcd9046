/**
 * Stands in for the site's service worker while `build --watch` serves it: what an earlier preview on this address
 * has kept would hide each change. Removes that and itself; `serve` shows the app offline.
 */

import { forgetCaches } from '../app/shared/caches.js';

/** @type {ServiceWorkerGlobalScope} */
const worker = /** @type {any} */ (self);

worker.addEventListener('install', () => worker.skipWaiting());
worker.addEventListener('activate', (event) => {
  const { registration, clients } = worker;
  async function leave() {
    await forgetCaches(caches, registration.scope);
    await registration.unregister();
    // Only pages that the earlier service worker has answered: they are not the server's.
    const pages = await clients.matchAll({ type: 'window' });
    await Promise.all(pages.map((page) => page.navigate(page.url)));
  }
  event.waitUntil(leave());
});
worker.addEventListener('message', (event) => {
  event.ports[0]?.postMessage({ ok: false, withdrawn: true, reason: 'withdrawn' });
});
