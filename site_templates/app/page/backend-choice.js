/**
 * Finds the fastest backend on this device, once, and remembers it.
 *
 * @typedef {import('./types.js').Classifier} Classifier
 */

/** Milliseconds after an answer in which the person looks at it and the device has nothing to do. */
const PAUSE = 2000;

/**
 * @param {object} world
 * @param {Pick<ReturnType<typeof import('../shared/settings.js').createSettings>, 'get' | 'set'>} world.settings
 * @param {string} world.circumstances changes with all that a measurement depends on: model, runtime,
 *   browser
 * @param {(backend: string) => void} world.onBackend called with a new one
 * @param {() => Promise<void>} [world.idle] resolves when the device has nothing to do
 * @param {() => boolean} [world.mayFetch] whether the runtime's other files may be fetched
 */
export function createBackendChoice({
  settings,
  circumstances,
  onBackend,
  idle = untilIdle,
  mayFetch = networkIsFree,
}) {
  let begun = false;
  let measuring = false;
  const remembered = () => {
    const choice = settings.get('backend-choice');
    return choice?.circumstances === circumstances ? String(choice.variant) : undefined;
  };
  return {
    /** @returns {string | undefined} for `Classifier.load` */
    preferred: remembered,

    /** Whether the device is being measured: whatever else it does would be a part of the result. */
    get measuring() {
      return measuring;
    },

    /**
     * The page has its first answer, to a photo or to a live frame, or a further one.
     *
     * @param {Pick<Classifier, 'backend' | 'improve'>} classifier
     */
    async answered(classifier) {
      if (begun || remembered() !== undefined || !mayFetch()) return;
      begun = true;
      await idle();
      const { backend } = classifier;
      measuring = true;
      try {
        settings.set('backend-choice', { circumstances, variant: await classifier.improve() });
      } catch {
        // The present backend stays in use; the next visit tries again.
      }
      measuring = false;
      if (classifier.backend !== backend) onBackend(classifier.backend);
    },
  };
}

/** Without a network, a backend whose files are not here would count as one that does not work. */
function networkIsFree() {
  const { connection, onLine } = /** @type {Navigator & {connection?: {saveData?: boolean}}} */ (
    navigator
  );
  return onLine && connection?.saveData !== true;
}

/** @returns {Promise<void>} */
async function untilIdle() {
  await new Promise((resolve) => {
    setTimeout(resolve, PAUSE);
  });
  // Safari has no requestIdleCallback.
  await new Promise((resolve) => {
    if ('requestIdleCallback' in globalThis) requestIdleCallback(resolve);
    else setTimeout(resolve);
  });
}
