import { ClassifierError } from './errors.js';
import { Caller } from './rpc.js';

/** @typedef {import('./engine.js').Engine} Engine */
/** @typedef {import('./engine.js').Photo} Photo */

/**
 * Construct the module worker; throws where the app's files come from another origin.
 *
 * @returns {Worker}
 */
function createModuleWorker() {
  return new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
}

/**
 * An `Engine` in a worker of its own.
 *
 * @implements {Pick<Engine, 'classify' | 'embed' | 'explain' | 'memory' | 'dispose'>}
 */
export class RemoteEngine {
  #worker;
  #caller;

  /**
   * @param {Worker} worker
   * @param {Caller} caller
   * @param {{metadata: import('./types.js').Metadata, backend: string}} loaded
   */
  constructor(worker, caller, { metadata, backend }) {
    this.#worker = worker;
    this.#caller = caller;
    this.metadata = metadata;
    this.backend = backend;
  }

  /**
   * @param {import('./engine.js').EngineOptions} options
   * @param {import('./types.js').OnProgress} [onProgress]
   * @param {() => Worker} [createWorker]
   * @returns {Promise<RemoteEngine>}
   * @throws {ClassifierError} no-backend if there can be no worker, or none that runs the model
   */
  static async load(options, onProgress, createWorker = createModuleWorker) {
    /** @type {Worker} */
    let worker;
    try {
      worker = createWorker();
    } catch (cause) {
      throw new ClassifierError('no-backend', 'The worker cannot be constructed.', { cause });
    }
    const caller = new Caller(worker);
    // Also the answer of browsers without module workers: they fail at the first `import`.
    const lost = listenForLoss(worker, caller, 'no-backend', 'The worker does not start');
    try {
      const loaded = await caller.call('load', [options], { onProgress });
      lost.abort();
      listenForLoss(worker, caller, 'internal', 'The classifier has crashed');
      return new RemoteEngine(worker, caller, loaded);
    } catch (error) {
      worker.terminate();
      throw error;
    }
  }

  /** @type {Engine['classify']} */
  classify(source, { topK, signal } = {}) {
    return this.#call('classify', [source, topK], signal);
  }

  /** @type {Engine['embed']} */
  embed(source, { signal } = {}) {
    return this.#call('embed', [source], signal);
  }

  /** @type {Engine['explain']} */
  explain(source, classIndex, { signal } = {}) {
    return this.#call('explain', [source, classIndex], signal);
  }

  /** @type {Engine['memory']} */
  memory() {
    return this.#call('memory', []);
  }

  /** @type {Engine['dispose']} */
  async dispose() {
    this.#worker.terminate();
    this.#caller.fail(new ClassifierError('aborted', 'The classifier was disposed of.'));
  }

  /**
   * @param {string} method
   * @param {unknown[]} args a bitmap among them moves to the worker
   * @param {AbortSignal} [signal]
   */
  async #call(method, args, signal) {
    const transfer = args.filter((arg) => arg instanceof ImageBitmap);
    const { value, backend } = await this.#caller.call(method, args, { transfer, signal });
    this.backend = backend;
    return value;
  }
}

/**
 * Reject all calls once the worker is lost.
 *
 * @param {Worker} worker
 * @param {Caller} caller
 * @param {import('./errors.js').ErrorCode} code
 * @param {string} what without a full stop
 * @returns {AbortController} stops listening
 */
function listenForLoss(worker, caller, code, what) {
  const controller = new AbortController();
  const lose = (/** @type {Event} */ event) => {
    const { message } = /** @type {Partial<ErrorEvent>} */ (event);
    worker.terminate();
    caller.fail(new ClassifierError(code, message ? `${what}: ${message}` : `${what}.`));
  };
  worker.addEventListener('error', lose, { signal: controller.signal });
  worker.addEventListener('messageerror', lose, { signal: controller.signal });
  return controller;
}
