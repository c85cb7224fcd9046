/**
 * Takes the app off a device: what it kept, and nothing of another app on the same origin. All its names
 * carry the path of its root.
 */

/** @param {string} root absolute URL of the app's root */
export function cachePrefix(root) {
  return `classifier-pwa|${new URL(root).pathname.replaceAll('|', '%7C')}|`;
}

/**
 * Delete the caches of the app.
 *
 * @param {Pick<CacheStorage, 'keys' | 'delete'>} caches
 * @param {string} root absolute URL of the app's root
 */
export async function forgetCaches(caches, root) {
  const prefix = cachePrefix(root);
  const own = (await caches.keys()).filter((name) => name.startsWith(prefix));
  await Promise.all(own.map((name) => caches.delete(name)));
}

/**
 * Unregister the service worker of the app.
 *
 * @param {Pick<ServiceWorkerContainer, 'getRegistration'>} container
 * @param {string} root absolute URL of the app's root
 */
export async function forgetWorker(container, root) {
  const registration = await container.getRegistration(root);
  // An app in a parent folder is another app.
  if (registration?.scope === root) await registration.unregister();
}

/**
 * Delete the settings and the history of the app.
 *
 * @param {Storage} storage
 * @param {Pick<IDBFactory, 'deleteDatabase'>} databases
 * @param {string} root absolute URL of the app's root
 */
export function forgetChoices(storage, databases, root) {
  const prefix = `classifier-pwa|${new URL(root).pathname}|`;
  for (const key of Object.keys(storage)) {
    if (key.startsWith(prefix)) storage.removeItem(key);
  }
  databases.deleteDatabase(`${prefix}history`);
}
