/**
 * How the service worker asks for a file.
 *
 * @typedef {import('./plan.js').PrecacheEntry} PrecacheEntry
 * @typedef {import('../app/classifier/transfer.js').Attempt} Attempt
 * @typedef {import('../app/classifier/transfer.js').TransferMeans} TransferMeans
 */

/**
 * The ways to ask for a file, one after the other. The second one goes past the HTTP cache, which may
 * be what holds a wrong copy. A stable name also gets a query then: a host's own cache (CDN) can
 * hold an older version's copy for minutes, but not under an address that nobody has asked for yet.
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

/** Downloads and verifies single files. */
export class Downloader {
  #means;
  #start;

  /**
   * @param {Omit<TransferMeans, 'onBytes'>} means
   * @param {(entry: PrecacheEntry, means: TransferMeans) =>
   *   {run(attempts: Attempt[]): Promise<Uint8Array<ArrayBuffer>>}} start makes a transfer
   */
  constructor(means, start) {
    this.#means = means;
    this.#start = start;
  }

  /**
   * Return the verified bytes of a file.
   *
   * @param {PrecacheEntry} entry
   * @param {Attempt[]} attempts
   * @param {(bytes: number) => void} [onBytes] told of bytes as they come, and with a negative number
   *   of those that turn out to be useless or are given up
   * @returns {Promise<Uint8Array<ArrayBuffer>>}
   * @throws {import('../app/classifier/transfer.js').TransferError} unreachable or damaged
   */
  download(entry, attempts, onBytes = () => {}) {
    return this.#start(entry, { ...this.#means, onBytes }).run(attempts);
  }
}
