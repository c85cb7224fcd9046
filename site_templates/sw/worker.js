/**
 * The service worker: what each event means. Everything that acts is handed in.
 *
 * @typedef {import('./plan.js').PrecacheEntry} PrecacheEntry
 * @typedef {{waitUntil(work: Promise<unknown>): void}} LifeEvent
 * @typedef {LifeEvent & {request: Request, respondWith(answer: Promise<Response>): void}} RequestEvent
 * @typedef {{postMessage(message: unknown): void}} Recipient
 * @typedef {LifeEvent & {data: unknown, ports: readonly Recipient[], source: Recipient | null}} PageMessage
 */

/**
 * The reason of a failure in the words that the page knows: unreachable, damaged, quota or internal.
 *
 * @param {unknown} error
 * @returns {string}
 */
export function failureReason(error) {
  const { name, reason } = /** @type {{name?: string, reason?: string}} */ (error);
  return name === 'QuotaExceededError' ? 'quota' : (reason ?? 'internal');
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
   * @param {(request: Request, scope: string, entries: Map<string, PrecacheEntry>) =>
   *   import('./route.js').Route} parts.routeOf
   * @param {(html: string, scope: string) => string} parts.rebased
   * @param {(request: Request) => Promise<Response>} parts.fetch
   * @param {{claim(): Promise<void>, matchAll(options: object): Promise<readonly Recipient[]>}} parts.clients
   * @param {() => Promise<void>} parts.skipWaiting
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
    const { routeOf, scope, entries } = this.#parts;
    const route = routeOf(event.request, scope, entries);
    if (route.kind !== 'network') event.respondWith(this.#answer(route, event.request));
  }

  /** @param {PageMessage} event */
  onMessage(event) {
    const message = /** @type {{type?: unknown, group?: unknown} | null} */ (event.data);
    const recipient = event.ports[0] ?? event.source;
    if (message?.type === 'skip-waiting') event.waitUntil(this.#parts.skipWaiting());
    if (message?.type === 'status') event.waitUntil(this.#tellStatus(recipient));
    if (message?.type === 'precache-group') {
      event.waitUntil(this.#bringGroup(String(message.group), recipient));
    }
  }

  async #install() {
    try {
      await this.#parts.precache.install((progress) => this.#broadcast('progress', progress));
    } catch (error) {
      await this.#broadcast('install-failed', {
        reason: failureReason(error),
        detail: String(error),
      });
      throw error;
    }
  }

  async #activate() {
    await this.#parts.store.dropOtherVersions();
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
    if (kind !== 'page') {
      const stored = await this.#stored(url);
      if (stored) return stored;
    }
    try {
      return await this.#parts.fetch(request);
    } catch (error) {
      if (request.mode !== 'navigate') throw error;
      return this.#offlinePage();
    }
  }

  /**
   * @param {string} url
   * @returns {Promise<Response | undefined>}
   */
  async #stored(url) {
    try {
      return await this.#parts.store.match(url);
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
    const { store, scope, rebased } = this.#parts;
    const page = await this.#stored(store.urlOf('offline.html'));
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
  async #tellStatus(recipient) {
    const { precache, version } = this.#parts;
    recipient?.postMessage({ type: 'status', version, ...(await precache.status()) });
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
      const failure = { ok: false, reason: failureReason(error), detail: String(error) };
      recipient?.postMessage({ ...done, ...failure });
    }
  }

  /**
   * Tell all windows of the origin; those of other apps know by the scope that it is not for them.
   *
   * @param {string} type
   * @param {object} message
   */
  async #broadcast(type, message) {
    const { clients, scope, version } = this.#parts;
    const windows = await clients.matchAll({ type: 'window', includeUncontrolled: true });
    for (const window of windows) window.postMessage({ type, scope, version, ...message });
  }
}
