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
   * @param {(request: Request, scope: string, entries: Map<string, PrecacheEntry>,
   *   isContentAddressed: (path: string) => boolean) => import('./route.js').Route} parts.routeOf
   * @param {Pick<typeof import('./plan.js'), 'isContentAddressed' | 'isCheckedByPage'>} parts.plan
   * @param {(html: string, scope: string) => string} parts.rebased
   * @param {(request: Request) => Promise<Response>} parts.fetch
   * @param {{claim(): Promise<void>, get(id: string): Promise<unknown>,
   *   matchAll(options: object): Promise<readonly Window[]>}} parts.clients
   * @param {() => Promise<void>} parts.skipWaiting
   * @param {() => Promise<void>} parts.end stops all downloads, and keeps nothing from then on
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
    const { routeOf, scope, entries, plan } = this.#parts;
    const route = routeOf(event.request, scope, entries, plan.isContentAddressed);
    if (route.kind !== 'network') event.respondWith(this.#answer(route, event.request));
  }

  /** @param {PageMessage} event */
  onMessage(event) {
    const message = /** @type {{type?: unknown, group?: unknown} | null} */ (event.data);
    const recipient = event.ports[0] ?? event.source;
    if (message?.type === 'skip-waiting') event.waitUntil(this.#parts.skipWaiting());
    if (message?.type === 'end') event.waitUntil(this.#parts.end());
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
    const { store, scope } = this.#parts;
    const open = (await this.#windows()).filter(({ url }) => url.startsWith(scope));
    await store.dropOtherVersions(open.map(({ id }) => id));
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
      return await this.#parts.fetch(request);
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
    const { store, entries, plan } = this.#parts;
    const entry = entries.get(url);
    try {
      if (kind === 'elder') return await store.matchElder(url);
      if (!entry || kind === 'page') return undefined;
      if (plan.isCheckedByPage(entry)) return await store.match(url);
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
    const { store, scope, rebased } = this.#parts;
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
  async #tellStatus(recipient) {
    const { precache, store, clients, version } = this.#parts;
    await store.dropElders((id) => clients.get(id));
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
    const { scope, version } = this.#parts;
    for (const window of await this.#windows()) {
      window.postMessage({ type, scope, version, ...message });
    }
  }

  #windows() {
    return this.#parts.clients.matchAll({ type: 'window', includeUncontrolled: true });
  }
}
