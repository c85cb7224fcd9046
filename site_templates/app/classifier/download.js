import { ClassifierError, describe } from './errors.js';

/** @typedef {import('./types.js').FileRecord} FileRecord */

/**
 * What a download needs of the world.
 *
 * @typedef {object} Means
 * @property {typeof globalThis.fetch} [fetch]
 * @property {Pick<SubtleCrypto, 'digest'> | null} [subtle] insecure contexts have none: then only
 *   lengths are checked
 * @property {AbortSignal} [signal]
 */

/**
 * Fetch a file and return its bytes only if they are the ones that the build wrote.
 *
 * A file that is not as expected is fetched once more past the HTTP cache, which may hold a broken
 * or outdated answer.
 *
 * @param {string} url
 * @param {FileRecord} expected
 * @param {(bytes: number) => void} [onBytes] called with bytes as they come, and with a negative
 *   number when they turn out to be useless
 * @param {Means} [means]
 * @returns {Promise<ArrayBuffer>}
 * @throws {ClassifierError} model-unreachable, model-damaged
 */
export async function fetchVerified(url, expected, onBytes = () => {}, means = {}) {
  const attempt = async (/** @type {RequestCache} */ cache) => {
    let received = 0;
    const count = (/** @type {number} */ bytes) => {
      received += bytes;
      onBytes(bytes);
    };
    try {
      const bytes = await download(url, expected.size, cache, count, means);
      await verify(url, bytes, expected, means);
      return bytes;
    } catch (error) {
      onBytes(-received);
      throw error;
    }
  };
  try {
    return await attempt('default');
  } catch (error) {
    if (means.signal?.aborted) throw error;
    return attempt('reload');
  }
}

/**
 * @param {string} url
 * @param {number} size bytes
 * @param {RequestCache} cache
 * @param {(bytes: number) => void} onBytes
 * @param {Means} means
 * @returns {Promise<ArrayBuffer>} exactly `size` bytes
 */
async function download(url, size, cache, onBytes, { fetch = globalThis.fetch, signal }) {
  try {
    const response = await fetch(url, { cache, credentials: 'same-origin', signal });
    requireFile(url, response);
    return await readBody(url, response, size, onBytes);
  } catch (error) {
    if (error instanceof ClassifierError) throw error;
    throw new ClassifierError('model-unreachable', `${url} cannot be loaded: ${describe(error)}`, {
      cause: error,
    });
  }
}

/**
 * Refuse what is an answer but not the file: error pages, parts, and the HTML of captive portals.
 *
 * @param {string} url
 * @param {Response} response
 */
function requireFile(url, response) {
  if (!response.ok || response.status === 206) {
    throw new ClassifierError(
      'model-unreachable',
      `${url} answers with status ${response.status}.`,
    );
  }
  if (response.headers.get('content-type')?.startsWith('text/html')) {
    throw new ClassifierError('model-unreachable', `${url} answers with a web page, not the file.`);
  }
}

/**
 * @param {string} url
 * @param {Response} response
 * @param {number} size bytes
 * @param {(bytes: number) => void} onBytes
 * @returns {Promise<ArrayBuffer>}
 */
async function readBody(url, response, size, onBytes) {
  if (response.body === null) throw wrongSize(url, 0, size);
  const bytes = new Uint8Array(size);
  const reader = response.body.getReader();
  let received = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    if (received + part.value.length > size) {
      await reader.cancel();
      throw wrongSize(url, `more than ${size}`, size);
    }
    bytes.set(part.value, received);
    received += part.value.length;
    onBytes(part.value.length);
  }
  if (received !== size) throw wrongSize(url, received, size);
  return bytes.buffer;
}

/**
 * @param {string} url
 * @param {ArrayBuffer} bytes
 * @param {FileRecord} expected
 * @param {Means} means
 */
async function verify(url, bytes, { sha256 }, { subtle = globalThis.crypto?.subtle }) {
  if (!subtle) return;
  const digest = new Uint8Array(await subtle.digest('SHA-256', bytes));
  const actual = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (actual !== sha256) {
    throw new ClassifierError(
      'model-damaged',
      `${url} is damaged: its SHA-256 is ${actual}, not ${sha256}.`,
    );
  }
}

/**
 * @param {string} url
 * @param {number | string} received
 * @param {number} size
 */
function wrongSize(url, received, size) {
  return new ClassifierError('model-damaged', `${url} has ${received} bytes, not ${size}.`);
}
