/**
 * Photos that another app shares with this one: the service worker puts them into a cache, the page takes
 * them out. Both know by this module where they lie.
 *
 * @typedef {Pick<CacheStorage, 'open' | 'delete'>} ShareCaches
 */

import { storagePrefix } from './storage-prefix.js';

/** What the web app manifest names as `share_target`, relative to the site's root. */
export const SHARE_PATH = 'share-target';

/** The form's field that holds the photos. */
export const SHARE_FIELD = 'photos';

/** Part of the address by which the page looks for shared photos. */
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
  return `${storagePrefix(root)}shared`;
}

/**
 * Keep photos for the page. What an earlier share left behind is deleted. One that cannot be read or kept does
 * not hold up the others: an empty entry of its name takes its place.
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
    const headers = { 'content-type': photo.type, [NAME_HEADER]: headerText(photo.name) };
    const url = new URL(`${SHARE_PATH}/${index}`, root).href;
    try {
      await cache.put(url, new Response(photo, { headers }));
    } catch {
      await cache.put(url, new Response(null, { headers }));
    }
  }
}

/** @param {string} name also one with half a character in it, which cannot be escaped */
function headerText(name) {
  return encodeURIComponent(name.replace(/[\ud800-\udfff]/gu, '\ufffd'));
}
