/** Photos that the system brings: shared by another app, or opened with this one. */

import { found, pickPhotos } from '../intake/photo-files.js';
import {
  NAME_HEADER,
  SHARE_PATH,
  SHARE_QUERY,
  shareCacheName,
} from '../../shared/shared-photos.js';

/**
 * @typedef {import('../intake/photo-files.js').Found} Found
 * @typedef {{name: string, getFile(): Promise<File>}} Handle
 * @typedef {{files: readonly Handle[]}} LaunchParams
 * @typedef {{setConsumer(consume: (launch: LaunchParams) => void): void}} LaunchQueue
 */

/**
 * @param {object} world
 * @param {string} world.root absolute URL of the site's root
 * @param {(photos: Found[]) => void} world.receive none where a share brought nothing
 * @param {(photos: Found[]) => Promise<boolean>} world.ask whether the person wants photos that were shared
 * @param {Pick<Window, 'location' | 'history'> & {caches?: CacheStorage, launchQueue?: LaunchQueue}} [world.page]
 */
export function receiveArrivals({ root, receive, ask, page = window }) {
  receiveShared();
  page.launchQueue?.setConsumer(async ({ files }) => {
    // Every launch comes here, also without a file.
    if (!files.length) return;
    receive(pickPhotos(found(await Promise.all(files.map(readable)))));
  });

  async function receiveShared() {
    const address = new URL(page.location.href);
    if (!page.caches || !address.searchParams.has(SHARE_QUERY)) return;
    address.searchParams.delete(SHARE_QUERY);
    // A reload must not look for them again.
    page.history.replaceState(null, '', address);
    // Where the storage fails, the page says that there was no photo.
    const photos = pickPhotos(found(await takeShared(page.caches, root).catch(() => [])));
    // Whoever knows the address can send a form there, from any page of any site.
    if (photos.length === 0 || (await ask(photos))) receive(photos);
  }
}

/**
 * One that cannot be read does not hold up the others: it becomes an empty file of its name, which the app
 * reports as unreadable.
 *
 * @param {Handle} handle
 * @returns {Promise<File>}
 */
async function readable(handle) {
  try {
    return await handle.getFile();
  } catch {
    return new File([], handle.name);
  }
}

/**
 * Take the photos out of the cache: none is left in it.
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
    const photoName = nameFrom(response.headers.get(NAME_HEADER) ?? '');
    // A photo that the browser has lost is no reason to lose the others: it becomes an empty file, too.
    const content = await response.blob().catch(() => new Blob());
    photos.push(new File([content], photoName, { type }));
  }
  await caches.delete(name);
  return photos;
}

/** @param {string} escaped as `keepShared` writes it */
function nameFrom(escaped) {
  try {
    return decodeURIComponent(escaped);
  } catch {
    return escaped;
  }
}
