/** Photos that the system brings: shared by another app, or opened with this one. */

import { found, pickPhotos } from '../photo.js';
import { NAME_HEADER, SHARE_PATH, SHARE_QUERY, shareCacheName } from './shared_photos.js';

/**
 * @typedef {import('../photo.js').Found} Found
 * @typedef {{files: readonly {getFile(): Promise<File>}[]}} LaunchParams
 * @typedef {{setConsumer(consume: (launch: LaunchParams) => void): void}} LaunchQueue
 */

/**
 * @param {object} world
 * @param {string} world.root absolute URL of the site's root
 * @param {(photos: Found[]) => void} world.receive none where a share brought nothing
 * @param {Pick<Window, 'location' | 'history'> & {caches?: CacheStorage, launchQueue?: LaunchQueue}} [world.page]
 */
export function receiveArrivals({ root, receive, page = window }) {
  receiveShared();
  page.launchQueue?.setConsumer(async ({ files }) => {
    // Every launch comes here, also without a file.
    if (!files.length) return;
    receive(pickPhotos(found(await Promise.all(files.map((handle) => handle.getFile())))));
  });

  async function receiveShared() {
    const address = new URL(page.location.href);
    if (!page.caches || !address.searchParams.has(SHARE_QUERY)) return;
    address.searchParams.delete(SHARE_QUERY);
    // A reload must not look for them again.
    page.history.replaceState(null, '', address);
    receive(pickPhotos(found(await takeShared(page.caches, root))));
  }
}

/**
 * Take the photos out: afterwards there is none left.
 *
 * @param {Pick<CacheStorage, 'open' | 'delete' | 'has'>} caches
 * @param {string} root absolute URL of the site's root
 * @returns {Promise<File[]>} in the order in which they were shared
 */
export async function takeShared(caches, root) {
  const name = shareCacheName(root);
  if (!(await caches.has(name))) return [];
  const cache = await caches.open(name);
  /** @type {File[]} */
  const photos = [];
  for (;;) {
    const response = await cache.match(new URL(`${SHARE_PATH}/${photos.length}`, root).href);
    if (!response) break;
    const type = response.headers.get('content-type') ?? '';
    const photoName = decodeURIComponent(response.headers.get(NAME_HEADER) ?? '');
    photos.push(new File([await response.blob()], photoName, { type }));
  }
  await caches.delete(name);
  return photos;
}
