/**
 * Takes the app off a device: what it kept, and nothing of another app on the same origin. All its names
 * carry the path of its root.
 */

import { forgetCaches } from '../../shared/caches.js';
import { storagePrefix } from '../../shared/storage-prefix.js';

/** @typedef {'worker' | 'caches' | 'settings' | 'history'} Part of what the app keeps on a device */

/** Milliseconds that a part may take: another tab may hold it, or the browser may never answer. */
const DEADLINE_MS = 10_000;

/**
 * Remove all parts. Each is tried, whatever became of the others.
 *
 * @param {string} root absolute URL of the app's root
 * @param {object} [world] each is asked for when it is its turn: the mere look at a storage may throw
 * @param {() => Pick<ServiceWorkerContainer, 'getRegistration'> | undefined} [world.container]
 * @param {() => Pick<CacheStorage, 'keys' | 'delete'> | undefined} [world.caches]
 * @param {() => Storage} [world.storage]
 * @param {() => Pick<IDBFactory, 'deleteDatabase'>} [world.databases]
 * @param {(milliseconds: number) => Promise<unknown>} [world.pause]
 * @returns {Promise<Part[]>} those that could not be removed
 */
export async function forgetEverything(
  root,
  {
    container = () => globalThis.navigator.serviceWorker,
    caches = () => globalThis.caches,
    storage = () => globalThis.localStorage,
    databases = () => globalThis.indexedDB,
    pause = later,
  } = {},
) {
  const prefix = storagePrefix(root);
  /** @type {[Part, () => unknown][]} */
  const parts = [
    // First: it might fill a cache that is gone already.
    ['worker', () => forgetWorker(container(), root)],
    ['caches', () => forgetCaches(caches(), root)],
    ['settings', () => forgetSettings(storage(), prefix)],
    ['history', () => forgetDatabase(databases(), `${prefix}history`)],
  ];
  /** @type {Part[]} */
  const left = [];
  for (const [part, forget] of parts) {
    try {
      await Promise.race([forget(), pause(DEADLINE_MS).then(() => Promise.reject(Error(part)))]);
    } catch {
      left.push(part);
    }
  }
  return left;
}

/**
 * Unregister the service worker of the app.
 *
 * @param {Pick<ServiceWorkerContainer, 'getRegistration'> | undefined} container undefined where the browser
 *   has none for this page
 * @param {string} root absolute URL of the app's root
 */
async function forgetWorker(container, root) {
  const registration = await container?.getRegistration(root);
  // An app in a parent folder is another app.
  if (registration?.scope === root) await endRegistration(registration);
}

/**
 * Unregister a service worker. A version that is being installed is asked to stop: the browser lets it
 * finish first, and it would go on downloading and keeping.
 *
 * @param {ServiceWorkerRegistration} registration
 */
export async function endRegistration(registration) {
  const end = () => {
    const { installing, waiting, active } = registration;
    for (const worker of [installing, waiting, active]) worker?.postMessage({ type: 'end' });
  };
  registration.addEventListener('updatefound', end);
  end();
  await registration.unregister();
}

/**
 * @param {Storage} storage
 * @param {string} prefix of the app's keys
 */
function forgetSettings(storage, prefix) {
  for (const key of Object.keys(storage)) {
    if (key.startsWith(prefix)) storage.removeItem(key);
  }
}

/**
 * @param {Pick<IDBFactory, 'deleteDatabase'>} databases
 * @param {string} name
 * @returns {Promise<void>} resolves when it is gone, which waits for other tabs that hold it
 */
function forgetDatabase(databases, name) {
  return new Promise((resolve, reject) => {
    const deleting = databases.deleteDatabase(name);
    deleting.onsuccess = () => resolve();
    deleting.onerror = () => reject(deleting.error);
  });
}

/**
 * @param {number} milliseconds
 * @returns {Promise<unknown>}
 */
function later(milliseconds) {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
