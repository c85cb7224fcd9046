/** The caches of the app, by their names: pages and service workers know by this module which they are. */

/**
 * The start of the names of this app's caches. Apps under other paths of one origin share the
 * CacheStorage with us, hence the path; a "|" in it is encoded, so that no path's prefix can
 * begin another path's cache name.
 *
 * @param {string} root absolute URL of the app's root
 * @returns {string}
 */
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
