/** A CacheStorage, a host and a service worker's surroundings, all in memory. */

import { createHash } from 'node:crypto';

import { CachedParts } from '../../../site_templates/app/shared/partial-files.js';
import { sha256Hex } from '../../../site_templates/app/shared/sha256.js';
import { forgetCaches } from '../../../site_templates/app/shared/caches.js';
import { storagePrefix } from '../../../site_templates/app/shared/storage-prefix.js';
import { Downloader } from '../../../site_templates/sw/download.js';
import { cachesUntil } from '../../../site_templates/sw/ending.js';
import { Filler } from '../../../site_templates/sw/filler.js';
import { appFolder } from '../../../site_templates/sw/plan.js';
import { Precache } from '../../../site_templates/sw/precache.js';
import { VersionStore } from '../../../site_templates/sw/store.js';
import { OfflineWorker } from '../../../site_templates/sw/worker.js';

/** @typedef {import('../../../site_templates/sw/plan.js').PrecacheManifest} PrecacheManifest */

export const SCOPE = 'https://example.org/app/';

/** @param {string | Uint8Array} content */
function sha256(content) {
  return createHash('sha256').update(content).digest('hex');
}

/** @param {Uint8Array<ArrayBuffer>} bytes */
function hashed(bytes) {
  return sha256Hex(bytes, crypto.subtle);
}

/** Stores bytes and headers, as browsers do, and can run out of space. */
export class FakeCaches {
  /** @type {Map<string, Map<string, {bytes: ArrayBuffer, headers: Headers}>>} */
  all = new Map();
  /** Bytes that one put may still store in all. */
  quota = Infinity;
  /** Set to make every look-up fail, as with storage that the browser cannot open. */
  broken = false;

  /** @param {string} name */
  async open(name) {
    if (!this.all.has(name)) this.all.set(name, new Map());
    const entries = /** @type {NonNullable<ReturnType<typeof this.all.get>>} */ (
      this.all.get(name)
    );
    return {
      /** @param {string} url @param {Response} response */
      put: async (url, response) => {
        const bytes = await response.arrayBuffer();
        if (bytes.byteLength > this.quota) throw new DOMException('full', 'QuotaExceededError');
        this.quota -= bytes.byteLength;
        entries.set(url, { bytes, headers: response.headers });
      },
      /** @param {string | Request} key */
      match: async (key) => this.#response(entries.get(urlOf(key))),
      keys: async () => [...entries.keys()].map((url) => new Request(url)),
      /** @param {string | Request} key */
      delete: async (key) => entries.delete(urlOf(key)),
    };
  }

  /** @param {string | Request} key @param {{cacheName: string}} options */
  async match(key, { cacheName }) {
    if (this.broken) throw new DOMException('cannot open', 'UnknownError');
    return this.#response(this.all.get(cacheName)?.get(urlOf(key)));
  }

  /** @param {string} name */
  async has(name) {
    return this.all.has(name);
  }

  async keys() {
    return [...this.all.keys()];
  }

  /** @param {string} name */
  async delete(name) {
    return this.all.delete(name);
  }

  /** @param {string} name @param {string} url @param {string} text */
  overwrite(name, url, text) {
    const stored = this.all.get(name)?.get(url);
    if (!stored) throw new Error(`${url} is not in ${name}`);
    stored.bytes = /** @type {ArrayBuffer} */ (new TextEncoder().encode(text).buffer);
  }

  /** @param {{bytes: ArrayBuffer, headers: Headers} | undefined} stored */
  #response(stored) {
    return stored && new Response(stored.bytes.slice(0), { headers: stored.headers });
  }
}

/** @param {string | Request} key */
function urlOf(key) {
  return typeof key === 'string' ? key : key.url;
}

/** @typedef {() => Response | Promise<Response>} Answer */

/** A host whose answers can be made wrong, one request after the other. */
export class FakeHost {
  /** @type {{path: string, cache: RequestCache | undefined, range: string | null}[]} */
  requests = [];
  /** @type {Map<string, Answer[]>} */
  faults = new Map();
  down = false;

  /** @param {Record<string, string>} files by path */
  constructor(files) {
    this.files = files;
  }

  /** @param {string} path @param {...Answer} answers to the next requests for it */
  fault(path, ...answers) {
    this.faults.set(path, answers);
  }

  /** @param {string} path */
  count(path) {
    return this.requests.filter((request) => request.path === path).length;
  }

  /** @param {string | Request} target @param {RequestInit} [init] */
  async fetch(target, init) {
    const url = urlOf(target);
    const [address] = url.split('?revision=');
    const path = address.startsWith(SCOPE) ? address.slice(SCOPE.length) || './' : address;
    const range = new Headers(init?.headers).get('range');
    this.requests.push({ path, cache: init?.cache, range });
    if (this.down) throw new TypeError('Failed to fetch');
    const fault = this.faults.get(path)?.shift();
    if (fault) return untilAborted(fault(), init?.signal);
    const content = this.files[path];
    if (range && content !== undefined) return partOf(content, range);
    // The host's own types are wrong on purpose: those of the manifest must win.
    return content === undefined
      ? new Response('not here', { status: 404 })
      : new Response(content, { headers: { 'content-type': 'application/x-wrong' } });
  }
}

/**
 * @param {Response | Promise<Response>} answer
 * @param {AbortSignal | null} [signal]
 * @returns {Promise<Response>}
 */
async function untilAborted(answer, signal) {
  /** @type {Promise<never>} */
  const aborted = new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason));
  });
  return Promise.race([answer, aborted]);
}

/**
 * @param {string} content in ASCII
 * @param {string} range e.g. "bytes=100-"
 */
export function partOf(content, range) {
  const first = Number(range.replace(/^bytes=(\d+)-$/, '$1'));
  const headers = { 'content-range': `bytes ${first}-${content.length - 1}/${content.length}` };
  return new Response(content.slice(first), { status: 206, headers });
}

/** @typedef {Record<string, [content: string, groups: string[]]>} SiteFiles */

/**
 * The files of a small site.
 *
 * @type {SiteFiles}
 */
export const FILES = {
  './': ['<title>Shell</title>', ['core']],
  'offline.html': ['<base href="./"><p>offline', ['core']],
  'app/0123456789abcdef/page/app.js': ['start()', ['core']],
  'model/0123456789abcdef/group1-shard1of1.bin': ['w'.repeat(5000), ['core']],
  'runtime/0123456789abcdef/chunk.js': ['shared', ['wasm-plain', 'wasm-simd', 'webgl']],
  'runtime/0123456789abcdef/simd.wasm': ['simd', ['wasm-simd']],
  'runtime/0123456789abcdef/plain.wasm': ['plain', ['wasm-plain']],
  'runtime/0123456789abcdef/backend-webgl.js': ['webgl', ['webgl']],
};

/** @param {string} path */
function typeOf(path) {
  if (path.endsWith('.js')) return 'text/javascript; charset=utf-8';
  return /\.(bin|wasm)$/.test(path) ? 'application/octet-stream' : 'text/html; charset=utf-8';
}

/**
 * @param {SiteFiles} files
 * @param {string} version
 * @returns {PrecacheManifest}
 */
export function manifestOf(files, version) {
  const entries = Object.entries(files).map(([url, [content, groups]]) => ({
    url,
    sha256: sha256(content),
    size: new TextEncoder().encode(content).length,
    type: typeOf(url),
    groups,
  }));
  return { version, entries };
}

/** A window of the site; it remembers what it was told. */
export class FakeWindow {
  id = 'window-1';
  url = SCOPE;
  open = true;
  /** Whether the service worker controls it. */
  controlled = true;
  /** @type {any[]} */
  messages = [];

  /** @param {unknown} message */
  postMessage(message) {
    this.messages.push(message);
  }

  /** @param {string} type */
  told(type) {
    return this.messages.filter((message) => message.type === type);
  }
}

/**
 * Compose a service worker as sw.js does, around fakes.
 *
 * @param {object} [options]
 * @param {SiteFiles} [options.files] of this version
 * @param {string} [options.version]
 * @param {FakeCaches} [options.caches] left over from another version
 * @param {string} [options.scope]
 * @param {string[]} [options.groups] without which it does not work offline
 * @param {string[]} [options.extras] what else the device keeps
 * @param {() => Promise<void>} [options.wait] as long as a whole version waits for its extras
 * @param {() => Promise<void>} [options.pageTimeout] as long as a page may take to arrive
 * @param {Record<string, string>} [options.headers]
 * @param {number} [options.space] bytes that the browser says are free
 */
export function serviceWorker({
  files = FILES,
  version = 'v1',
  caches = new FakeCaches(),
  scope = SCOPE,
  groups = ['core', 'wasm-simd'],
  extras = ['extras'],
  wait = () => new Promise(() => {}),
  pageTimeout = () => new Promise(() => {}),
  headers,
  space = Infinity,
} = {}) {
  const manifest = manifestOf(files, version);
  const host = new FakeHost(
    Object.fromEntries(Object.entries(files).map(([path, [content]]) => [path, content])),
  );
  const page = new FakeWindow();
  const calls = { claim: 0, skipWaiting: 0, pauses: 0, wishes: /** @type {number[]} */ ([]) };
  const ending = new AbortController();
  const openCaches = cachesUntil(/** @type {any} */ (caches), ending.signal);
  const store = new VersionStore({
    caches: openCaches,
    prefix: storagePrefix(scope),
    version,
    scope,
    sha256: hashed,
    headers,
  });
  const parts = new CachedParts(openCaches, scope);
  const downloader = new Downloader(
    {
      fetch: (url, init) => host.fetch(url, init),
      sha256: hashed,
      pause: async (_, wish) => {
        calls.pauses += 1;
        calls.wishes.push(wish);
      },
      parts,
      checkpoint: 1000,
      stall: 10_000,
      signal: ending.signal,
    },
    appFolder(manifest),
  );
  const precache = new Precache({
    manifest,
    groups: { needed: groups, extras },
    store,
    filler: new Filler({
      store,
      downloader,
      estimate: async () => ({ quota: space, usage: 0 }),
    }),
    languages: ['de'],
    wait,
  });
  const worker = new OfflineWorker({
    scope,
    version,
    entries: new Map(manifest.entries.map((entry) => [store.urlOf(entry.url), entry])),
    precache,
    store,
    fetch: (request) => host.fetch(request),
    pageTimeout,
    clients: {
      claim: async () => {
        calls.claim += 1;
      },
      matchAll: async (/** @type {{includeUncontrolled?: boolean}} */ { includeUncontrolled }) =>
        page.open && (page.controlled || includeUncontrolled) ? [page] : [],
    },
    skipWaiting: async () => {
      calls.skipWaiting += 1;
    },
    parts,
    whileWorking(sign) {
      sign();
      return () => {};
    },
    end() {
      ending.abort();
      return forgetCaches(caches, scope);
    },
  });
  const name = `${storagePrefix(scope)}${version}`;
  return { worker, precache, store, host, caches, page, calls, manifest, name };
}

/**
 * Dispatch an event that waits, and wait for what it waits for.
 *
 * @param {(event: any) => void} listener
 * @param {object} [properties] of the event
 */
export async function dispatch(listener, properties = {}) {
  /** @type {Promise<unknown>[]} */
  const work = [];
  listener({ ...properties, waitUntil: (/** @type {Promise<unknown>} */ p) => work.push(p) });
  await Promise.all(work);
}

/**
 * Ask the service worker to answer a request: its response, or undefined when it leaves that to the
 * browser.
 *
 * @param {OfflineWorker} worker
 * @param {string} path relative to the scope
 * @param {{mode?: string, method?: string, cache?: string, headers?: Record<string, string>}} [init]
 * @returns {Promise<Response | undefined>}
 */
export async function load(worker, path, init = {}) {
  /** @type {Promise<Response> | undefined} */
  let answer;
  const { mode = 'cors', method = 'GET', cache = 'default', headers = {} } = init;
  worker.onFetch(
    /** @type {any} */ ({
      // Node's Request refuses the mode "navigate".
      request: {
        url: new URL(path, SCOPE).href,
        mode,
        method,
        cache,
        headers: new Headers(headers),
      },
      respondWith: (/** @type {Promise<Response>} */ response) => {
        answer = response;
      },
    }),
  );
  return answer;
}

/**
 * Send a message as a page does, and return the answer.
 *
 * @param {OfflineWorker} worker
 * @param {unknown} data
 */
export async function tell(worker, data) {
  const port = new FakeWindow();
  await dispatch((event) => worker.onMessage(event), { data, ports: [port], source: null });
  return port.messages.at(-1);
}

/** @param {ReturnType<typeof serviceWorker>} rig */
export async function install({ worker }) {
  await dispatch((event) => worker.onInstall(event));
}

/** @param {ReturnType<typeof serviceWorker>} rig */
export async function activate({ worker }) {
  await dispatch((event) => worker.onActivate(event));
}
