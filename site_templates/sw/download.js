import { Transfer } from '../app/shared/resumable-fetch.js';
import { kindOfDamage } from './damage.js';

/**
 * How the service worker asks for a file.
 *
 * @typedef {import('./plan.js').PrecacheEntry} PrecacheEntry
 * @typedef {import('../app/shared/resumable-fetch.js').Attempt} Attempt
 * @typedef {import('../app/shared/resumable-fetch.js').TransferMeans} TransferMeans
 */

/**
 * The ways to ask for a file, one after the other. The second one goes past the HTTP cache, which may
 * be what holds a wrong copy. A stable name also gets a query then: a host's own cache (CDN) can
 * hold an older version's copy for minutes, but not under an address that was never requested.
 *
 * @param {PrecacheEntry} entry
 * @param {string} url its absolute URL
 * @param {boolean} contentAddressed whether any copy of the URL may be used forever
 * @returns {Attempt[]}
 */
export function attemptsFor(entry, url, contentAddressed) {
  if (contentAddressed) {
    return [
      { url, cache: 'force-cache' },
      { url, cache: 'reload' },
    ];
  }
  return [
    { url, cache: 'no-cache' },
    { url: `${url}?revision=${entry.sha256.slice(0, 16)}`, cache: 'reload' },
  ];
}

/** Bytes of the largest file of which a wrong copy is looked at: texts are smaller, and soon there. */
const LOOKED_AT = 200_000;

/** Downloads and verifies single files. */
export class Downloader {
  #means;
  #appFolder;

  /**
   * @param {Omit<TransferMeans, 'onBytes' | 'sha256'>
   *   & {sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string>}} means `sha256`: to hex digits
   * @param {string} appFolder "app/<hash>/" of this version
   */
  constructor(means, appFolder) {
    this.#means = means;
    this.#appFolder = appFolder;
  }

  /**
   * Return the verified bytes of a file.
   *
   * @param {PrecacheEntry} entry
   * @param {Attempt[]} attempts
   * @param {(bytes: number) => void} [onBytes] called with the number of bytes as they come, and with a negative number
   *   of those that turn out to be useless or are given up
   * @returns {Promise<Uint8Array<ArrayBuffer>>}
   * @throws {Error} with a `reason`: unreachable, or one of `Damage` in damage.js; and the `file`
   */
  async download(entry, attempts, onBytes = () => {}) {
    /** @type {Uint8Array<ArrayBuffer> | undefined} */
    let last;
    /** @type {TransferMeans['fetch']} */
    const fetch = async (url, init) => {
      const response = await this.#means.fetch(url, init);
      last = undefined;
      if (init.cache !== 'reload' || response.status !== 200 || entry.size > LOOKED_AT)
        return response;
      // Past the HTTP cache: should it be wrong again, the host is to blame, or what lies before it.
      last = new Uint8Array(await response.arrayBuffer());
      return new Response(last, { headers: response.headers });
    };
    try {
      return await new Transfer(entry, { ...this.#means, fetch, onBytes }).run(attempts);
    } catch (error) {
      const { reason, message } = /** @type {{reason?: string, message: string}} */ (error);
      if (reason === undefined || this.#means.signal?.aborted) throw error;
      const seen = reason === 'damaged' && last;
      const explained = seen ? await this.#explain(entry, seen).catch(() => reason) : reason;
      const file = entry.url === './' ? 'index.html' : entry.url;
      throw Object.assign(new Error(message, { cause: error }), { reason: explained, file });
    }
  }

  /**
   * @param {PrecacheEntry} entry
   * @param {Uint8Array<ArrayBuffer>} wrong what has come in its place
   */
  #explain(entry, wrong) {
    return kindOfDamage(entry, wrong, { sha256: this.#means.sha256, appFolder: this.#appFolder });
  }
}
