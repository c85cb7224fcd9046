import { trustedScriptUrl } from '../shared/trusted-scripts.js';
import { ClassifierError, publicError } from './errors.js';
import { renewModules } from './modules.js';
import { START_MS } from '../shared/page-timeouts.js';
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

/** @typedef {Omit<Loading, 'worker'> & {lost?: AbortSignal}} Connecting `lost`: its code is not the right one */

/**
 * A worker whose engine is loaded.
 *
 * @typedef {object} Connection
 * @property {Worker} worker
 * @property {Caller} caller
 * @property {{metadata: import('./types.js').Metadata, backend: string, variant: string}} loaded
 */

/**
 * An `Engine` in a worker of its own. A worker that crashed is replaced at the next call.
 *
 * @implements {Pick<Engine, 'classify' | 'embed' | 'explain' | 'memory' | 'alternatives' | 'trial' | 'dispose'>}
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
    this.variant = connection.loaded.variant;
  }

  /**
   * @param {import('./engine.js').EngineOptions} options
   * @param {Loading} [loading]
   * @param {() => Worker} [createWorker]
   * @param {(options: import('./engine.js').EngineOptions) => Promise<boolean>} [renew] as `renewModules`
   * @returns {Promise<RemoteEngine>}
   * @throws {ClassifierError} no-backend if there can be no worker, or none that runs the model
   */
  static async load(
    options,
    { worker, ...loading } = {},
    createWorker = createModuleWorker,
    renew = renewModules,
  ) {
    const { signal } = loading;
    const again = (/** @type {Connecting} */ connecting) =>
      connect(options, connecting, createWorker).catch((error) => {
        throw publicError(error);
      });
    const first = worker ? () => worker : createWorker;
    const connection =
      (await connectRightly(options, loading, first, renew)) ?? (await again(loading));
    return new RemoteEngine(connection, () => again({ signal }));
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

  /** @type {Engine['alternatives']} */
  alternatives() {
    return this.#call('alternatives', []);
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
 * Connect to a worker, and make sure that its code is right.
 *
 * @param {import('./engine.js').EngineOptions} options
 * @param {Omit<Loading, 'worker'>} loading
 * @param {() => Worker} createWorker
 * @param {(options: import('./engine.js').EngineOptions) => Promise<boolean>} renew
 * @returns {Promise<Connection | null>} null where it is worth another try: one of its modules did not
 *   come, or the browser's copy of one was wrong and is not any more
 * @throws {ClassifierError} as `RemoteEngine.load`
 */
async function connectRightly(options, loading, createWorker, renew) {
  const lost = new AbortController();
  // Where the files cannot be fetched, the worker itself reports that.
  const renewed = renew(options).catch(() => false);
  renewed.then((wrong) => wrong && lost.abort());
  try {
    const connection = await connect(options, { ...loading, lost: lost.signal }, createWorker);
    if (!(await renewed)) return connection;
    disconnect(connection);
  } catch (error) {
    const { code } = /** @type {ClassifierError} */ (error);
    if (code === 'aborted' || (code !== 'module-lost' && !(await renewed))) throw error;
  }
  return null;
}

/**
 * Start a worker and load the engine in it.
 *
 * @param {import('./engine.js').EngineOptions} options
 * @param {Connecting} loading
 * @param {() => Worker} createWorker
 * @returns {Promise<Connection>}
 * @throws {ClassifierError} as `RemoteEngine.load`, and module-lost
 */
async function connect(options, { onProgress, signal, lost }, createWorker) {
  /** @type {Worker} */
  let worker;
  try {
    worker = createWorker();
  } catch (cause) {
    throw new ClassifierError('no-backend', 'The worker cannot be constructed.', { cause });
  }
  const caller = new Caller(worker);
  // Also the answer of browsers without module workers: they fail at the first `import`.
  const listening = listenForLoss(worker, caller, 'no-backend', 'The worker does not start');
  const giveUp = () => caller.fail(new ClassifierError('module-lost', 'The worker lacks code.'));
  lost?.addEventListener('abort', giveUp);
  const timer = setTimeout(giveUp, START_MS);
  const stop = () => clearTimeout(timer);
  caller.call('hello', []).then(stop, stop);
  try {
    const loaded = await caller.call('load', [options], { onProgress, signal });
    listening.abort();
    listenForLoss(worker, caller, 'internal', 'The classifier has crashed');
    return { worker, caller, loaded };
  } catch (error) {
    worker.terminate();
    throw error;
  } finally {
    stop();
    lost?.removeEventListener('abort', giveUp);
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
