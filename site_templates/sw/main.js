/** The service worker of one version of the app, put together; sw.js.jinja calls `start` with the version's manifest. */

import { forgetCaches } from '../app/shared/caches.js';
import { CachedParts } from '../app/shared/partial-files.js';
import { sha256Hex } from '../app/shared/sha256.js';
import {
  SHARE_FIELD,
  SHARE_PATH,
  SHARE_QUERY,
  keepShared,
  shareCacheName,
} from '../app/shared/shared-photos.js';
import { storagePrefix } from '../app/shared/storage-prefix.js';
import {
  ALIVE_MS,
  BACKOFF_MS,
  CHECKPOINT_MS,
  EXTRAS_MS,
  PAGE_MS,
  RETRY_AFTER_MS,
  STALL_MS,
} from '../app/shared/timeouts.js';
import { wasmBuild } from '../app/shared/wasm-build.js';
import { Downloader } from './download.js';
import { cachesUntil } from './ending.js';
import { Filler } from './filler.js';
import { appFolder, plannedGroups, storedHeaders, usesThreads } from './plan.js';
import { Precache } from './precache.js';
import { ShareTarget } from './share.js';
import { VersionStore } from './store.js';
import { OfflineWorker } from './worker.js';

/**
 * Listen to the events of this service worker.
 *
 * @param {import('./plan.js').PrecacheManifest} manifest of its version
 */
export function start(manifest) {
  /** @type {ServiceWorkerGlobalScope} */
  const scope = /** @type {any} */ (globalThis);
  const root = scope.registration.scope;
  const ending = new AbortController();
  const caches = cachesUntil(scope.caches, ending.signal);
  const worker = offlineWorker(scope, manifest, caches, ending);
  const share = new ShareTarget({
    url: new URL(SHARE_PATH, root).href,
    home: new URL(`./?${SHARE_QUERY}`, root).href,
    field: SHARE_FIELD,
    keep: (photos) => keepShared(caches, root, photos),
  });
  scope.addEventListener('install', (event) => worker.onInstall(event));
  scope.addEventListener('activate', (event) => worker.onActivate(event));
  scope.addEventListener('fetch', (event) => worker.onFetch(event));
  scope.addEventListener('fetch', (event) => share.onFetch(event));
  scope.addEventListener('message', (event) => worker.onMessage(/** @type {any} */ (event)));
}

/**
 * @param {ServiceWorkerGlobalScope} scope
 * @param {import('./plan.js').PrecacheManifest} manifest
 * @param {ReturnType<typeof cachesUntil>} caches
 * @param {AbortController} ending of the app on this device
 */
function offlineWorker(scope, manifest, caches, ending) {
  const { navigator, clients } = scope;
  const root = scope.registration.scope;
  const { version } = manifest;
  const sha256 = (/** @type {Uint8Array<ArrayBuffer>} */ bytes) =>
    sha256Hex(bytes, scope.crypto.subtle);
  const store = new VersionStore({
    caches,
    prefix: storagePrefix(root),
    version,
    scope: root,
    sha256,
    headers: storedHeaders(manifest, navigator),
    spared: [shareCacheName(root)],
  });
  const parts = new CachedParts(caches, root);
  const downloader = new Downloader(
    {
      // A redirect within the origin is followed: only the bytes count. Another origin is refused.
      fetch: (url, init) => fetch(url, { ...init, mode: 'same-origin' }),
      sha256,
      pause: (repetition, wish) =>
        wait(Math.max(BACKOFF_MS * 2 ** (repetition - 1), Math.min(wish, RETRY_AFTER_MS))),
      parts,
      checkpoint: CHECKPOINT_MS,
      stall: STALL_MS,
      signal: ending.signal,
    },
    appFolder(manifest),
  );
  const precache = new Precache({
    manifest,
    groups: plannedGroups(wasmBuild(globalThis.WebAssembly), usesThreads(manifest, navigator)),
    store,
    filler: new Filler({
      store,
      downloader,
      estimate: async () => (await navigator.storage?.estimate()) ?? {},
    }),
    languages: navigator.languages ?? [],
    wait: () => wait(EXTRAS_MS),
  });
  return new OfflineWorker({
    scope: root,
    version,
    entries: new Map(manifest.entries.map((entry) => [store.urlOf(entry.url), entry])),
    precache,
    store,
    parts,
    whileWorking(sign) {
      const timer = setInterval(sign, ALIVE_MS);
      return () => clearInterval(timer);
    },
    fetch: (request) => fetch(request),
    pageTimeout: () => wait(PAGE_MS),
    clients,
    skipWaiting: () => scope.skipWaiting(),
    end() {
      ending.abort();
      return forgetCaches(scope.caches, root);
    },
  });
}

/** @param {number} milliseconds @returns {Promise<void>} */
function wait(milliseconds) {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
