/** Asks the browser not to clear the app away when it needs space. */

/**
 * Ask once, when it makes sense: everything is on the device, and the person has got an answer from the
 * app. Firefox puts the question to the person, who then knows what it is about; other browsers
 * decide by how much the site is used.
 *
 * @param {Promise<unknown>} used settles when the person has used the app
 * @param {Pick<StorageManager, 'persist' | 'persisted'> | undefined} [storage] undefined where pages
 *   are not secure
 * @returns {() => Promise<void>} to be called when everything is on the device
 */
export function createStorageKeeper(used, storage = globalThis.navigator?.storage) {
  let asked = false;
  return async () => {
    if (asked || !storage?.persist) return;
    asked = true;
    await used;
    try {
      if (!(await storage.persisted())) await storage.persist();
    } catch {
      // Then the browser may clear it away, and the next visit brings it back.
    }
  };
}
