import { isCheckedByPage } from './plan.js';
import { rebased, routeOf } from './route.js';

/**
 * The service worker: what each event means. Everything that acts is handed in.
 *
 * @typedef {import('./plan.js').PrecacheEntry} PrecacheEntry
 * @typedef {{waitUntil(work: Promise<unknown>): void}} LifeEvent
 * @typedef {LifeEvent & {request: Request, respondWith(answer: Promise<Response>): void}} RequestEvent
 * @typedef {{postMessage(message: unknown): void}} Recipient
 * @typedef {Recipient & {id: string, url: string}} Window
 * @typedef {LifeEvent & {data: unknown, ports: readonly Recipient[], source: Recipient | null}} PageMessage
 */

/**
 * A failure in the words that the page knows.
 *
 * @param {unknown} error
 * @returns {{reason: string, detail: string, file?: string}} `reason`: unreachable, damaged, changed, line-ends,
 *   stale, quota or internal; `file`: which one, where it's a file's
 */
export function failureOf(error) {
  const { name, reason, file } = /** @type {{name?: string, reason?: string, file?: string}} */ (
    error
  );
  const known = name === 'QuotaExceededError' ? 'quota' : (reason ?? 'internal');
  return { reason: known, detail: String(error), ...(file === undefined ? {} : { file }) };
}

/** Answers the events of the service worker. */
export class OfflineWorker {
  #parts;

  /**
   * @param {object} parts
   * @param {string} parts.scope absolute URL of the site root
   * @param {string} parts.version
   * @param {Map<string, PrecacheEntry>} parts.entries by absolute URL
   * @param {import('./precache.js').Precache} parts.precache
   * @param {import('./store.js').VersionStore} parts.store
   * @param {(request: Request) => Promise<Response>} parts.fetch
   * @param {{claim(): Promise<void>, matchAll(options: object): Promise<readonly Window[]>}} parts.clients
   * @param {() => Promise<unknown>} parts.pageTimeout settles when a page has taken long to arrive
   * @param {() => Promise<void>} parts.skipWaiting
   * @param {() => Promise<void>} parts.end stops all downloads, and keeps nothing from then on
   * @param {{clear(): Promise<void>}} parts.parts of files whose download was cut off
   * @param {(sign: () => void) => () => void} parts.whileWorking gives signs of life until it is called
   */
  constructor(parts) {
    this.#parts = parts;
  }

  /** @param {LifeEvent} event */
  onInstall(event) {
    event.waitUntil(this.#install());
  }

  /** @param {LifeEvent} event */
  onActivate(event) {
    event.waitUntil(this.#activate());
  }

  /** @param {RequestEvent} event */
  onFetch(event) {
    const { scope, entries } = this.#parts;
    const route = routeOf(event.request, scope, entries);
    if (route.kind !== 'network') event.respondWith(this.#answer(route, event.request));
  }

  /** @param {PageMessage} event */
  onMessage(event) {
    const message = /** @type {{type?: unknown, group?: unknown} | null} */ (event.data);
    const recipient = event.ports[0] ?? event.source;
    if (message?.type === 'skip-waiting') event.waitUntil(this.#parts.skipWaiting());
    if (message?.type === 'end') event.waitUntil(this.#parts.end());
    if (message?.type === 'status') {
      event.waitUntil(this.#alive(recipient, () => this.#sendStatus(recipient)));
    }
    if (message?.type === 'precache-group') {
      const group = String(message.group);
      event.waitUntil(this.#alive(recipient, () => this.#bringGroup(group, recipient)));
    }
  }

  async #install() {
    const rest = this.#parts.whileWorking(() => this.#broadcast('working', {}));
    try {
      await this.#parts.precache.install((progress) => this.#broadcast('progress', progress));
    } catch (error) {
      await this.#broadcast('install-failed', failureOf(error));
      throw error;
    } finally {
      rest();
    }
  }

  /**
   * Work that may take long: its recipient is sent signs of life.
   *
   * @param {Recipient | null} recipient
   * @param {() => Promise<void>} work
   */
  async #alive(recipient, work) {
    const rest = this.#parts.whileWorking(() => recipient?.postMessage({ type: 'working' }));
    try {
      await work();
    } finally {
      rest();
    }
  }

  async #activate() {
    await this.#parts.store.dropOtherVersions(await this.#ownWindows());
    // The page of a first visit was loaded without us: from here on its requests may come to us.
    await this.#parts.clients.claim();
  }

  /**
   * @param {import('./route.js').Route} route
   * @param {Request} request
   * @returns {Promise<Response>}
   */
  async #answer({ kind, url }, request) {
    if (kind === 'renewal') await this.#renew(url);
    const stored = await this.#stored(kind, url);
    if (stored) return stored;
    try {
      const answer = await this.#parts.fetch(request);
      // Where a page breaks off before the browser has shown any of it, it stays blank and says nothing.
      if (kind === 'shell') await Promise.race([answer.clone().blob(), this.#parts.pageTimeout()]);
      return answer;
    } catch (error) {
      if (request.mode !== 'navigate') throw error;
      return this.#offlinePage();
    }
  }

  /**
   * @param {import('./route.js').Route['kind']} kind
   * @param {string} url
   * @returns {Promise<Response | undefined>}
   */
  async #stored(kind, url) {
    const { store, entries } = this.#parts;
    const entry = entries.get(url);
    try {
      if (kind === 'other-version') return await store.matchOtherVersion(url);
      if (!entry || kind === 'page') return undefined;
      if (isCheckedByPage(entry)) return await store.match(url);
      const right = await store.matchVerified(entry);
      if (right || !(await store.match(url))) return right;
      await this.#renew(url);
      return await store.matchVerified(entry);
    } catch {
      // Storage that the browser cannot open must not take the online app away.
      return undefined;
    }
  }

  /** @param {string} url */
  async #renew(url) {
    const entry = this.#parts.entries.get(url);
    if (!entry) return;
    // When the network has no right copy, the page gets the stored one and judges it again.
    await this.#parts.precache.renew(entry).catch(() => {});
  }

  async #offlinePage() {
    const { store, scope } = this.#parts;
    const page = await this.#stored('asset', store.urlOf('offline.html'));
    if (!page) return Response.error();
    const headers = new Headers(page.headers);
    headers.delete('content-length');
    return new Response(rebased(await page.text(), scope), {
      status: 503,
      statusText: 'Service Unavailable',
      headers,
    });
  }

  /** @param {Recipient | null} recipient */
  async #sendStatus(recipient) {
    const { precache, store, version } = this.#parts;
    await store.dropOlderCaches(await this.#ownWindows());
    const status = await precache.status();
    // Nobody resumes a download any more that was cut off.
    if (status.ready) await this.#parts.parts.clear();
    recipient?.postMessage({ type: 'status', version, ...status });
  }

  /**
   * @param {string} group
   * @param {Recipient | null} recipient
   */
  async #bringGroup(group, recipient) {
    const done = { type: 'precache-group-done', group };
    try {
      await this.#parts.precache.ensure(group, (progress) => this.#broadcast('progress', progress));
      recipient?.postMessage({ ...done, ok: true });
    } catch (error) {
      recipient?.postMessage({ ...done, ok: false, ...failureOf(error) });
    }
  }

  /**
   * Send to all windows of the origin; those of other apps know by the scope that it is not for them.
   *
   * @param {string} type
   * @param {object} message
   */
  async #broadcast(type, message) {
    const { scope, version } = this.#parts;
    for (const window of await this.#windows()) {
      window.postMessage({ type, scope, version, ...message });
    }
  }

  #windows() {
    return this.#parts.clients.matchAll({ type: 'window', includeUncontrolled: true });
  }

  /**
   * The windows that may ask us for files: those that we control, and pages of the app that do without us
   * so far. An app in a folder below ours has a service worker of its own.
   *
   * @returns {Promise<string[]>} ids
   */
  async #ownWindows() {
    const { clients, scope } = this.#parts;
    const controlled = await clients.matchAll({ type: 'window' });
    const pages = (await this.#windows()).filter(({ url }) => {
      const { origin, pathname } = new URL(url);
      return [scope, `${scope}index.html`].includes(origin + pathname);
    });
    return [...new Set([...controlled, ...pages].map(({ id }) => id))];
  }
}
