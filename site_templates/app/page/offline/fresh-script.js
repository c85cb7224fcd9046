import { REGISTER_MS } from '../../shared/page-timeouts.js';

/**
 * Have the browser take the service worker's script; where it refuses, renew its copy and try once more.
 *
 * A host may have sent the script with a wrong content type. Where the host corrects only that, it answers "not
 * modified" to the browser, which goes on with the headers of its copy (RFC 9111, 3.2, lets a cache leave
 * headers out of an update; Chromium leaves out the content type).
 *
 * @template T
 * @param {string} scriptUrl absolute
 * @param {() => Promise<T>} take registers or updates the service worker
 * @param {(url: string, init: RequestInit) => Promise<unknown>} fetch
 * @returns {Promise<T>}
 */
export async function withFreshScript(scriptUrl, take, fetch) {
  try {
    return await take();
  } catch {
    // The second attempt reports why it cannot be fetched.
    const signal = AbortSignal.timeout?.(REGISTER_MS);
    await fetch(scriptUrl, { cache: 'reload', signal }).catch(() => {});
    return take();
  }
}
