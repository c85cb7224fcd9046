// Stands in for the site's service worker while `build --watch` serves it: what an earlier preview on this
// address has kept would hide each change. Removes that and itself; `serve` shows the app offline.
'use strict';

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => {
  const { registration } = self;
  async function giveWay() {
    await forgetCaches(caches, registration.scope);
    await registration.unregister();
    // Only pages that the earlier service worker has answered: they are not the server's.
    const pages = await self.clients.matchAll({ type: 'window' });
    await Promise.all(pages.map((page) => page.navigate(page.url)));
  }
  event.waitUntil(giveWay());
});
self.addEventListener('message', (event) => {
  event.ports[0]?.postMessage({ ok: false, withdrawn: true, reason: 'withdrawn' });
});
