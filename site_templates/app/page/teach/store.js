/**
 * What the person has taught the app, in IndexedDB. Each set, class and photo is a record of its own, and each
 * change is one transaction: two tabs that teach at once lose nothing of each other's, and a tab that is killed
 * loses at most the photo that it was keeping.
 */
import { storagePrefix } from '../../shared/storage-prefix.js';
import { changing } from '../history/changing.js';
import { createConnection } from '../history/connection.js';

/**
 * @typedef {Uint8Array<ArrayBuffer>} Bytes
 *
 * @typedef {{id: number, name: string, model: string}} TaughtSet `model`: folder of the network whose embeddings
 *   it has; those of others can't be compared
 * @typedef {{id: number, set: number, name: string}} TaughtClass
 *
 * @typedef {object} Example what lists need; the rest is read when it is wanted
 * @property {number} id
 * @property {number} set
 * @property {number} classId
 * @property {string} group photos of one burst have the same
 * @property {number} bytes that embeddings, thumbnail and photo take
 *
 * @typedef {object} Shown a photo to learn from
 * @property {string} group
 * @property {readonly Float32Array<ArrayBuffer>[]} views embeddings: of the photo as it is, and then of its flips
 *   and crops
 * @property {Bytes} thumbnail a JPEG
 * @property {Blob | null} photo where the person wants it kept
 *
 * @typedef {ReturnType<typeof createTaughtStore>} TaughtStore
 */

const RECORDS = { keyPath: 'id', autoIncrement: true };
/** With records of their own numbers; the others have what belongs to an example, by its number. */
const NUMBERED = /** @type {const} */ (['sets', 'classes', 'examples']);
const BELONGINGS = /** @type {const} */ (['views', 'thumbnails', 'photos']);
const STORES = /** @type {const} */ ([...NUMBERED, ...BELONGINGS]);

/** @param {string} root absolute URL of the site's root */
export function taughtName(root) {
  return `${storagePrefix(root)}taught`;
}

/**
 * @param {object} parts
 * @param {typeof import('idb').openDB} parts.openDB
 * @param {string} parts.root absolute URL of the site's root
 * @param {() => void} [parts.onGone] the database was deleted, or the browser lost it
 * @param {AbortSignal} [parts.signal] the app is being taken off the device
 */
export function createTaughtStore({ openDB, root, onGone = () => {}, signal }) {
  const connection = createConnection({
    openDB,
    name: taughtName(root),
    stores: [
      ...NUMBERED.map((name) => /** @type {[string, typeof RECORDS]} */ ([name, RECORDS])),
      ...BELONGINGS.map((name) => /** @type {[string]} */ ([name])),
    ],
    onGone,
    signal,
  });

  /**
   * @template T
   * @param {(stores: Stores) => Promise<T>} act
   */
  const change = (act) =>
    connection.write((database) => changing(database, STORES, (stores) => act(byName(stores))));

  /**
   * @template T
   * @param {typeof NUMBERED[number]} store
   * @param {(record: T) => boolean} [wanted]
   * @returns {Promise<T[]>} the oldest first
   */
  async function all(store, wanted = () => true) {
    const records = (await connection.read((database) => database.getAll(store))) ?? [];
    return records.filter(wanted);
  }

  return {
    /** @returns {Promise<TaughtSet[]>} the oldest first */
    sets: () => all('sets'),

    /** @param {number} set @returns {Promise<TaughtClass[]>} the oldest first */
    classes: (set) => all('classes', (/** @type {TaughtClass} */ record) => record.set === set),

    /** @param {number} set @returns {Promise<Example[]>} the oldest first */
    examples: (set) => all('examples', (/** @type {Example} */ record) => record.set === set),

    /**
     * @param {Omit<TaughtSet, 'id'>} set
     * @returns {Promise<number | null>} its number; null where the app is being taken off the device
     */
    addSet: ({ name, model }) => change(({ sets }) => numberOf(sets.add({ name, model }))),

    /**
     * @param {number} set
     * @param {string} name
     * @returns {Promise<number | null>} the class's number, also of the one that is called so already; null where
     *   the set has been removed, in another tab perhaps
     */
    addClass: (set, name) =>
      change(async ({ sets, classes }) => {
        if (!(await sets.get(set))) return null;
        const present = /** @type {TaughtClass[]} */ (await classes.getAll());
        const same = present.find((other) => other.set === set && other.name === name);
        return same?.id ?? numberOf(classes.add({ set, name }));
      }),

    /**
     * @param {number} classId
     * @param {Shown} shown
     * @returns {Promise<number | null>} the example's number; null where the class has been removed, in another
     *   tab perhaps
     * @throws {DOMException} QuotaExceededError when the disk or the origin's share of it is full: then nothing
     *   of it is kept
     */
    addExample: (classId, { group, views, thumbnail, photo }) =>
      change(async ({ classes, examples, ...belongings }) => {
        const own = /** @type {TaughtClass | undefined} */ (await classes.get(classId));
        if (!own) return null;
        const numbers = views.reduce((sum, { byteLength }) => sum + byteLength, 0);
        const bytes = numbers + thumbnail.byteLength + (photo?.size ?? 0);
        const id = await numberOf(examples.add({ set: own.set, classId, group, bytes }));
        await Promise.all([
          belongings.views.put(views, id),
          belongings.thumbnails.put(thumbnail, id),
          photo && belongings.photos.put(photo, id),
        ]);
        return id;
      }),

    /**
     * @param {number} id of the example
     * @param {number} classId of the same set
     * @returns {Promise<boolean | null>} false where one of them has been removed
     */
    moveExample: (id, classId) =>
      change(async ({ classes, examples }) => {
        const example = /** @type {Example | undefined} */ (await examples.get(id));
        const to = /** @type {TaughtClass | undefined} */ (await classes.get(classId));
        if (!example || to?.set !== example.set) return false;
        await examples.put({ ...example, classId });
        return true;
      }),

    /** @param {number} id of the example */
    removeExample: (id) => change((stores) => removeExamples(stores, [id])),

    /** @param {number} id of the class, which goes with its examples */
    removeClass: (id) =>
      change(async (stores) => {
        await stores.classes.delete(id);
        await removeExamples(stores, await idsOf(stores.examples, ({ classId }) => classId === id));
      }),

    /** @param {number} id of the set, which goes with all that is in it */
    removeSet: (id) =>
      change(async (stores) => {
        const classes = /** @type {TaughtClass[]} */ (await stores.classes.getAll());
        const own = classes.filter(({ set }) => set === id);
        await Promise.all([
          stores.sets.delete(id),
          ...own.map((one) => stores.classes.delete(one.id)),
        ]);
        await removeExamples(stores, await idsOf(stores.examples, ({ set }) => set === id));
      }),

    /**
     * @param {readonly number[]} ids of examples
     * @returns {Promise<(Float32Array<ArrayBuffer>[] | undefined)[]>} their embeddings; undefined for an example
     *   that has been removed
     */
    async views(ids) {
      const read = await connection.read((database) => {
        const { store } = database.transaction('views');
        return Promise.all(ids.map((id) => store.get(id)));
      });
      return read ?? ids.map(() => undefined);
    },

    /** @param {number} id of the example @returns {Promise<Bytes | null>} a JPEG */
    async thumbnail(id) {
      return (await connection.read((database) => database.get('thumbnails', id))) ?? null;
    },

    /** @param {number} id of the example @returns {Promise<Blob | null>} null where it was not kept */
    async photo(id) {
      return (await connection.read((database) => database.get('photos', id))) ?? null;
    },
  };
}

/**
 * @typedef {typeof STORES[number]} Name
 * @typedef {import('../history/changing.js').Store<Name>} Store
 * @typedef {Record<Name, Store>} Stores
 */

/** @param {readonly Store[]} stores as `STORES` @returns {Stores} */
function byName(stores) {
  return /** @type {Stores} */ (Object.fromEntries(STORES.map((name, at) => [name, stores[at]])));
}

/** @param {Promise<IDBValidKey>} added @returns {Promise<number>} the record's number */
async function numberOf(added) {
  return /** @type {number} */ (await added);
}

/**
 * @param {Store} examples
 * @param {(example: Example) => boolean} wanted
 * @returns {Promise<number[]>}
 */
async function idsOf(examples, wanted) {
  const present = /** @type {Example[]} */ (await examples.getAll());
  return present.filter(wanted).map(({ id }) => id);
}

/** @param {Stores} stores @param {readonly number[]} ids */
async function removeExamples({ examples, ...stores }, ids) {
  const all = [examples, ...BELONGINGS.map((name) => stores[name])];
  await Promise.all(ids.flatMap((id) => all.map((store) => store.delete(id))));
}
