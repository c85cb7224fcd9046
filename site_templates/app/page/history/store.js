/**
 * What is remembered, in IndexedDB. Its name carries the site's path, because two apps on one origin
 * (`user.github.io/a`, `/b`) share one storage.
 */

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
 *
 * @typedef {Omit<Entry, 'id' | 'bytes'> & {thumbnail: Uint8Array<ArrayBuffer> | null,
 *   embedding: Float32Array<ArrayBuffer> | null}} Memory a photo's answer with its small picture, a JPEG
 *
 * @typedef {Awaited<ReturnType<typeof openHistory>>} History
 */

/** Beyond this the oldest is forgotten: the space is the person's. */
export const MOST = 5000;

/** @param {string} sitePath path of the site's root, e.g. "/b/" */
export function databaseName(sitePath) {
  return `classifier-pwa|${sitePath}|history`;
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
 * @param {typeof import('idb').openDB} openDB
 * @param {string} sitePath
 */
export async function openHistory(openDB, sitePath) {
  const database = await openDB(databaseName(sitePath), 1, {
    upgrade(fresh) {
      fresh.createObjectStore('entries', { keyPath: 'id', autoIncrement: true });
      fresh.createObjectStore('thumbnails');
      fresh.createObjectStore('embeddings');
    },
    // Another tab wants to delete or renew it: this one must not be in the way.
    blocking: () => database.close(),
  });
  const all = /** @type {const} */ (['entries', 'thumbnails', 'embeddings']);

  return {
    /**
     * @param {Memory} memory
     * @throws {DOMException} QuotaExceededError when the disk or the origin's share of it is full
     */
    async add({ thumbnail, embedding, ...rest }) {
      const change = database.transaction(all, 'readwrite');
      const [entries, thumbnails, embeddings] = all.map((name) => change.objectStore(name));
      const bytes = (thumbnail?.byteLength ?? 0) + (embedding?.byteLength ?? 0);
      const id = await entries.add({ ...rest, bytes });
      if (thumbnail) await thumbnails.put(thumbnail, id);
      if (embedding) await embeddings.put(embedding, id);
      if ((await entries.count()) > MOST) {
        const oldest = /** @type {IDBValidKey} */ ((await entries.openCursor())?.primaryKey);
        await Promise.all([entries, thumbnails, embeddings].map((store) => store.delete(oldest)));
      }
      await change.done;
    },

    /** @returns {Promise<Entry[]>} the newest first */
    async entries() {
      const entries = await database.getAll('entries');
      return entries.sort((a, b) => b.when - a.when || b.id - a.id);
    },

    /**
     * @param {number} id
     * @returns {Promise<Uint8Array<ArrayBuffer> | null>} a JPEG
     */
    async thumbnail(id) {
      return (await database.get('thumbnails', id)) ?? null;
    },

    /**
     * @param {number} id
     * @returns {Promise<Float32Array<ArrayBuffer> | null>}
     */
    async embedding(id) {
      return (await database.get('embeddings', id)) ?? null;
    },

    /** @param {number} id */
    async remove(id) {
      const change = database.transaction(all, 'readwrite');
      await Promise.all(all.map((name) => change.objectStore(name).delete(id)));
      await change.done;
    },

    async clear() {
      const change = database.transaction(all, 'readwrite');
      await Promise.all(all.map((name) => change.objectStore(name).clear()));
      await change.done;
    },
  };
}
