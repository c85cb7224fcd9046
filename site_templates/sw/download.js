/**
 * Fetches files and believes nothing about them until their SHA-256 is right.
 *
 * @typedef {import('./plan.js').PrecacheEntry} PrecacheEntry
 */

/** Why a file could not be had; `reason` is what the page tells the person. */
export class DownloadError extends Error {
  /**
   * @param {'unreachable' | 'damaged'} reason
   * @param {string} message
   */
  constructor(reason, message) {
    super(message);
    this.name = 'DownloadError';
    this.reason = reason;
  }
}

/** Downloads and verifies single files. */
export class Downloader {
  #fetch;
  #sha256;
  #pause;

  /**
   * @param {object} tools
   * @param {(url: string, init: RequestInit) => Promise<Response>} tools.fetch
   * @param {(bytes: Uint8Array<ArrayBuffer>) => Promise<string>} tools.sha256 to hex digits
   * @param {() => Promise<void>} tools.pause waits before the second attempt
   */
  constructor({ fetch, sha256, pause }) {
    this.#fetch = fetch;
    this.#sha256 = sha256;
    this.#pause = pause;
  }

  /**
   * Return the verified bytes of a file. A second attempt goes past the HTTP cache, which may be what
   * holds a wrong copy.
   *
   * @param {PrecacheEntry} entry
   * @param {string} url its absolute URL
   * @param {RequestCache[]} cacheModes the HTTP cache mode of each attempt
   * @param {(bytes: number) => void} [onBytes] told of each chunk's length, and of a failed attempt's
   *   bytes as a negative number
   * @returns {Promise<Uint8Array<ArrayBuffer>>}
   * @throws {DownloadError} unreachable or damaged
   */
  async download(entry, url, cacheModes, onBytes = () => {}) {
    for (let attempt = 0; ; attempt += 1) {
      let received = 0;
      try {
        return await this.#attempt(entry, url, cacheModes[attempt], (bytes) => {
          received += bytes;
          onBytes(bytes);
        });
      } catch (error) {
        onBytes(-received);
        if (attempt === cacheModes.length - 1) throw error;
        await this.#pause();
      }
    }
  }

  /**
   * @param {PrecacheEntry} entry
   * @param {string} url
   * @param {RequestCache} cache
   * @param {(bytes: number) => void} onBytes
   */
  async #attempt(entry, url, cache, onBytes) {
    const bytes = await this.#receive(entry, url, cache, onBytes);
    const sha256 = await this.#sha256(bytes);
    if (sha256 !== entry.sha256) {
      throw new DownloadError('damaged', `${url}: SHA-256 ${sha256}, expected ${entry.sha256}`);
    }
    return bytes;
  }

  /**
   * @param {PrecacheEntry} entry
   * @param {string} url
   * @param {RequestCache} cache
   * @param {(bytes: number) => void} onBytes
   */
  async #receive(entry, url, cache, onBytes) {
    let response;
    try {
      // A redirect within the origin is followed: only the bytes count. Another origin is refused.
      response = await this.#fetch(url, { cache, mode: 'same-origin' });
    } catch (error) {
      throw new DownloadError('unreachable', `${url}: ${error}`);
    }
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new DownloadError('unreachable', `${url}: status ${response.status} instead of 200`);
    }
    const bytes = new Uint8Array(entry.size);
    let length = 0;
    const reader = response.body?.getReader();
    for (;;) {
      const { done, value } = await nextChunk(reader, url);
      if (done) break;
      if (length + value.length > entry.size) {
        // A failure to stop the rest changes nothing: this copy is wrong already.
        await reader?.cancel().catch(() => {});
        throw new DownloadError('damaged', `${url}: longer than ${entry.size} bytes`);
      }
      bytes.set(value, length);
      length += value.length;
      onBytes(value.length);
    }
    if (length !== entry.size) {
      throw new DownloadError('damaged', `${url}: ${length} bytes, expected ${entry.size}`);
    }
    return bytes;
  }
}

/**
 * @param {ReadableStreamDefaultReader<Uint8Array> | undefined} reader undefined for a body of no bytes
 * @param {string} url
 * @returns {Promise<{done: true, value?: undefined} | {done: false, value: Uint8Array}>}
 */
async function nextChunk(reader, url) {
  if (!reader) return { done: true };
  try {
    const { done, value } = await reader.read();
    return done ? { done } : { done, value };
  } catch (error) {
    throw new DownloadError('unreachable', `${url}: cut off: ${error}`);
  }
}

/**
 * The SHA-256 of some bytes as hex digits.
 *
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {SubtleCrypto} subtle
 * @returns {Promise<string>}
 */
export function sha256Hex(bytes, subtle) {
  return subtle
    .digest('SHA-256', bytes)
    .then((digest) =>
      Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join(''),
    );
}
