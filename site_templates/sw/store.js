/**
 * The files of one version of the app in the CacheStorage, each stored with its SHA-256.
 *
 * @typedef {import('./plan.js').PrecacheEntry} PrecacheEntry
 * @typedef {() => Promise<Uint8Array<ArrayBuffer> | null>} Source verified bytes, or null when lost
 */

/** The header that says which bytes a stored response was built from. */
export const HASH_HEADER = 'x-precache-sha256';

/** Where a cache notes which backends' groups the page has asked for; no page has this path. */
export const REQUESTED_GROUPS_URL = 'precache-requested-groups';

/** Where a cache notes which older versions' caches stay, and for which windows. */
export const OLDER_CACHES_URL = 'precache-older-caches';

/**
 * Build the response that the page will get. It carries the content type of the manifest and not the
 * host's, and it never counts as redirected, which browsers refuse for navigations.
 *
 * @param {PrecacheEntry} entry
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {Record<string, string>} [headers] for documents and scripts
 * @returns {Response}
 */
export function storedResponse(entry, bytes, headers = {}) {
  // Scripts too: a worker gets its policy from its own script's response, not from its page.
  const governed = /^text\/(html|javascript)/.test(entry.type);
  const all = new Headers(governed ? headers : {});
  all.set('content-type', entry.type);
  all.set('content-length', String(entry.size));
  all.set('x-content-type-options', 'nosniff');
  all.set(HASH_HEADER, entry.sha256);
  return new Response(bytes, { headers: all });
}

/** The cache of one version, and those of other versions under the same prefix. */
export class VersionStore {
  #caches;
  #prefix;
  #name;
  #scope;
  #sha256;
  #headers;
  #spared;

  /**
   * @param {object} parts
   * @param {Pick<CacheStorage, 'match' | 'open' | 'keys' | 'delete'>} parts.caches
   * @param {string} parts.prefix start of the names of this app's caches
   * @param {string} parts.version
   * @param {string} parts.scope absolute URL of the site root
   * @param {(bytes: Uint8Array<ArrayBuffer>) => Promise<string>} parts.sha256 to hex digits
   * @param {Record<string, string>} [parts.headers] for stored documents and scripts
   * @param {readonly string[]} [parts.spared] caches under the prefix that hold no version
   */
  constructor({ caches, prefix, version, scope, sha256, headers, spared = [] }) {
    this.#caches = caches;
    this.#prefix = prefix;
    this.#name = prefix + version;
    this.#scope = scope;
    this.#sha256 = sha256;
    this.#headers = headers;
    this.#spared = [this.#name, ...spared];
  }

  /**
   * @param {string} path relative to the site root
   * @returns {string} absolute URL
   */
  urlOf(path) {
    return new URL(path, this.#scope).href;
  }

  /**
   * @param {string} url absolute
   * @returns {Promise<Response | undefined>}
   */
  match(url) {
    return this.#caches.match(url, { cacheName: this.#name });
  }

  /**
   * A file of this version, rebuilt from bytes that are right; undefined where it is missing or was
   * altered.
   *
   * @param {PrecacheEntry} entry
   * @returns {Promise<Response | undefined>}
   */
  async matchVerified(entry) {
    const bytes = await this.#verified(await this.match(this.urlOf(entry.url)), entry.sha256);
    return bytes ? storedResponse(entry, bytes, this.#headers) : undefined;
  }

  /**
   * A file that only another version has, for a window that runs that version.
   *
   * @param {string} url absolute and content-addressed
   * @returns {Promise<Response | undefined>}
   */
  async matchOtherVersion(url) {
    for (const cacheName of await this.#otherNames()) {
      const response = await this.#caches.match(url, { cacheName });
      if (response) return response;
    }
    return undefined;
  }

  /**
   * Whether this version's cache has a file, going by its header.
   *
   * @param {PrecacheEntry} entry
   * @returns {Promise<boolean>}
   */
  async holds(entry) {
    const response = await this.match(this.urlOf(entry.url));
    return response?.headers.get(HASH_HEADER) === entry.sha256;
  }

  /**
   * Whether this version's cache has a file whose bytes are right.
   *
   * @param {PrecacheEntry} entry
   * @returns {Promise<boolean>}
   */
  async holdsVerified(entry) {
    return (await this.#verified(await this.match(this.urlOf(entry.url)), entry.sha256)) !== null;
  }

  /**
   * Store a file.
   *
   * @param {PrecacheEntry} entry
   * @param {Uint8Array<ArrayBuffer>} bytes verified
   * @returns {Promise<void>}
   * @throws {DOMException} QuotaExceededError when the disk or the origin's share of it is full
   */
  async put(entry, bytes) {
    const cache = await this.#caches.open(this.#name);
    await cache.put(this.urlOf(entry.url), storedResponse(entry, bytes, this.#headers));
  }

  /**
   * What this app's other versions have, by SHA-256, so that an update fetches only what changed.
   *
   * @returns {Promise<Map<string, Source>>}
   */
  async otherVersions() {
    /** @type {Map<string, Source>} */
    const sources = new Map();
    for (const name of await this.#otherNames()) {
      const cache = await this.#caches.open(name);
      for (const request of await cache.keys()) {
        const hash = (await cache.match(request))?.headers.get(HASH_HEADER);
        if (hash) {
          sources.set(hash, async () => this.#verified(await cache.match(request), hash));
        }
      }
    }
    return sources;
  }

  /**
   * Delete this app's other caches, and never one of another app on the origin. While windows are open
   * that run an older version, they stay: `dropOlderCaches` deletes them later.
   *
   * @param {string[]} windows ids of the windows that are open
   */
  async dropOtherVersions(windows) {
    const names = await this.#otherNames();
    if (windows.length === 0) await this.#delete(names);
    else if (names.length) await this.#note(OLDER_CACHES_URL, { names, windows });
  }

  /**
   * Delete the caches that stayed for older windows, once none of these is open any more.
   *
   * @param {readonly string[]} open ids of the windows that are open
   */
  async dropOlderCaches(open) {
    const note = await this.match(this.urlOf(OLDER_CACHES_URL));
    if (!note) return;
    const { names, windows } = await note.json();
    if (windows.some((/** @type {string} */ id) => open.includes(id))) return;
    await this.#delete(names);
    await (await this.#caches.open(this.#name)).delete(this.urlOf(OLDER_CACHES_URL));
  }

  /**
   * The backends' groups that the page asked for, in this version or an older one.
   *
   * @returns {Promise<string[]>}
   */
  async requestedGroups() {
    const names = [this.#name, ...(await this.#otherNames())];
    const url = this.urlOf(REQUESTED_GROUPS_URL);
    const notes = await Promise.all(
      names.map(async (cacheName) => {
        const note = await this.#caches.match(url, { cacheName });
        return /** @type {string[]} */ (note ? await note.json() : []);
      }),
    );
    return [...new Set(notes.flat())];
  }

  /**
   * Note that the page needs these groups, so that an update brings them along.
   *
   * @param {string[]} groups
   */
  async noteRequestedGroups(groups) {
    const all = new Set([...(await this.requestedGroups()), ...groups]);
    await this.#note(REQUESTED_GROUPS_URL, [...all].sort());
  }

  /**
   * @param {string} path
   * @param {unknown} value
   */
  async #note(path, value) {
    const cache = await this.#caches.open(this.#name);
    await cache.put(this.urlOf(path), new Response(JSON.stringify(value)));
  }

  /** @param {string[]} names */
  async #delete(names) {
    await Promise.all(names.map((name) => this.#caches.delete(name)));
  }

  async #otherNames() {
    const names = await this.#caches.keys();
    return names.filter((name) => name.startsWith(this.#prefix) && !this.#spared.includes(name));
  }

  /**
   * @param {Response | undefined} response
   * @param {string} sha256
   * @returns {Promise<Uint8Array<ArrayBuffer> | null>}
   */
  async #verified(response, sha256) {
    if (!response) return null;
    try {
      const bytes = new Uint8Array(await response.arrayBuffer());
      return (await this.#sha256(bytes)) === sha256 ? bytes : null;
    } catch {
      // A body that the browser lost or cannot read is as good as none: it is fetched again.
      return null;
    }
  }
}
