/** The history: puts the database, its view and what they need of the browser together. */

import { openDB } from '../../libraries/idb.js';
import { saveBlob } from '../save.js';
import { makeThumbnail } from '../thumbnail.js';
import { exported } from './exchange.js';
import { createFullQuestion } from './full.js';
import { importHistory } from './import.js';
import { MOST } from './limit.js';
import { mostSimilar } from './similar.js';
import { bytesOf, createHistory } from './store.js';
import { createHistoryView } from './history-view.js';

/** @typedef {import('./store.js').Entry} Entry */

/** As many as a person looks through. */
const MOST_SIMILAR = 24;

/**
 * A choice that outlives the visit.
 *
 * @typedef {{get(): boolean, set(on: boolean): void}} Choice
 */

/**
 * @param {object} world
 * @param {import('../types.js').Site & {model: string}} world.site
 * @param {string} world.root absolute URL of the site's root
 * @param {() => Promise<import('../types.js').Classifier>} world.ready the page's classifier, once it is loaded
 * @param {Choice} world.optIn whether the person wants a history
 * @param {Choice} world.forgetting whether a full history may forget the oldest for new ones
 * @param {AbortSignal} world.signal the app is being taken off the device
 */
export function createHistoryScreen({ site, root, ready, optIn, forgetting, signal }) {
  let inView = false;
  /** @type {unknown} why the last answer could not be kept, while the person doesn't know it */
  let trouble = null;
  /** The answer that is being kept: one at a time, for each takes the memory of a whole photo. */
  let keeping = Promise.resolve();
  const store = createHistory({
    openDB,
    root,
    signal,
    onGone() {
      if (inView) show();
    },
  });
  const full = createFullQuestion({ forgetting, keep: (memory) => inTurn(() => add(memory)) });
  const view = createHistoryView({
    optIn,
    forgetting,
    thumbnail: async (id) => asBlob(await store.thumbnail(id)),
    similar,
    async remove(id) {
      await store.remove(id);
      await show();
    },
    async clear() {
      await store.clear();
      // A person who starts over is asked again.
      forgetting.set(false);
      await show();
    },
    save,
    async load(file, world) {
      const outcome = await importHistory(file, { store, ...world });
      await show();
      return outcome;
    },
  });

  /** Show what is there, and nothing where it cannot be read. */
  async function show() {
    try {
      view.render(await store.entries());
    } catch (error) {
      view.render([]);
      view.showFailure(error);
    }
  }

  /**
   * @param {Entry} entry
   * @returns {Promise<{item: Entry, similarity: number}[]>} the most similar first
   */
  async function similar(entry) {
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
    const memories = [];
    for (const { id, when, name, predictions, model } of await store.entries()) {
      const [thumbnail, embedding] = await Promise.all([store.thumbnail(id), store.embedding(id)]);
      memories.push({ when, name, predictions, model, thumbnail, embedding });
    }
    saveBlob(new Blob(exported(memories), { type: 'application/json' }), 'history.json');
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
    await add({
      when: Date.now(),
      name: photo instanceof File ? photo.name : '',
      predictions,
      model: embedding ? site.model : '',
      thumbnail: thumbnail && new Uint8Array(await thumbnail.arrayBuffer()),
      embedding: /** @type {Float32Array<ArrayBuffer> | null} */ (embedding),
    });
  }

  /** @param {import('./store.js').Memory} memory */
  async function add(memory) {
    const outcome = await store.add(memory, { forgetting: forgetting.get() });
    if (outcome === 'full') full.ask(memory);
  }

  /** @param {() => Promise<void>} keepOne */
  function inTurn(keepOne) {
    keeping = keeping.then(async () => {
      try {
        await keepOne();
      } catch (error) {
        trouble = error;
      }
      if (inView) await show();
    });
    return keeping;
  }

  return {
    async enter() {
      inView = true;
      view.focus();
      await show();
      if (trouble) view.showFailure(trouble);
      trouble = null;
      if (view.count >= MOST && optIn.get()) full.remind();
    },
    leave() {
      inView = false;
    },

    /** @returns {Promise<number>} bytes that it takes */
    async bytes() {
      return bytesOf(await store.entries());
    },

    /**
     * Keep an answer with a small picture of the photo. Where that fails, the history says so.
     *
     * @param {Blob | HTMLCanvasElement} photo
     * @param {readonly import('../types.js').Prediction[]} predictions
     * @param {boolean} grayscale whether it was seen in shades of gray: so it is compared with others
     */
    remember: (photo, predictions, grayscale) => inTurn(() => keep(photo, predictions, grayscale)),
  };
}

/** @param {Uint8Array<ArrayBuffer> | null} bytes */
function asBlob(bytes) {
  return bytes && new Blob([bytes], { type: 'image/jpeg' });
}
