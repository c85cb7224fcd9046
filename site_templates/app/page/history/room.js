/** The history: puts the database, its view and what they need of the browser together. */

import { openDB } from '../../libraries/idb.js';
import { saveBlob } from '../save.js';
import { makeThumbnail } from '../thumbnail.js';
import { exported, imported, MOST_FILE } from './exchange.js';
import { mostSimilar } from './similar.js';
import { bytesOf, openHistory } from './store.js';
import { createHistoryView } from './view.js';

/**
 * @typedef {import('./store.js').Entry} Entry
 * @typedef {import('./store.js').History} History
 */

/** As many as a person looks through. */
const MOST_SIMILAR = 24;

/**
 * @param {object} world
 * @param {import('../types.js').Site & {model: string}} world.site
 * @param {string} world.path of the site's root
 * @param {() => Promise<import('../types.js').Classifier>} world.ready the page's classifier, once it is loaded
 * @param {{get(): boolean, set(on: boolean): void}} world.optIn whether the person wants a history
 */
export function createHistoryRoom({ site, path, ready, optIn }) {
  /** @type {Promise<History> | null} */
  let opened = null;
  let lost = false;
  let inView = false;
  /** The answer that is being kept: one at a time, for each takes the memory of a whole photo. */
  let keeping = Promise.resolve();
  const view = createHistoryView({
    optIn,
    thumbnail: async (id) => asBlob(await (await history()).thumbnail(id)),
    similar,
    async remove(id) {
      await (await history()).remove(id);
      await show();
    },
    async clear() {
      await (await history()).clear();
      await show();
    },
    save,
    load,
  });

  function history() {
    opened ??= openHistory(openDB, path).catch((error) => {
      opened = null;
      throw error;
    });
    return opened;
  }

  async function show() {
    view.render(await (await history()).entries());
  }

  /**
   * @param {Entry} entry
   * @returns {Promise<{item: Entry, similarity: number}[]>} the most similar first
   */
  async function similar(entry) {
    const store = await history();
    const embedding = await store.embedding(entry.id);
    const others = (await store.entries()).filter(
      ({ id, model }) => model === entry.model && id !== entry.id,
    );
    const compared = await Promise.all(
      others.map(async (item) => ({ item, embedding: await store.embedding(item.id) })),
    );
    return embedding ? mostSimilar(embedding, compared, MOST_SIMILAR) : [];
  }

  async function save() {
    const store = await history();
    const memories = [];
    for (const { id, when, name, predictions, model } of await store.entries()) {
      const [thumbnail, embedding] = await Promise.all([store.thumbnail(id), store.embedding(id)]);
      memories.push({ when, name, predictions, model, thumbnail, embedding });
    }
    saveBlob(new Blob(exported(memories), { type: 'application/json' }), 'history.json');
  }

  /**
   * @param {File} file of any content
   * @returns {Promise<{added: number, refused: number} | null>} null where it is no history
   */
  async function load(file) {
    const read = file.size <= MOST_FILE ? imported(await file.text()) : null;
    if (!read) return null;
    const store = await history();
    const known = new Set((await store.entries()).map(identity));
    const fresh = read.memories.filter((memory) => !known.has(identity(memory)));
    for (const memory of fresh) await store.add(memory);
    await show();
    return { added: fresh.length, refused: read.refused };
  }

  /**
   * @param {Blob | HTMLCanvasElement} photo
   * @param {readonly import('../types.js').Prediction[]} predictions
   * @param {boolean} grayscale
   */
  async function keep(photo, predictions, grayscale) {
    const classifier = await ready();
    const [thumbnail, embedding] = await Promise.all([
      makeThumbnail(photo),
      classifier.metadata.outputs.embedding ? classifier.embed(photo, { grayscale }) : null,
    ]);
    const store = await history();
    await store.add({
      when: Date.now(),
      name: photo instanceof File ? photo.name : '',
      predictions,
      model: embedding ? site.model : '',
      thumbnail: thumbnail && new Uint8Array(await thumbnail.arrayBuffer()),
      embedding: /** @type {Float32Array<ArrayBuffer> | null} */ (embedding),
    });
  }

  return {
    async enter() {
      inView = true;
      view.focus();
      await show().catch(view.tellFailure);
      if (lost) view.tellFailure();
      lost = false;
    },
    leave() {
      inView = false;
    },

    /** @returns {Promise<number>} bytes that it takes */
    async bytes() {
      return bytesOf(await (await history()).entries());
    },

    /**
     * Keep an answer with a small picture of the photo. Where that fails, the history says so.
     *
     * @param {Blob | HTMLCanvasElement} photo
     * @param {readonly import('../types.js').Prediction[]} predictions
     * @param {boolean} grayscale whether it was seen in shades of gray: so it is compared with others
     */
    remember(photo, predictions, grayscale) {
      keeping = keeping.then(async () => {
        try {
          await keep(photo, predictions, grayscale);
          if (inView) await show();
        } catch {
          lost = true;
        }
      });
      return keeping;
    },
  };
}

/** By this a photo that comes in again is known. @param {Pick<Entry, 'when' | 'name'>} entry */
function identity({ when, name }) {
  return `${when} ${name}`;
}

/** @param {Uint8Array<ArrayBuffer> | null} bytes */
function asBlob(bytes) {
  return bytes && new Blob([bytes], { type: 'image/jpeg' });
}
