import { trustedScriptUrl } from '../trusted_scripts.js';
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
  const url = trustedScriptUrl(new URL('./worker.js', import.meta.url));
  return new Worker(url, { type: 'module' });
}

/**
 * @typedef {object} Loading
 * @property {import('./types.js').OnProgress} [onProgress]
 * @property {AbortSignal} [signal] ends it
 * @property {Worker} [worker] that runs worker.js already, else one is made
 */

/**
 * A worker whose engine is loaded.
 *
 * @typedef {object} Connection
 * @property {Worker} worker
 * @property {Caller} caller
 * @property {{metadata: import('./types.js').Metadata, backend: string, way: string}} loaded
 */

/**
 * An `Engine` in a worker of its own. A worker that crashed is replaced at the next call.
 *
 * @implements {Pick<Engine, 'classify' | 'embed' | 'explain' | 'memory' | 'rivals' | 'trial' | 'dispose'>}
 */
export class RemoteEngine {
  #connection;
  #reconnect;
  /** @type {Promise<Connection> | null} */
  #reconnecting = null;
  #disposed = false;

  /**
   * @param {Connection} connection
   * @param {() => Promise<Connection>} reconnect
   */
  constructor(connection, reconnect) {
    this.#connection = connection;
    this.#reconnect = reconnect;
    this.metadata = connection.loaded.metadata;
    this.backend = connection.loaded.backend;
    this.way = connection.loaded.way;
  }

  /**
   * @param {import('./engine.js').EngineOptions} options
   * @param {Loading} [loading]
   * @param {() => Worker} [createWorker]
   * @returns {Promise<RemoteEngine>}
   * @throws {ClassifierError} no-backend if there can be no worker, or none that runs the model
   */
  static async load(options, { worker, ...loading } = {}, createWorker = createModuleWorker) {
    const connection = await connect(options, loading, worker ? () => worker : createWorker);
    const { signal } = loading;
    return new RemoteEngine(connection, () => connect(options, { signal }, createWorker));
  }

  /** @type {Engine['classify']} */
  classify(source, { topK, signal, grayscale, frame } = {}) {
    return this.#call('classify', [source, { topK, grayscale, frame }], signal);
  }

  /** @type {Engine['embed']} */
  embed(source, { signal, grayscale } = {}) {
    return this.#call('embed', [source, { grayscale }], signal);
  }

  /** @type {Engine['explain']} */
  explain(source, classIndex, { signal, grayscale } = {}) {
    return this.#call('explain', [source, classIndex, { grayscale }], signal);
  }

  /** @type {Engine['memory']} */
  memory() {
    return this.#call('memory', []);
  }

  /** @type {Engine['rivals']} */
  rivals() {
    return this.#call('rivals', []);
  }

  /** @type {Engine['trial']} */
  trial() {
    return this.#call('trial', []);
  }

  /** @type {Engine['dispose']} */
  async dispose() {
    this.#disposed = true;
    disconnect(this.#connection);
  }

  /**
   * @param {string} method
   * @param {unknown[]} args a bitmap among them moves to the worker
   * @param {AbortSignal} [signal]
   */
  async #call(method, args, signal) {
    const transfer = args.filter((arg) => arg instanceof ImageBitmap);
    const caller = await this.#connected();
    const { value, backend } = await caller.call(method, args, { transfer, signal });
    this.backend = backend;
    return value;
  }

  /** @returns {Promise<Caller>} of a worker that is alive, unless the engine was disposed of */
  async #connected() {
    if (this.#connection.caller.failed && !this.#disposed) {
      this.#reconnecting ??= this.#reconnect().finally(() => {
        this.#reconnecting = null;
      });
      this.#connection = await this.#reconnecting;
      if (this.#disposed) disconnect(this.#connection);
    }
    return this.#connection.caller;
  }
}

/**
 * Start a worker and load the engine in it.
 *
 * @param {import('./engine.js').EngineOptions} options
 * @param {Omit<Loading, 'worker'>} loading
 * @param {() => Worker} createWorker
 * @returns {Promise<Connection>}
 * @throws {ClassifierError} as `RemoteEngine.load`
 */
async function connect(options, { onProgress, signal }, createWorker) {
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
    const loaded = await caller.call('load', [options], { onProgress, signal });
    lost.abort();
    listenForLoss(worker, caller, 'internal', 'The classifier has crashed');
    return { worker, caller, loaded };
  } catch (error) {
    worker.terminate();
    throw error;
  }
}

/** @param {Connection} connection */
function disconnect({ worker, caller }) {
  worker.terminate();
  caller.fail(new ClassifierError('aborted', 'The classifier was disposed of.'));
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
