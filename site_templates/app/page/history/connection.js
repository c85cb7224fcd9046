/**
 * The connection to a database that may go away at any moment: deleted by another page, cleared with the
 * site's data, or lost by the browser. It is opened anew when it is next needed.
 *
 * @typedef {import('idb').IDBPDatabase} Database
 */

/**
 * @param {object} parts
 * @param {typeof import('idb').openDB} parts.openDB
 * @param {string} parts.name
 * @param {readonly [name: string, options?: IDBObjectStoreParameters][]} parts.stores
 * @param {() => void} parts.onGone what was read from it may not be there any more
 * @param {AbortSignal} [parts.signal] the app is being taken off the device: no database is made from then on
 */
export function createConnection({ openDB, name, stores, onGone, signal }) {
  /** @type {Database | null} */
  let database = null;
  /** One opening after the other: two would be two connections. */
  let turn = Promise.resolve(/** @type {Database | null} */ (null));

  /**
   * @param {boolean} create
   * @returns {Promise<Database | null>} null where there is none, and none is to be made
   */
  async function open(create) {
    let missing = false;
    try {
      return await openDB(name, 1, {
        upgrade(fresh, _old, _new, change) {
          if (create && !signal?.aborted) {
            for (const [store, options] of stores) fresh.createObjectStore(store, options);
            return;
          }
          // Looking for what there is must not leave an empty database behind.
          missing = true;
          change.done.catch(() => {});
          change.abort();
        },
        // Another page wants to delete or renew it: this one must not be in the way.
        blocking(_current, _blocked, event) {
          /** @type {IDBDatabase} */ (event.target).close();
          gone();
        },
        terminated: gone,
      });
    } catch (error) {
      if (missing) return null;
      throw error;
    }
  }

  function gone() {
    database = null;
    onGone();
  }

  /** @param {boolean} create */
  function connected(create) {
    const mine = turn.then(async () => (database ??= await open(create)));
    turn = mine.catch(() => null);
    return mine;
  }

  /**
   * @template T
   * @param {boolean} create
   * @param {(database: Database) => Promise<T>} act
   * @returns {Promise<T | null>} null where there is no database
   */
  async function use(create, act) {
    const present = await connected(create);
    if (!present) return null;
    try {
      return await act(present);
    } catch (error) {
      // It was closed a moment ago, and nothing has happened yet.
      if (!(error instanceof DOMException) || error.name !== 'InvalidStateError') throw error;
      if (database === present) database = null;
      const again = await connected(create);
      return again && act(again);
    }
  }

  return {
    /**
     * Read from the database.
     *
     * @template T
     * @param {(database: Database) => Promise<T>} act
     * @returns {Promise<T | null>} null where there is none; none is made
     */
    read: (act) => use(false, act),

    /**
     * Write to the database, which is made where there is none.
     *
     * @template T
     * @param {(database: Database) => Promise<T>} act
     * @returns {Promise<T | null>} null where the app is being taken off the device
     */
    write: (act) => use(true, act),
  };
}
