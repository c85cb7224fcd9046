/**
 * Photos that another app shares with this one: the service worker puts them into a cache, the page takes
 * them out. Both know by this module where they lie.
 *
 * @typedef {Pick<CacheStorage, 'open' | 'delete'>} ShareCaches
 */

/** What the web app manifest names as `share_target`, relative to the site's root. */
export const SHARE_PATH = 'share-target';

/** The form's field that holds the photos. */
export const SHARE_FIELD = 'photos';

/** With this in its query the page looks for shared photos. */
export const SHARE_QUERY = 'shared';

/** The header that keeps a photo's name: escaped, because headers carry Latin-1 only. */
export const NAME_HEADER = 'x-shared-name';

/**
 * The name of the cache of shared photos. It begins as the names of the app's other caches do.
 *
 * @param {string} root absolute URL of the site's root
 * @returns {string}
 */
export function shareCacheName(root) {
  return `classifier-pwa|${new URL(root).pathname.replaceAll('|', '%7C')}|shared`;
}

/**
 * Keep photos for the page. What an earlier share left behind is deleted.
 *
 * @param {ShareCaches} caches
 * @param {string} root absolute URL of the site's root
 * @param {readonly File[]} photos
 */
export async function keepShared(caches, root, photos) {
  const name = shareCacheName(root);
  await caches.delete(name);
  const cache = await caches.open(name);
  for (const [index, photo] of photos.entries()) {
    const headers = { 'content-type': photo.type, [NAME_HEADER]: encodeURIComponent(photo.name) };
    await cache.put(new URL(`${SHARE_PATH}/${index}`, root).href, new Response(photo, { headers }));
  }
}
