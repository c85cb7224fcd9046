/** How much of this device the app takes. */

import { storagePrefix } from '../../shared/storage-prefix.js';

/**
 * @param {Pick<CacheStorage, 'keys' | 'open'> | undefined} caches undefined where pages are not secure
 * @param {string} root absolute URL of the app's root
 * @returns {Promise<number>} bytes in the app's own caches; other apps on the origin don't count
 */
export async function cachedBytes(caches, root) {
  if (!caches) return 0;
  const prefix = storagePrefix(root);
  let bytes = 0;
  for (const name of await caches.keys()) {
    if (!name.startsWith(prefix)) continue;
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const response = await cache.match(request);
      bytes += response ? (await response.blob()).size : 0;
    }
  }
  return bytes;
}
