/**
 * The page's side of working offline: registers the service worker, says whether everything is on this
 * device, and offers updates without ever changing code under the person's hands.
 *
 * @typedef {object} OfflineState
 * @property {'pending' | 'ready' | 'failed'} state failed only when no version is whole on this device
 * @property {boolean} [waiting] pending, and nothing has come from the host for a while
 * @property {'pending' | 'ready' | 'failed'} [extras] of a version that is ready: other languages, pictures,
 *   further screens, other ways to compute
 * @property {'unsupported' | 'blocked' | 'registration-failed' | 'unreachable' | 'damaged' | 'changed' |
 *   'line-ends' | 'stale' | 'quota' | 'withdrawn' | 'internal'} [reason] of a failure. unsupported: no service
 *   workers here (insecure address, private window, old browser); blocked: the browser lets this site keep
 *   nothing; registration-failed: sw.js could not be fetched; unreachable, damaged: a file could not be
 *   fetched, or only a wrong one; changed, line-ends, stale: the host has only an altered one, one with other
 *   line ends, or an older one; quota: no space; withdrawn: the host has switched it off
 * @property {string} [file] which file it was
 * @property {string} [detail] the error in the browser's words, for bug reports
 *
 * @typedef {{state: 'failed', reason: NonNullable<OfflineState['reason']>, file?: string, detail?: string}} Failure
 * @typedef {Record<string, any>} Message
 * @typedef {OfflineState & {worker?: ServiceWorker, lacking?: string[]}} Attempt `lacking`: groups of extras
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
 * @property {(look: () => Promise<unknown>) => void} [keepChecking] looks again and again, for days
 * @property {AbortSignal} [signal] the app is being taken off the device
 * @property {() => boolean} [blocked] whether the browser lets this site keep nothing
 * @property {boolean} [compiles] whether WebAssembly runs here: else what the page has come to compute with is
 *   needed offline
 *
 * @typedef {object} Offline
 * @property {() => Promise<void>} retry after a failure; what was verified isn't fetched again
 * @property {() => Promise<import('./updates.js').Check>} check whether the host has a new version
 * @property {(backend: string) => Promise<void>} ensureBackend what the page runs on: its files are to be on
 *   the device, too
 */

import { backendNamed, groupOf } from '../../shared/backends.js';
import { wasmBuild } from '../../shared/wasm-build.js';
import { QUIET_MS, REGISTER_MS, REPLY_MS } from '../../shared/page-timeouts.js';
import { createWatch, Late, within } from '../deadlines.js';
import { withFreshScript } from './fresh-script.js';
import { keepLooking } from './update-checks.js';
import { activeWorker, ask } from './service-worker.js';
import { isStorageBlocked } from '../system/blocked.js';
import { endRegistration } from '../system/forget.js';
import { followUpdates } from './updates.js';

/** Milliseconds before the first attempt after a failure; each further one waits twice as long. */
export const AGAIN_MS = 60_000;

/** What trying again does not change. */
const FINAL = new Set(['unsupported', 'blocked', 'withdrawn']);

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
  keepChecking = keepLooking,
  signal,
  blocked = isStorageBlocked,
  compiles = wasmBuild(globalThis.WebAssembly) !== 'none',
}) {
  if (!container) {
    const reason = blocked() ? 'blocked' : 'unsupported';
    const report = async () => onState({ state: 'failed', reason });
    report();
    return { retry: report, check: async () => 'failed', ensureBackend: async () => {} };
  }

  const loaded = after.then(
    () => {},
    () => {},
  );
  const scriptUrl = new URL(url, base).href;
  const root = new URL('./', scriptUrl).href;
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
  let failures = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let again;
  const quiet = createWatch(QUIET_MS, () => {
    if (last.state === 'pending') show({ state: 'pending', waiting: true });
  });
  /** Called at each sign of life of a service worker that is being installed. */
  let onSign = () => {};

  /** @param {OfflineState} next */
  function show(next) {
    last = next;
    if (next.state !== 'pending') quiet.stop();
    onState(next);
  }

  /** @param {OfflineState} next */
  function showIfNew(next) {
    const same = last.state === next.state && last.extras === next.extras;
    if (!same || last.reason !== next.reason || last.file !== next.file) show(next);
  }

  container.addEventListener('message', ({ data }) => {
    // Also before this page has registered anything.
    if (data?.type === 'withdrawn' && data.scope === root) {
      latest += 1;
      show(failureOf({ reason: 'withdrawn' }));
    }
    if (!data || data.scope !== scope) return;
    onSign();
    // An update that is downloaded beside a complete version is not shown before it is offered.
    if (data.type === 'progress' && last.state === 'pending') {
      quiet.sign();
      if (last.waiting) show({ state: 'pending' });
      onProgress({ loaded: data.loaded, total: data.total });
    }
    if (data.type === 'install-failed') {
      installFailure = failureOf(data);
      // The explanation may overtake the worker's end or come after it.
      if (last.state === 'failed') show(installFailure);
    }
  });
  connection.addEventListener('online', () => {
    if (last.state === 'failed') prepare();
    else if (last.extras === 'failed') prepare(true);
  });

  /**
   * Register the service worker. Browsers wait for its script as long as the host keeps silent; if the host
   * answers after all, the registration goes on from there.
   */
  async function register() {
    const registering = withFreshScript(
      scriptUrl,
      () => container.register(url, { scope: './', updateViaCache: 'none' }),
      fetch,
    );
    try {
      return await within(registering, REGISTER_MS);
    } catch (error) {
      if (error instanceof Late) {
        registering.then(
          (registration) => (signal?.aborted ? endRegistration(registration) : prepare(true)),
          () => {},
        );
      }
      throw error;
    }
  }

  /**
   * @param {ServiceWorkerRegistration} registration
   * @returns {Promise<ServiceWorker | null>} null for none, also where it no longer answers
   */
  async function workerOf(registration) {
    /** @type {() => void} */
    let giveUp = () => {};
    /** @type {Promise<null>} */
    const silence = new Promise((resolve) => {
      giveUp = () => resolve(null);
    });
    const watch = createWatch(REPLY_MS, giveUp);
    onSign = watch.sign;
    watch.sign();
    try {
      return await Promise.race([activeWorker(registration, watch.sign), silence]);
    } finally {
      onSign = () => {};
      watch.stop();
    }
  }

  /** @returns {Promise<Attempt>} */
  async function attempt() {
    installFailure = null;
    let registration;
    try {
      registration = await register();
    } catch (error) {
      const reason = blocked() ? 'blocked' : 'registration-failed';
      return { state: 'failed', reason, detail: String(error) };
    }
    if (signal?.aborted) {
      await endRegistration(registration);
      return last;
    }
    scope = registration.scope;
    updates.watch(registration);
    await loaded;
    quiet.sign();
    const worker = await workerOf(registration);
    if (!worker) return installFailure ?? failureOf({ detail: 'no service worker became active' });
    const status = await ask(worker, { type: 'status' });
    if (status.withdrawn) return failureOf({ reason: 'withdrawn' });
    const missing = status.ready ? [] : ['core'];
    const lacking = status.extras === false ? ['extras'] : [];
    if (group && !status.groups.includes(group)) (compiles ? lacking : missing).push(group);
    for (const name of missing) {
      const done = await ask(worker, { type: 'precache-group', group: name });
      if (!done.ok) return failureOf(done);
    }
    return { state: 'ready', worker, lacking };
  }

  /**
   * Try to get ready; only the latest of several attempts counts.
   *
   * @param {boolean} [silent] nothing is said before there is something new
   */
  async function prepare(silent = false) {
    // What was withdrawn is not registered again.
    if (signal?.aborted || last.reason === 'withdrawn') return;
    clearTimeout(again);
    latest += 1;
    const mine = latest;
    const overtaken = () => mine !== latest || signal?.aborted;
    if (!silent) show({ state: 'pending' });
    const { worker, lacking = [], ...outcome } = await attempt().catch(failedAttempt);
    if (overtaken()) return;
    decided = true;
    if (outcome.state === 'ready') outcome.extras = lacking.length ? 'pending' : 'ready';
    showIfNew(outcome);
    if (worker && lacking.length) {
      const extras = await extrasBrought(worker, lacking);
      if (overtaken()) return;
      showIfNew({ ...outcome, extras });
    }
    if (last.state === 'failed' || last.extras === 'failed') tryAgainLater();
    else failures = 0;
  }

  function tryAgainLater() {
    if (FINAL.has(last.reason ?? '')) return;
    again = setTimeout(() => prepare(true), AGAIN_MS * 2 ** Math.min(failures, 4));
    failures += 1;
  }

  const first = updates.controlled() ? Promise.resolve() : loaded;
  first.then(() => prepare());
  keepChecking(() => (last.state === 'failed' ? prepare() : updates.look()));

  return {
    retry: () => prepare(),
    check: updates.check,
    async ensureBackend(backend) {
      // All others' files are on the device already.
      const onDemand = backendNamed(backend)?.offline === 'on-demand';
      const needed = onDemand ? groupOf(backend) : null;
      if (needed === group) return;
      group = needed;
      if (decided) await prepare(compiles);
    },
  };
}

/**
 * @param {ServiceWorker} worker
 * @param {string[]} groups
 * @returns {Promise<'ready' | 'failed'>}
 */
async function extrasBrought(worker, groups) {
  for (const group of groups) {
    const done = await ask(worker, { type: 'precache-group', group }).catch(() => ({ ok: false }));
    if (!done.ok) return 'failed';
  }
  return 'ready';
}

/**
 * @param {Message} message from the service worker
 * @returns {Failure}
 */
function failureOf({ reason = 'internal', file, detail }) {
  return { state: 'failed', reason, detail, ...(file === undefined ? {} : { file }) };
}

/**
 * @param {unknown} error
 * @returns {Attempt}
 */
function failedAttempt(error) {
  return failureOf({ detail: String(error) });
}
