/** Loads modules that the page does without at first, and reports why where they cannot be loaded. */

/** Milliseconds that one file may take: some of them are large for a slow line. */
const DEADLINE_MS = 60_000;

/** `gone`: the host has other versions only; `unreachable`: it, or the way to it, fails just now. */
export class PartError extends Error {
  /**
   * @param {'gone' | 'unreachable'} code
   * @param {unknown} [cause]
   */
  constructor(code, cause) {
    super(code, { cause });
    this.code = code;
  }
}

/**
 * Import a module, once the files of all that it imports are known to be there.
 *
 * A browser may remember for good that a module could not be loaded ("fetch a single module script" in the
 * HTML standard), so it is asked to import only what has been seen to be there.
 *
 * @template T
 * @param {readonly string[]} urls absolute, of the module and of all that it imports
 * @param {() => Promise<T>} load imports it
 * @param {(url: string, init: RequestInit) => Promise<Response>} [fetch]
 * @returns {Promise<T>}
 * @throws {PartError}
 */
export async function loadPart(urls, load, fetch = globalThis.fetch) {
  try {
    await requireFiles(urls, 'default', fetch);
    return await load();
  } catch {
    // Something may be wrong with what the browser keeps of it, such as a portal's page: past its cache.
    await requireFiles(urls, 'reload', fetch);
    return load().catch((error) => {
      throw new PartError('unreachable', error);
    });
  }
}

/**
 * @param {readonly string[]} urls
 * @param {RequestCache} cache
 * @param {(url: string, init: RequestInit) => Promise<Response>} fetch
 * @throws {PartError}
 */
async function requireFiles(urls, cache, fetch) {
  await Promise.all(urls.map((url) => requireFile(url, cache, fetch)));
}

/**
 * @param {string} url
 * @param {RequestCache} cache
 * @param {(url: string, init: RequestInit) => Promise<Response>} fetch
 */
async function requireFile(url, cache, fetch) {
  try {
    const signal = AbortSignal.timeout(DEADLINE_MS);
    const response = await fetch(url, { cache, credentials: 'same-origin', signal });
    if (response.status === 404 || response.status === 410) throw new PartError('gone');
    const type = response.headers.get('content-type') ?? '';
    // A portal's page, for one.
    if (!response.ok || !type.includes('javascript')) throw new PartError('unreachable');
    // To the end: the import finds all of it in the browser's cache.
    await response.arrayBuffer();
  } catch (error) {
    throw error instanceof PartError ? error : new PartError('unreachable', error);
  }
}
