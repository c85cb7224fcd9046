/**
 * The page's side of working offline: registers the service worker, says whether everything is on this
 * device, and offers updates without ever changing code under the person's hands.
 *
 * @typedef {object} OfflineState
 * @property {'pending' | 'ready' | 'failed'} state failed only when no version is whole on this device
 * @property {'unsupported' | 'registration-failed' | 'unreachable' | 'damaged' | 'quota' | 'withdrawn'
 *   | 'internal'} [reason] of a failure. unsupported: no service workers here (insecure address, private window, old
 *   browser); registration-failed: sw.js could not be had; unreachable, damaged: a file could
 *   not be had, or only a wrong one; quota: no space; withdrawn: the host has switched it off
 * @property {string} [detail] the error in the browser's words, for bug reports
 *
 * @typedef {{state: 'failed', reason: NonNullable<OfflineState['reason']>, detail?: string}} Failure
 * @typedef {Record<string, any>} Message
 *
 * @typedef {object} OfflineOptions
 * @property {ServiceWorkerContainer} [container]
 * @property {string} [url] of the service worker, relative to the page
 * @property {string} [base] absolute URL of the page
 * @property {Promise<unknown>} [after] settles when the page has done its own loading
 * @property {(state: OfflineState) => void} onState
 * @property {(progress: {loaded: number, total: number}) => void} [onProgress] bytes
 * @property {(applyUpdate: () => void) => void} [onUpdate] a new version waits; `applyUpdate` reloads
 *   the page with it
 * @property {() => void} [reload]
 * @property {typeof globalThis.fetch} [fetch]
 * @property {Pick<EventTarget, 'addEventListener'>} [connection] fires "online" when a network is back
 * @property {() => Promise<void>} [whenIdle] resolves once no photo is being looked at
 * @property {(look: () => Promise<unknown>) => void} [lookout] looks again and again, for days
 * @property {AbortSignal} [signal] the app is being taken off the device
 *
 * @typedef {object} Offline
 * @property {() => Promise<void>} retry after a failure; what was verified isn't fetched again
 * @property {() => Promise<import('./updates.js').Check>} check whether the host has a new version
 * @property {(backend: string) => Promise<void>} ensureBackend what the page runs on: ready from now on
 *   means that this backend's files are on the device too
 */

import { withFreshScript } from './fresh-script.js';
import { keepLooking } from './lookout.js';
import { endRegistration } from './system/forget.js';
import { followUpdates } from './updates.js';

/** The precache groups that the service worker fetches only when asked to. */
const BACKEND_GROUPS = ['webgl', 'webgpu', 'cpu'];

/**
 * Start working towards offline.
 *
 * On a first visit the service worker is registered only when `after` has settled: until then it would
 * compete with the page for the connection, and from then on it finds what the page has loaded in the
 * HTTP cache. The same promise is waited for before anything is called ready, because only the
 * loaded page knows its backend.
 *
 * @param {OfflineOptions} options
 * @returns {Offline}
 */
export function startOffline({
  container = globalThis.navigator?.serviceWorker,
  url = 'sw.js',
  base = globalThis.document?.baseURI,
  after = Promise.resolve(),
  onState,
  onProgress = () => {},
  onUpdate = () => {},
  reload = () => globalThis.location.reload(),
  fetch = globalThis.fetch,
  connection = globalThis,
  whenIdle = async () => {},
  lookout = keepLooking,
  signal,
}) {
  if (!container) {
    const report = async () => onState({ state: 'failed', reason: 'unsupported' });
    report();
    return { retry: report, check: async () => 'failed', ensureBackend: async () => {} };
  }

  const loaded = after.then(
    () => {},
    () => {},
  );
  const scriptUrl = new URL(url, base).href;
  const updates = followUpdates({ container, scriptUrl, onUpdate, reload, whenIdle, fetch });
  /** @type {string | null} */
  let group = null;
  /** @type {string | null} */
  let scope = null;
  /** @type {Failure | null} */
  let installFailure = null;
  /** @type {OfflineState} */
  let last = { state: 'pending' };
  let latest = 0;
  let decided = false;

  /** @param {OfflineState} next */
  function tell(next) {
    last = next;
    onState(next);
  }

  container.addEventListener('message', ({ data }) => {
    if (!data || data.scope !== scope) return;
    // An update that comes in beside a whole version is nobody's concern before it is offered.
    if (data.type === 'progress' && last.state === 'pending') {
      onProgress({ loaded: data.loaded, total: data.total });
    }
    if (data.type === 'install-failed') {
      installFailure = failureOf(data);
      // The explanation may overtake the worker's end or come after it.
      if (last.state === 'failed') tell(installFailure);
    }
  });
  connection.addEventListener('online', () => {
    if (last.state === 'failed') prepare();
  });

  /** @returns {Promise<OfflineState>} */
  async function attempt() {
    installFailure = null;
    let registration;
    try {
      registration = await withFreshScript(
        scriptUrl,
        () => container.register(url, { scope: './', updateViaCache: 'none' }),
        fetch,
      );
    } catch (error) {
      return { state: 'failed', reason: 'registration-failed', detail: String(error) };
    }
    if (signal?.aborted) {
      await endRegistration(registration);
      return last;
    }
    scope = registration.scope;
    updates.watch(registration);
    await loaded;
    const worker = await activeWorker(registration);
    if (!worker) return installFailure ?? failureOf({});
    const status = await ask(worker, { type: 'status' });
    if (status.withdrawn) return failureOf({ reason: 'withdrawn' });
    const missing = status.ready ? [] : ['core'];
    if (group && !status.groups.includes(group)) missing.push(group);
    for (const name of missing) {
      const done = await ask(worker, { type: 'precache-group', group: name });
      if (!done.ok) return failureOf(done);
    }
    return { state: 'ready' };
  }

  /** Try to get ready; only the latest of several attempts has a say. */
  async function prepare() {
    if (signal?.aborted) return;
    latest += 1;
    const mine = latest;
    tell({ state: 'pending' });
    const outcome = await attempt();
    if (mine !== latest || signal?.aborted) return;
    decided = true;
    tell(outcome);
  }

  const first = updates.controlled() ? Promise.resolve() : loaded;
  first.then(prepare);
  lookout(() => (last.state === 'failed' ? prepare() : updates.look()));

  return {
    retry: prepare,
    check: updates.check,
    async ensureBackend(backend) {
      const needed = BACKEND_GROUPS.includes(backend) ? backend : null;
      if (needed === group) return;
      group = needed;
      if (decided) await prepare();
    },
  };
}

/**
 * The registration's activated worker, waited for while one is on its way there; null when none is.
 *
 * @param {ServiceWorkerRegistration} registration
 * @returns {Promise<ServiceWorker | null>}
 */
async function activeWorker(registration) {
  for (;;) {
    const { active, waiting, installing } = registration;
    const worker = [active, waiting, installing].find(
      (candidate) => candidate && candidate.state !== 'redundant',
    );
    if (!worker || worker.state === 'activated') return worker ?? null;
    await new Promise((resolve) => {
      worker.addEventListener('statechange', resolve, { once: true });
    });
  }
}

/**
 * Send a message to the service worker and wait for its answer.
 *
 * @param {ServiceWorker} worker
 * @param {Message} message
 * @returns {Promise<Message>}
 */
function ask(worker, message) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => {
      port1.close();
      resolve(data);
    };
    worker.postMessage(message, [port2]);
  });
}

/**
 * @param {Message} message from the service worker
 * @returns {Failure}
 */
function failureOf({ reason = 'internal', detail }) {
  return { state: 'failed', reason, detail };
}
