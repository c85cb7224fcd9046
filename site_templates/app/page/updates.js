/** Updates of the app: noticed, offered, and loaded only when the person agrees. */

/**
 * Notice updates, and reload when the person has accepted one.
 *
 * @param {ServiceWorkerContainer} container
 * @param {string} scriptUrl absolute
 * @param {(applyUpdate: () => void) => void} onUpdate
 * @param {() => void} reload
 */
export function followUpdates(container, scriptUrl, onUpdate, reload) {
  // An app in a parent folder may control this page until its own service worker is there.
  const controlled = () => container.controller?.scriptURL === scriptUrl;
  let wasControlled = controlled();
  let accepted = false;
  /** @type {ServiceWorkerRegistration | null} */
  let watched = null;

  function applyUpdate() {
    if (accepted) return;
    accepted = true;
    const waiting = watched?.waiting;
    if (waiting) waiting.postMessage({ type: 'skip-waiting' });
    // Accepted in another tab already: all that is left is to load it.
    else reload();
  }

  container.addEventListener('controllerchange', () => {
    if (accepted) reload();
    // Another tab accepted the update. Here the old code goes on until this tab's person agrees.
    else if (wasControlled) onUpdate(applyUpdate);
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
