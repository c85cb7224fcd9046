/**
 * The start of all names under which the app keeps something on a device: caches, settings, its database. Apps
 * under other paths of one origin share the storage with us, hence the path; a "|" in it is encoded, so that no
 * path's prefix can begin a name of another path's.
 *
 * @param {string} root URL of the app's root
 * @param {string} [base] absolute, where `root` is relative
 * @returns {string}
 */
export function storagePrefix(root, base) {
  return `classifier-pwa|${new URL(root, base).pathname.replaceAll('|', '%7C')}|`;
}
