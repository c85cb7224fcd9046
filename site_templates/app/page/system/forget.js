/**
 * Takes the app off a device: what it kept, and nothing of another app on the same origin. All its names
 * carry the path of its root.
 */

/**
 * Unregister the service worker of the app.
 *
 * @param {Pick<ServiceWorkerContainer, 'getRegistration'>} container
 * @param {string} root absolute URL of the app's root
 */
export async function forgetWorker(container, root) {
  const registration = await container.getRegistration(root);
  // An app in a parent folder is another app.
  if (registration?.scope === root) await endRegistration(registration);
}

/**
 * Unregister a service worker. A version that is being installed is told to stop: the browser lets it
 * finish first, and it would go on downloading and keeping.
 *
 * @param {ServiceWorkerRegistration} registration
 */
export async function endRegistration(registration) {
  const end = () => {
    const { installing, waiting, active } = registration;
    for (const worker of [installing, waiting, active]) worker?.postMessage({ type: 'end' });
  };
  registration.addEventListener('updatefound', end);
  end();
  await registration.unregister();
}

/**
 * Delete the settings and the history of the app.
 *
 * @param {Storage} storage
 * @param {Pick<IDBFactory, 'deleteDatabase'>} databases
 * @param {string} root absolute URL of the app's root
 */
export function forgetChoices(storage, databases, root) {
  const prefix = `classifier-pwa|${new URL(root).pathname}|`;
  for (const key of Object.keys(storage)) {
    if (key.startsWith(prefix)) storage.removeItem(key);
  }
  databases.deleteDatabase(`${prefix}history`);
}
