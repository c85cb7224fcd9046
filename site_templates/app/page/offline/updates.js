/** Updates of the app: noticed, offered, and loaded only when the person agrees. */

import { REGISTER_MS } from '../../shared/page-timeouts.js';
import { within } from '../deadlines.js';
import { withFreshScript } from './fresh-script.js';

/** @typedef {'newest' | 'found' | 'failed'} Check `found`: a new version is here, and waits */

/**
 * Notice updates, and reload when the person has accepted one.
 *
 * @param {object} parts
 * @param {ServiceWorkerContainer} parts.container
 * @param {string} parts.scriptUrl absolute
 * @param {(applyUpdate: () => void) => void} parts.onUpdate
 * @param {() => void} parts.reload
 * @param {() => Promise<void>} parts.whenIdle resolves once no photo is being looked at
 * @param {typeof globalThis.fetch} parts.fetch
 */
export function followUpdates({ container, scriptUrl, onUpdate, reload, whenIdle, fetch }) {
  // An app in a parent folder may control this page until its own service worker is there.
  const controlled = () => container.controller?.scriptURL === scriptUrl;
  let wasControlled = controlled();
  let accepted = false;
  // The registration may be late in telling that the worker which waited now controls this page.
  let changed = false;
  /** @type {ServiceWorkerRegistration | null} */
  let watched = null;

  async function applyUpdate() {
    if (accepted) return;
    accepted = true;
    // The person still sees the answer that is being computed.
    await whenIdle();
    const waiting = changed ? null : watched?.waiting;
    if (waiting) waiting.postMessage({ type: 'skip-waiting' });
    // Accepted in another tab already, or by itself: all that is left is to load it.
    else reload();
  }

  const look = () =>
    within(
      withFreshScript(scriptUrl, async () => watched?.update(), fetch),
      REGISTER_MS,
    );

  container.addEventListener('controllerchange', () => {
    if (accepted) reload();
    // Another tab accepted the update. Here the old code goes on until this tab's person agrees.
    else if (wasControlled) {
      changed = true;
      onUpdate(applyUpdate);
    }
    wasControlled = controlled();
  });

  /** @param {ServiceWorker | null} worker */
  function announceWhenInstalled(worker) {
    worker?.addEventListener('statechange', () => {
      if (worker.state === 'installed' && watched?.active) onUpdate(applyUpdate);
    });
  }

  return {
    controlled,
    /** Ask the host for a new version; rejects where it keeps silent. */
    look,
    /** Ask the host for a new version, and wait for it. @returns {Promise<Check>} */
    async check() {
      try {
        await look();
      } catch {
        return 'failed';
      }
      const worker = watched?.installing;
      if (worker) await settled(worker);
      if (watched?.waiting) return 'found';
      return watched && !worker ? 'newest' : 'failed';
    },
    /** @param {ServiceWorkerRegistration} registration */
    watch(registration) {
      if (watched === registration) return;
      watched = registration;
      if (registration.waiting && registration.active) onUpdate(applyUpdate);
      announceWhenInstalled(registration.installing);
      registration.addEventListener('updatefound', () =>
        announceWhenInstalled(registration.installing),
      );
    },
  };
}

/**
 * @param {ServiceWorker} worker
 * @returns {Promise<void>} resolves when it is installed, or could not be
 */
function settled(worker) {
  return new Promise((resolve) => {
    worker.addEventListener('statechange', () => {
      if (worker.state !== 'installing') resolve();
    });
  });
}
