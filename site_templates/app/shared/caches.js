/** The caches of the app, by their names, for pages and service workers alike. */

import { storagePrefix } from './storage-prefix.js';

/**
 * Delete the caches of the app. Each is tried, whatever became of the others.
 *
 * @param {Pick<CacheStorage, 'keys' | 'delete'> | undefined} caches undefined where pages are not secure
 * @param {string} root absolute URL of the app's root
 * @throws {unknown} what kept one of them from being deleted
 */
export async function forgetCaches(caches, root) {
  const prefix = storagePrefix(root);
  const own = ((await caches?.keys()) ?? []).filter((name) => name.startsWith(prefix));
  const outcomes = await Promise.allSettled(own.map(async (name) => caches?.delete(name)));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
