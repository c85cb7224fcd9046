/** The end of the app on a device: a version may be on its way while the person has it removed. */

/**
 * The CacheStorage up to the end: afterwards no cache is opened, because opening one makes it anew.
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
