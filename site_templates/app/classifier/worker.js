/** The worker's entry: an engine that is called from the page. */
import { Engine } from './engine.js';
import { ClassifierError } from './errors.js';
import { relayedFetch } from './relay.js';
import { serve } from './rpc.js';

/** @typedef {import('./engine.js').Photo} Photo */

/** @type {Promise<Engine> | undefined} */
let engine;
const relay = relayedFetch();

// Modules that `load` will want, where page/startup/early-worker.js started this worker; `load` reports it if
// one fails.
const { name = '' } = /** @type {{name?: string}} */ (globalThis);
for (const url of name.match(/\S+/g) ?? []) import(url).catch(() => {});

/** @returns {Promise<Engine>} */
function loaded() {
  return engine ?? Promise.reject(new ClassifierError('internal', 'The model is not loaded.'));
}

/**
 * Answer, and say which backend did: it may have changed meanwhile.
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
  /** Resolves once all of its modules are there. */
  async hello() {},
  /** Files are being passed on that `load` will want. */
  async expect(_context, /** @type {{url: string, port: MessagePort}[]} */ ...files) {
    for (const { url, port } of files) relay.expect(url, port);
  },
  async load({ progress }, /** @type {import('./engine.js').EngineOptions} */ options) {
    if (typeof OffscreenCanvas === 'undefined') {
      throw new ClassifierError('no-backend', 'This browser cannot read photos in a worker.');
    }
    engine = Engine.load(options, progress, { means: { fetch: relay.fetch } });
    const { metadata, backend, variant } = await engine.finally(relay.end);
    return { metadata, backend, variant };
  },
  classify: (
    { signal },
    /** @type {Photo} */ source,
    /** @type {{topK?: number, grayscale?: boolean, frame?: boolean}} */ options,
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
  alternatives: () => answer((current) => current.alternatives()),
  trial: () => answer((current) => current.trial()),
};

serve(/** @type {import('./rpc.js').Port} */ (/** @type {unknown} */ (self)), methods);
