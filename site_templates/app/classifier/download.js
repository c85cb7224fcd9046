import { ClassifierError, throwIfAborted } from './errors.js';
import { CachedParts } from '../shared/partial-files.js';
import { BACKOFF_MS, CHECKPOINT_MS, RETRY_AFTER_MS, STALL_MS } from '../shared/timeouts.js';
import { sha256Hex } from '../shared/sha256.js';
import { Transfer, TransferError } from '../shared/resumable-fetch.js';

/** @typedef {import('./types.js').FileRecord} FileRecord */

/**
 * What a download uses from outside.
 *
 * @typedef {object} Means
 * @property {typeof globalThis.fetch} [fetch]
 * @property {Pick<SubtleCrypto, 'digest'> | null} [subtle] insecure contexts have none: then only
 *   lengths are checked
 * @property {import('../shared/resumable-fetch.js').Parts} [parts] where what has arrived outlives the page
 * @property {(milliseconds: number) => Promise<void>} [sleep]
 * @property {AbortSignal} [signal]
 */

/**
 * Fetch a file and return its bytes only if they are the ones that the build wrote.
 *
 * A download whose connection breaks is resumed where it broke. A file that is not as expected is fetched once
 * more past the HTTP cache, which may hold a broken or outdated answer.
 *
 * @param {string} url
 * @param {FileRecord} expected
 * @param {(bytes: number) => void} [onBytes] called with bytes as they come, and with a negative
 *   number when they turn out to be useless
 * @param {Means} [means]
 * @returns {Promise<ArrayBuffer>}
 * @throws {ClassifierError} model-unreachable, model-damaged, aborted
 */
export async function fetchVerified(url, expected, onBytes = () => {}, means = {}) {
  const { fetch = globalThis.fetch, subtle = globalThis.crypto?.subtle, signal } = means;
  const { parts = new CachedParts(undefined, url), sleep = wait } = means;
  const transfer = new Transfer(expected, {
    fetch: (target, init) => fetch(target, { credentials: 'same-origin', ...init }),
    sha256: subtle ? (bytes) => sha256Hex(bytes, subtle) : null,
    pause: (repetition, wish) =>
      sleep(Math.max(BACKOFF_MS * 2 ** (repetition - 1), Math.min(wish, RETRY_AFTER_MS))),
    parts,
    checkpoint: CHECKPOINT_MS,
    stall: STALL_MS,
    // For the service worker, which otherwise finds in the HTTP cache what the page has loaded.
    handOver: true,
    signal,
    onBytes,
  });
  try {
    const bytes = await transfer.run([
      { url, cache: 'default' },
      { url, cache: 'reload' },
    ]);
    return bytes.buffer;
  } catch (error) {
    throwIfAborted(signal);
    if (!(error instanceof TransferError)) throw error;
    throw new ClassifierError(`model-${error.reason}`, `${error.message}.`, { cause: error });
  }
}

/**
 * Return where parts of a site's files outlive the page: nowhere for another origin's site, whose
 * service worker would never find them.
 *
 * @param {string} base absolute URL of the site's root
 * @returns {CachedParts}
 */
export function partsOf(base) {
  const ours = globalThis.isSecureContext && new URL(base).origin === globalThis.location.origin;
  return new CachedParts(ours ? globalThis.caches : undefined, base);
}

/** @param {number} milliseconds @returns {Promise<void>} */
function wait(milliseconds) {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
