/**
 * Fetches a file over connections that break, and trusts nothing of it until its SHA-256 is right.
 * Page and service worker share it; all that acts is handed in.
 *
 * What has arrived stays when a connection breaks: the next attempt asks for the rest only. Hosts that
 * answer with the whole file instead are understood. The hash over the whole guards against parts that
 * don't belong together; ETags could not: they change with the compression of an answer.
 *
 * @typedef {{url: string, cache: RequestCache}} Attempt how to ask for the whole file
 *
 * @typedef {object} Parts keeps what has arrived; none of it ever fails
 * @property {(sha256: string, into: Uint8Array<ArrayBuffer>) => Promise<number>} read how many bytes
 *   from the file's start it had
 * @property {(sha256: string, offset: number, bytes: Uint8Array<ArrayBuffer>) => Promise<void>} keep
 * @property {(sha256: string) => Promise<void>} drop
 *
 * @typedef {object} TransferMeans
 * @property {(url: string, init: RequestInit) => Promise<Response>} fetch
 * @property {((bytes: Uint8Array<ArrayBuffer>) => Promise<string>) | null} sha256 to hex digits; null
 *   where the browser has none: then only lengths are checked
 * @property {(repetition: number, wanted: number) => Promise<void>} pause waits before an attempt after one
 *   that brought nothing, with their number in a row and the milliseconds that the host wants to be left alone
 * @property {Parts} parts
 * @property {number} checkpoint milliseconds after which what has arrived is kept
 * @property {number} stall milliseconds without a byte that end an attempt
 * @property {boolean} [handOver] whether a whole file stays in `parts` where the HTTP cache cannot have it
 * @property {AbortSignal} [signal] ends it; nothing is kept from then on
 * @property {(bytes: number) => void} onBytes called with the number of bytes as they come, and with a negative number of
 *   those that turn out to be useless or are given up
 */

/** Why a file could not be fetched. */
export class TransferError extends Error {
  /**
   * @param {'unreachable' | 'damaged'} reason which of the page's texts says what happened
   * @param {string} message
   * @param {{useless?: boolean, retryAfter?: number, cause?: unknown}} [options] `useless`: so is all that
   *   has arrived; `retryAfter`: milliseconds that the host wants to be left alone
   */
  constructor(reason, message, { useless = false, retryAfter = 0, cause } = {}) {
    super(message, { cause });
    this.name = 'TransferError';
    this.reason = reason;
    this.useless = useless;
    this.retryAfter = retryAfter;
  }
}

/** Bytes by which an attempt must come further than those before it not to count as a failure. */
export const PROGRESS_BYTES = 16 * 1024;

/** One file on its way. */
export class Transfer {
  #file;
  #means;
  #bytes;
  #length = 0;
  /** Whether anything of the file may be in `parts`. */
  #inParts = false;
  /** How many bytes from the start are, and since when. */
  #kept = 0;
  #keptAt = performance.now();
  /** Whether the HTTP cache has no whole copy. */
  #uncached = false;

  /**
   * @param {{size: number, sha256: string}} file
   * @param {TransferMeans} means
   */
  constructor(file, means) {
    this.#file = file;
    this.#means = means;
    this.#bytes = new Uint8Array(file.size);
  }

  /**
   * Return the file's bytes. It is given up when as many attempts as there are ways to ask brought
   * nothing new or something wrong; those that came further don't count.
   *
   * @param {Attempt[]} attempts
   * @returns {Promise<Uint8Array<ArrayBuffer>>}
   * @throws {TransferError} unreachable or damaged
   */
  async run(attempts) {
    const { parts, pause, handOver, signal } = this.#means;
    this.#count(await parts.read(this.#file.sha256, this.#bytes));
    this.#kept = this.#length;
    this.#inParts = this.#length > 0;
    this.#uncached = this.#inParts;
    let [wrong, idle, furthest] = [0, 0, this.#length];
    for (;;) {
      try {
        if (this.#length < this.#file.size) await this.#receive(attempts[wrong + idle]);
        await this.#verify(attempts[0].url);
        // After a failure, too: what the browser then keeps of a file is not for us to rely on.
        if (handOver && (this.#uncached || wrong + idle > 0)) await this.#keep();
        else if (this.#inParts) await parts.drop(this.#file.sha256);
        return this.#bytes;
      } catch (error) {
        if (error instanceof TransferError && error.useless) {
          await this.#startOver();
          wrong += 1;
          furthest = 0;
        } else {
          await this.#keep();
          idle = this.#length >= furthest + PROGRESS_BYTES ? 0 : idle + 1;
          furthest = Math.max(furthest, this.#length);
        }
        if (signal?.aborted || wrong + idle >= attempts.length) {
          this.#count(-this.#length);
          throw error;
        }
        const wanted = error instanceof TransferError ? error.retryAfter : 0;
        if (idle) await pause(idle, wanted);
      }
    }
  }

  /** @param {Attempt} attempt */
  async #receive({ url, cache }) {
    const { fetch, stall, signal } = this.#means;
    const watch = new Watch(stall, signal);
    const rest = this.#length > 0;
    /** @type {RequestInit} */
    const init = rest
      ? // A part in the HTTP cache could be one of a wrong copy.
        { cache: 'no-store', headers: { range: `bytes=${this.#length}-` } }
      : { cache };
    try {
      const response = await fetch(url, { ...init, signal: watch.signal });
      await this.#accept(response, url, rest);
      this.#uncached = rest || /no-store/.test(response.headers.get('cache-control') ?? '');
      const refused = refusal(response, url);
      for await (const chunk of chunks(response, watch)) {
        if (this.#length + chunk.length > this.#file.size) {
          throw refused(`longer than ${this.#file.size} bytes`);
        }
        this.#bytes.set(chunk, this.#length);
        this.#count(chunk.length);
        if (performance.now() - this.#keptAt >= this.#means.checkpoint) await this.#keep();
      }
      if (this.#length < this.#file.size) {
        throw refused(`${this.#length} bytes, expected ${this.#file.size}`);
      }
    } catch (error) {
      if (error instanceof TransferError) throw error;
      throw new TransferError('unreachable', `${url}: ${error}`, { cause: error });
    } finally {
      watch.end();
    }
  }

  /**
   * Refuse anything but an answer to the request, and notice a host that sends the whole file again.
   *
   * @param {Response} response
   * @param {string} url
   * @param {boolean} rest whether the rest was asked for
   */
  async #accept(response, url, rest) {
    const { status } = response;
    if (rest && status === 206 && continues(response, this.#length, this.#file.size)) return;
    // Another part than the one asked for, or none: the next attempt asks for the whole.
    if (rest && [200, 206, 416].includes(status)) await this.#startOver();
    if (status === 200) return;
    await response.body?.cancel();
    throw new TransferError('unreachable', `${url}: status ${status} instead of 200`, {
      retryAfter: wishOf(response),
    });
  }

  /** @param {string} url */
  async #verify(url) {
    const actual = await this.#means.sha256?.(this.#bytes);
    if (actual === undefined || actual === this.#file.sha256) return;
    throw new TransferError('damaged', `${url}: SHA-256 ${actual}, not ${this.#file.sha256}`, {
      useless: true,
    });
  }

  /** Put what is new into `parts`. */
  async #keep() {
    const from = this.#kept;
    this.#keptAt = performance.now();
    if (this.#length === from || this.#means.signal?.aborted) return;
    this.#kept = this.#length;
    this.#inParts = true;
    await this.#means.parts.keep(this.#file.sha256, from, this.#bytes.slice(from, this.#length));
  }

  async #startOver() {
    this.#count(-this.#length);
    this.#kept = 0;
    await this.#means.parts.drop(this.#file.sha256);
  }

  /** @param {number} bytes */
  #count(bytes) {
    this.#length += bytes;
    if (bytes) this.#means.onBytes(bytes);
  }
}

/** Ends a request that has become silent. */
class Watch {
  #controller = new AbortController();
  #stall;
  #outer;
  #abort = () => this.#controller.abort(this.#outer?.reason);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {number} stall milliseconds
   * @param {AbortSignal | undefined} outer ends it too
   */
  constructor(stall, outer) {
    this.#stall = stall;
    this.#outer = outer;
    this.signal = this.#controller.signal;
    if (outer?.aborted) this.#abort();
    outer?.addEventListener('abort', this.#abort);
    this.restart();
  }

  restart() {
    clearTimeout(this.#timer);
    const silence = new TransferError('unreachable', `nothing came for ${this.#stall} ms`);
    this.#timer = setTimeout(() => this.#controller.abort(silence), this.#stall);
  }

  end() {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener('abort', this.#abort);
  }
}

/**
 * How long a host wants to be left alone, by RFC 9110, 10.2.3.
 *
 * @param {Response} response
 * @returns {number} milliseconds, 0 where it doesn't say
 */
export function wishOf({ headers }) {
  const value = headers.get('retry-after')?.trim() ?? '';
  const wait = /^\d+$/.test(value) ? 1000 * Number(value) : Date.parse(value) - Date.now();
  return wait > 0 ? wait : 0;
}

/**
 * @param {Response} response
 * @param {Watch} watch
 */
async function* chunks(response, watch) {
  const reader = response.body?.getReader();
  try {
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true };
      watch.restart();
      if (done || !value) return;
      yield value;
    }
  } finally {
    // Where it ended by itself this does nothing, and where stopping fails nothing is lost.
    await reader?.cancel().catch(() => {});
  }
}

/**
 * @param {Response} response with status 206
 * @param {number} length bytes that we have
 * @param {number} size of the whole file
 * @returns {boolean} whether it is exactly the rest
 */
function continues(response, length, size) {
  const range = response.headers.get('content-range') ?? '';
  const [, first, last, whole] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(range) ?? [];
  return Number(first) === length && Number(last) === size - 1 && [`${size}`, '*'].includes(whole);
}

/**
 * How to refuse what a host sent. A web page in place of another file is a host's or a network's way
 * of saying something else, such as "sign in first".
 *
 * @param {Response} response
 * @param {string} url
 * @returns {(detail: string) => TransferError}
 */
function refusal(response, url) {
  const page = response.headers.get('content-type')?.startsWith('text/html');
  const wanted = /(\/|\.html)$/.test(new URL(url).pathname);
  return (detail) =>
    page && !wanted
      ? new TransferError('unreachable', `${url}: a web page, not the file`, { useless: true })
      : new TransferError('damaged', `${url}: ${detail}`, { useless: true });
}
