/**
 * What is remembered, in IndexedDB. Its name carries the site's path, because two apps on one origin
 * (`user.github.io/a`, `/b`) share one storage.
 */

import { storagePrefix } from '../../shared/storage-prefix.js';
import { changing } from './changing.js';
import { createConnection } from './connection.js';
import { MOST, toForget } from './limit.js';

/**
 * @typedef {import('../types.js').Prediction} Prediction
 *
 * @typedef {object} Entry what lists and searches need; the rest is read when it is wanted
 * @property {number} id
 * @property {number} when milliseconds since 1970
 * @property {string} name the file's, or '' for a photo of the camera
 * @property {readonly Prediction[]} predictions best first
 * @property {string} model folder of the model that answered: embeddings of others can't be compared
 * @property {number} bytes that thumbnail and embedding take
 * @property {boolean} [imported] whether it came with a file, and is not an answer of this app
 *
 * @typedef {Omit<Entry, 'id' | 'bytes' | 'imported'> & {thumbnail: Uint8Array<ArrayBuffer> | null,
 *   embedding: Float32Array<ArrayBuffer> | null}} Memory a photo's answer with its small picture, a JPEG
 *
 * @typedef {ReturnType<typeof createHistory>} History
 */

const STORES = /** @type {const} */ (['entries', 'thumbnails', 'embeddings']);

/** Photos between two reports of how far an import has come, and two looks whether it is cancelled. */
const STEP = 100;

/** @param {string} root absolute URL of the site's root */
export function databaseName(root) {
  return `${storagePrefix(root)}history`;
}

/**
 * @param {readonly Entry[]} entries
 * @returns {number} bytes of all that is kept of them: pictures, embeddings and words
 */
export function bytesOf(entries) {
  const words = new Blob(entries.map((entry) => JSON.stringify(entry))).size;
  return entries.reduce((sum, { bytes }) => sum + bytes, words);
}

/**
 * @param {object} parts
 * @param {typeof import('idb').openDB} parts.openDB
 * @param {string} parts.root absolute URL of the site's root
 * @param {() => void} [parts.onGone] the database was deleted, or the browser lost it: what is shown of it
 *   may not be there any more
 * @param {AbortSignal} [parts.signal] the app is being taken off the device
 * @param {number} [parts.most] photos that it holds
 */
export function createHistory({ openDB, root, onGone = () => {}, signal, most = MOST }) {
  const [entriesStore, ...others] = STORES;
  const connection = createConnection({
    openDB,
    name: databaseName(root),
    stores: [
      [entriesStore, { keyPath: 'id', autoIncrement: true }],
      ...others.map((name) => /** @type {[string]} */ ([name])),
    ],
    onGone,
    signal,
  });

  return {
    /**
     * Keep an answer. Where the history is full, nothing is forgotten for it unless the person said so.
     *
     * @param {Memory} memory
     * @param {{forgetting?: boolean}} [options] `forgetting`: what has to go for it may go
     * @returns {Promise<'kept' | 'full'>}
     * @throws {DOMException} QuotaExceededError when the disk or the origin's share of it is full
     */
    async add(memory, { forgetting = false } = {}) {
      const kept = await connection.write((database) =>
        changing(database, STORES, async (stores) => {
          if ((await stores[0].count()) >= most) {
            if (!forgetting) return false;
            const ids = toForget(await stores[0].getAll(), 1, most);
            await Promise.all(ids.flatMap((id) => stores.map((store) => store.delete(id))));
          }
          await put(stores, memory, false);
          return true;
        }),
      );
      return kept === false ? 'full' : 'kept';
    },

    /**
     * Keep what came with a file: all of it or, where that fails or is cancelled, nothing. What there is
     * no room for is left out; nothing is forgotten for it.
     *
     * @param {readonly Memory[]} memories those that are left out are the last ones
     * @param {object} [options]
     * @param {(kept: number) => void} [options.onProgress]
     * @param {AbortSignal} [options.cancelled]
     * @returns {Promise<number>} how many were kept
     * @throws {DOMException} AbortError when it was cancelled, QuotaExceededError as `add`
     */
    async addImported(memories, { onProgress = () => {}, cancelled } = {}) {
      const kept = await connection.write((database) =>
        changing(database, STORES, async (stores) => {
          const free = Math.max(0, most - (await stores[0].count()));
          const fitting = memories.slice(0, free);
          for (let start = 0; start < fitting.length; start += STEP) {
            cancelled?.throwIfAborted();
            onProgress(start);
            const some = fitting.slice(start, start + STEP);
            await Promise.all(some.map((memory) => put(stores, memory, true)));
          }
          return fitting.length;
        }),
      );
      return kept ?? 0;
    },

    /** @returns {Promise<Entry[]>} the newest first */
    async entries() {
      /** @type {Entry[]} */
      const entries = (await connection.read((database) => database.getAll(entriesStore))) ?? [];
      return entries.sort((a, b) => b.when - a.when || b.id - a.id);
    },

    /**
     * @param {number} id
     * @returns {Promise<Uint8Array<ArrayBuffer> | null>} a JPEG
     */
    async thumbnail(id) {
      return (await connection.read((database) => database.get('thumbnails', id))) ?? null;
    },

    /**
     * @param {number} id
     * @returns {Promise<Float32Array<ArrayBuffer> | null>}
     */
    async embedding(id) {
      return (await connection.read((database) => database.get('embeddings', id))) ?? null;
    },

    /** @param {number} id */
    async remove(id) {
      await connection.read((database) =>
        changing(database, STORES, (stores) =>
          Promise.all(stores.map((store) => store.delete(id))),
        ),
      );
    },

    async clear() {
      await connection.read((database) =>
        changing(database, STORES, (stores) => Promise.all(stores.map((store) => store.clear()))),
      );
    },
  };
}

/**
 * @typedef {import('./changing.js').Store<typeof STORES[number]>[]} Stores entries, thumbnails, embeddings
 *
 * @param {Stores} stores
 * @param {Memory} memory
 * @param {boolean} imported
 */
async function put([entries, thumbnails, embeddings], memory, imported) {
  const { thumbnail, embedding, ...rest } = memory;
  const bytes = (thumbnail?.byteLength ?? 0) + (embedding?.byteLength ?? 0);
  const id = await entries.add({ ...rest, bytes, imported });
  await Promise.all([
    thumbnail && thumbnails.put(thumbnail, id),
    embedding && embeddings.put(embedding, id),
  ]);
}
