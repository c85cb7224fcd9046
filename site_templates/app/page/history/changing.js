/** Changes to a database that happen as a whole or not at all. */

/**
 * Change all stores at once, or none.
 *
 * @template {string} Name
 * @template T
 * @param {import('./connection.js').Database} database
 * @param {readonly Name[]} names of the stores
 * @param {(stores: Store<Name>[]) => Promise<T>} act gets them in the order of `names`
 * @returns {Promise<T>}
 * @throws {DOMException} QuotaExceededError when the disk or the origin's share of it is full
 */
export async function changing(database, names, act) {
  const change = database.transaction(names, 'readwrite');
  const ended = change.done.then(
    () => null,
    (error) => error,
  );
  let result;
  try {
    result = await act(
      /** @type {Store<Name>[]} */ (names.map((name) => change.objectStore(name))),
    );
  } catch (error) {
    abort(change);
    await ended;
    throw error;
  }
  const failure = await ended;
  if (failure) throw failure;
  return result;
}

/**
 * Take back a change, if the browser has not done so already.
 *
 * @param {{abort(): void}} change
 */
function abort(change) {
  try {
    change.abort();
  } catch {
    // It has ended already.
  }
}

/**
 * @template {string} Name
 * @typedef {import('idb').IDBPObjectStore<unknown, readonly Name[], Name, 'readwrite'>} Store
 */
