import { storagePrefix } from './storage-prefix.js';

/**
 * Small choices that outlive the visit.
 *
 * Keys carry the site's path, because two apps on one origin (`user.github.io/a`, `/b`) share one
 * storage. Storage may be full, switched off, or throw at mere access (Safari with cookies blocked,
 * sandboxed frames): a choice that can't be kept is then simply not remembered.
 */

/**
 * @param {string} root absolute URL of the site's root
 * @param {() => Pick<Storage, 'getItem' | 'setItem'>} storage asked for at each use: it may throw
 */
export function createSettings(root, storage = () => globalThis.localStorage) {
  /** @param {string} name */
  const key = (name) => storagePrefix(root) + name;
  let ended = false;
  return {
    /**
     * @param {string} name
     * @returns {any} what was kept, or null
     */
    get(name) {
      try {
        return JSON.parse(storage().getItem(key(name)) ?? 'null');
      } catch {
        return null;
      }
    },
    /**
     * @param {string} name
     * @param {unknown} value anything that JSON can carry
     */
    set(name, value) {
      if (ended) return;
      try {
        storage().setItem(key(name), JSON.stringify(value));
      } catch {
        // Not remembered: see above.
      }
    },
    /** Keep nothing from now on: the person has the app taken off the device. */
    end() {
      ended = true;
    },
  };
}
