/** The worker's entry: an engine that is called from the page. */
import { Engine } from './engine.js';
import { ClassifierError } from './errors.js';
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
  async load({ progress }, /** @type {import('./engine.js').EngineOptions} */ options) {
    if (typeof OffscreenCanvas === 'undefined') {
      throw new ClassifierError('no-backend', 'This browser cannot read photos in a worker.');
    }
    engine = Engine.load(options, progress);
    const { metadata, backend } = await engine;
    return { metadata, backend };
  },
  classify: ({ signal }, /** @type {Photo} */ source, /** @type {number} */ topK) =>
    answer((current) => current.classify(source, { topK, signal })),
  embed: ({ signal }, /** @type {Photo} */ source) =>
    answer((current) => current.embed(source, { signal })),
  explain: ({ signal }, /** @type {Photo} */ source, /** @type {number} */ classIndex) =>
    answer((current) => current.explain(source, classIndex, { signal })),
  memory: () => answer((current) => current.memory()),
};

serve(/** @type {import('./rpc.js').Port} */ (/** @type {unknown} */ (self)), methods);
