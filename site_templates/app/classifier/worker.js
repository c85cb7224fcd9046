/** The worker's entry: an engine that is called from the page. */
import { Engine } from './engine.js';
import { ClassifierError } from './errors.js';
import { relayedFetch } from './relay.js';
import { serve } from './rpc.js';

/** @typedef {import('./engine.js').Photo} Photo */

/** @type {Promise<Engine> | undefined} */
let engine;

/** @returns {Promise<Engine>} */
function loaded() {
  return engine ?? Promise.reject(new ClassifierError('internal', 'The model is not loaded.'));
}

/**
 * Answer, and tell which backend did: it may have changed on the way.
 *
 * @template T
 * @param {(engine: Engine) => Promise<T>} job
 * @returns {Promise<{value: T, backend: string}>}
 */
async function answer(job) {
  const current = await loaded();
  return { value: await job(current), backend: current.backend };
}

/** @type {Parameters<typeof serve>[1]} */
const methods = {
  async load(
    { progress },
    /** @type {import('./engine.js').EngineOptions} */ options,
    /** @type {{port: MessagePort, urls: string[]}} */ relay,
  ) {
    if (typeof OffscreenCanvas === 'undefined') {
      throw new ClassifierError('no-backend', 'This browser cannot read photos in a worker.');
    }
    const { fetch, end } = relayedFetch(relay.port, relay.urls);
    engine = Engine.load(options, progress, { means: { fetch } });
    // What is loaded later, the page no longer waits to be asked for.
    const { metadata, backend, way, rivals } = await engine.finally(end);
    return { metadata, backend, way, rivals };
  },
  classify: (
    { signal },
    /** @type {Photo} */ source,
    /** @type {{topK?: number, grayscale?: boolean}} */ options,
  ) => answer((current) => current.classify(source, { ...options, signal })),
  embed: ({ signal }, /** @type {Photo} */ source, /** @type {{grayscale?: boolean}} */ options) =>
    answer((current) => current.embed(source, { ...options, signal })),
  explain: (
    { signal },
    /** @type {Photo} */ source,
    /** @type {number} */ classIndex,
    /** @type {{grayscale?: boolean}} */ options,
  ) => answer((current) => current.explain(source, classIndex, { ...options, signal })),
  memory: () => answer((current) => current.memory()),
  trial: () => answer((current) => current.trial()),
};

serve(/** @type {import('./rpc.js').Port} */ (/** @type {unknown} */ (self)), methods);
