import { storagePrefix } from './storage-prefix.js';

/**
 * Parts of files whose download was cut off, kept until the file is whole: in the CacheStorage, which a
 * page, its workers and its service worker have in common. None of it ever fails: where there is no
 * storage, or no space in it, a download starts over.
 *
 * @typedef {Pick<CacheStorage, 'has' | 'open' | 'delete'>} PartCaches
 */

/**
 * The name of the cache of parts. It begins as the names of the app's other caches do, by which the
 * service worker finds and deletes it when a version is whole.
 *
 * @param {string} root absolute URL of the site's root
 * @returns {string}
 */
export function partsCacheName(root) {
  return `${storagePrefix(root)}parts`;
}

const NONE = { arrayBuffer: async () => new ArrayBuffer(0) };

/** The parts of one site's files. */
export class CachedParts {
  #caches;
  #root;

  /**
   * @param {PartCaches | undefined} caches undefined where pages are not secure
   * @param {string} root absolute URL of the site's root
   */
  constructor(caches, root) {
    this.#caches = caches;
    this.#root = root;
  }

  /**
   * Fill in what there is of a file from its start on.
   *
   * @param {string} sha256 of the whole file
   * @param {Uint8Array<ArrayBuffer>} into
   * @returns {Promise<number>} how many bytes from the start are there
   */
  async read(sha256, into) {
    let length = 0;
    try {
      if (!(await this.#caches?.has(partsCacheName(this.#root)))) return 0;
      const cache = await this.#open();
      for (const { offset, request } of await this.#of(sha256, cache)) {
        const part = new Uint8Array(await ((await cache?.match(request)) ?? NONE).arrayBuffer());
        const end = offset + part.length;
        if (offset <= length && end > length && end <= into.length) {
          into.set(part, offset);
          length = end;
        }
      }
    } catch {
      // What can't be read is fetched again.
    }
    return length;
  }

  /**
   * @param {string} sha256 of the whole file
   * @param {number} offset of `bytes` in it
   * @param {Uint8Array<ArrayBuffer>} bytes
   */
  async keep(sha256, offset, bytes) {
    try {
      const cache = await this.#open();
      await cache?.put(`${this.#folder(sha256)}${offset}`, new Response(bytes));
    } catch {
      // No space: what can't be kept is fetched again.
    }
  }

  /** @param {string} sha256 of the whole file */
  async drop(sha256) {
    try {
      if (!(await this.#caches?.has(partsCacheName(this.#root)))) return;
      const cache = await this.#open();
      const parts = await this.#of(sha256, cache);
      await Promise.all(parts.map(({ request }) => cache?.delete(request)));
    } catch {
      // They go when a version is whole.
    }
  }

  /** Drop the parts of all files: none of them is still being downloaded. */
  async clear() {
    try {
      await this.#caches?.delete(partsCacheName(this.#root));
    } catch {
      // They go the next time.
    }
  }

  #open() {
    return this.#caches?.open(partsCacheName(this.#root));
  }

  /** @param {string} sha256 */
  #folder(sha256) {
    return new URL(`precache-parts/${sha256}/`, this.#root).href;
  }

  /**
   * @param {string} sha256
   * @param {Cache | undefined} cache
   * @returns {Promise<{offset: number, request: Request}[]>} in the order of their offsets
   */
  async #of(sha256, cache) {
    const folder = this.#folder(sha256);
    const requests = (await cache?.keys()) ?? [];
    return requests
      .filter(({ url }) => url.startsWith(folder))
      .map((request) => ({ offset: Number(request.url.slice(folder.length)), request }))
      .sort((a, b) => a.offset - b.offset);
  }
}
