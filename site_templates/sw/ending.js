/** The end of the app on a device: a version may be on its way while the person has it removed. */

/**
 * The CacheStorage until the app is removed: from then on no cache is opened, because opening one creates it again.
 *
 * @param {CacheStorage} caches
 * @param {AbortSignal} end
 * @returns {Pick<CacheStorage, 'match' | 'has' | 'open' | 'keys' | 'delete'>}
 */
export function cachesUntil(caches, end) {
  return {
    match: (request, options) => caches.match(request, options),
    has: (name) => caches.has(name),
    async open(name) {
      end.throwIfAborted();
      return caches.open(name);
    },
    keys: () => caches.keys(),
    delete: (name) => caches.delete(name),
  };
}
