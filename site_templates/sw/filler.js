import { attemptsFor } from './download.js';
import { isContentAddressed } from './plan.js';

/**
 * Puts files into a version's cache: from there, from another version's, or from the host.
 *
 * @typedef {import('./plan.js').PrecacheEntry} PrecacheEntry
 */

/** Files fetched at once: enough to fill a connection, few enough to keep memory to a few shards. */
export const PARALLEL_FETCHES = 4;

/** Fills the cache of one version. */
export class Filler {
  #store;
  #downloader;
  #estimate;

  /**
   * @param {object} parts
   * @param {import('./store.js').VersionStore} parts.store
   * @param {import('./download.js').Downloader} parts.downloader
   * @param {() => Promise<StorageEstimate>} parts.estimate of the origin's storage
   */
  constructor({ store, downloader, estimate }) {
    this.#store = store;
    this.#downloader = downloader;
    this.#estimate = estimate;
  }

  /**
   * Have all of these files in the cache. Those that are there are verified, so this also repairs.
   *
   * @param {PrecacheEntry[]} entries the most important first
   * @param {(bytes: number) => void} count called with the number of bytes as they come
   * @throws {Error} of the last file that could not be fetched; what was verified stays for the next attempt
   */
  async fill(entries, count) {
    await this.#requireSpace(entries);
    const elsewhere = await this.#store.otherVersions();
    const queue = entries.values();
    /** @type {unknown[]} */
    const failures = [];
    let full = false;
    const lane = async () => {
      for (const entry of queue) {
        // One bad file does not keep the others from being fetched; a full disk does, and so does a host that
        // fails for several.
        if (full || failures.length >= PARALLEL_FETCHES) return;
        try {
          await this.#keep(entry, elsewhere.get(entry.sha256), count);
        } catch (error) {
          full ||= error instanceof Error && error.name === 'QuotaExceededError';
          failures.push(error);
        }
      }
    };
    await Promise.all(Array.from({ length: PARALLEL_FETCHES }, lane));
    if (failures.length) throw failures.at(-1);
    // Another version's activation, or the person, may have deleted the cache in the meantime.
    const held = await Promise.all(entries.map((entry) => this.#store.holds(entry)));
    if (!held.every(Boolean)) throw new Error('the cache was deleted while it was being filled');
  }

  /**
   * Take over what another version has of these files.
   *
   * @param {PrecacheEntry[]} entries
   */
  async adopt(entries) {
    const elsewhere = await this.#store.otherVersions();
    for (const entry of entries) {
      if (await this.#store.holds(entry)) continue;
      // Without space they are missing, like those that no version has.
      await this.#adoptOne(entry, elsewhere.get(entry.sha256)).catch(() => {});
    }
  }

  /**
   * Fetch a single file past every cache and keep it.
   *
   * @param {PrecacheEntry} entry
   * @throws {Error} when the network has no right copy either
   */
  async renew(entry) {
    const attempts = this.#attempts(entry);
    const bytes = await this.#downloader.download(entry, attempts.slice(1));
    await this.#store.put(entry, bytes);
  }

  /**
   * @param {PrecacheEntry} entry
   * @param {import('./store.js').Source | undefined} elsewhere
   * @param {(bytes: number) => void} count
   */
  async #keep(entry, elsewhere, count) {
    if ((await this.#store.holdsVerified(entry)) || (await this.#adoptOne(entry, elsewhere))) {
      count(entry.size);
      return;
    }
    const bytes = await this.#downloader.download(entry, this.#attempts(entry), count);
    await this.#store.put(entry, bytes);
  }

  /**
   * @param {PrecacheEntry} entry
   * @param {import('./store.js').Source | undefined} elsewhere
   * @returns {Promise<boolean>} whether another version had the file
   */
  async #adoptOne(entry, elsewhere) {
    const copy = elsewhere && (await elsewhere());
    if (copy) await this.#store.put(entry, copy);
    return Boolean(copy);
  }

  /**
   * Don't start a download that cannot be completed: on a phone that is nearly full, half a version is of no use.
   *
   * @param {PrecacheEntry[]} entries
   * @throws {DOMException} QuotaExceededError
   */
  async #requireSpace(entries) {
    const held = await Promise.all(entries.map((entry) => this.#store.holds(entry)));
    const needed = entries.reduce((sum, { size }, i) => sum + (held[i] ? 0 : size), 0);
    /** @type {StorageEstimate} */
    const { quota, usage = 0 } = await this.#estimate().catch(() => ({}));
    if (quota === undefined || needed <= quota - usage) return;
    const message = `${needed} bytes are needed, ${quota - usage} are free`;
    throw new DOMException(message, 'QuotaExceededError');
  }

  /** @param {PrecacheEntry} entry */
  #attempts(entry) {
    return attemptsFor(entry, this.#store.urlOf(entry.url), isContentAddressed(entry.url));
  }
}
