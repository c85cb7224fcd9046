import { ClassifierError, asClassifierError } from './errors.js';

/**
 * Calls between threads, over a Worker, a worker's own scope, or a MessagePort.
 *
 * @typedef {Pick<MessagePort, 'postMessage' | 'addEventListener'>} Port
 */

/**
 * @typedef {{id: number, method: string, args: unknown[]}} Call
 * @typedef {{abort: number}} Abort
 * @typedef {{id: number, progress: unknown} | {id: number, result: unknown}
 *   | {id: number, error: {code: import('./errors.js').ErrorCode, message: string}}} Reply
 */

/**
 * @typedef {object} CallContext
 * @property {AbortSignal} signal aborted when the caller gives up
 * @property {(progress: unknown) => void} progress reports to the caller how far it is
 */

/**
 * Answer calls that come over `port`.
 *
 * @param {Port} port
 * @param {Record<string, (context: CallContext, ...args: any[]) => Promise<unknown>>} methods
 */
export function serve(port, methods) {
  /** @type {Map<number, AbortController>} */
  const running = new Map();
  const reply = (/** @type {Reply} */ message) => port.postMessage(message);

  const answer = async (/** @type {Call} */ { id, method, args }) => {
    const controller = new AbortController();
    running.set(id, controller);
    const progress = (/** @type {unknown} */ value) => reply({ id, progress: value });
    try {
      reply({
        id,
        result: await methods[method]({ signal: controller.signal, progress }, ...args),
      });
    } catch (error) {
      const { code, message } = asClassifierError(error);
      reply({ id, error: { code, message } });
    } finally {
      running.delete(id);
    }
  };

  port.addEventListener('message', (event) => {
    /** @type {Call | Abort} */
    const message = event.data;
    if ('abort' in message) running.get(message.abort)?.abort();
    else answer(message);
  });
}

/**
 * @typedef {object} Pending
 * @property {(value: any) => void} resolve
 * @property {(error: ClassifierError) => void} reject
 * @property {((progress: any) => void) | undefined} onProgress
 */

/** The calling side. */
export class Caller {
  #port;
  #lastId = 0;
  /** @type {Map<number, Pending>} */
  #pending = new Map();
  /** @type {ClassifierError | null} */
  #failure = null;

  /** Whether the other side is gone. */
  get failed() {
    return this.#failure !== null;
  }

  /** @param {Port} port */
  constructor(port) {
    this.#port = port;
    port.addEventListener('message', (event) => this.#receive(event.data));
  }

  /**
   * Call a method of the other side.
   *
   * @param {string} method
   * @param {unknown[]} args
   * @param {object} [options]
   * @param {Transferable[]} [options.transfer] objects that move over instead of being copied
   * @param {AbortSignal} [options.signal] rejects at once and notifies the other side
   * @param {(progress: any) => void} [options.onProgress]
   * @returns {Promise<any>}
   */
  call(method, args, { transfer = [], signal, onProgress } = {}) {
    if (this.#failure) return Promise.reject(this.#failure);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.#port.postMessage({ abort: id });
        this.#settle(id)?.reject(new ClassifierError('aborted', 'The call was cancelled.'));
      };
      const done = () => signal?.removeEventListener('abort', abort);
      this.#pending.set(id, {
        resolve: (value) => (done(), resolve(value)),
        reject: (error) => (done(), reject(error)),
        onProgress,
      });
      this.#port.postMessage({ id, method, args }, transfer);
      if (signal?.aborted) abort();
      else signal?.addEventListener('abort', abort);
    });
  }

  /**
   * Give up: the other side is gone. All calls, pending and future, reject with `error`.
   *
   * @param {ClassifierError} error
   */
  fail(error) {
    this.#failure ??= error;
    for (const id of [...this.#pending.keys()]) this.#settle(id)?.reject(error);
  }

  /** @param {Reply} reply */
  #receive(reply) {
    if ('progress' in reply) this.#pending.get(reply.id)?.onProgress?.(reply.progress);
    else if ('error' in reply) {
      const { code, message } = reply.error;
      this.#settle(reply.id)?.reject(new ClassifierError(code, message));
    } else this.#settle(reply.id)?.resolve(reply.result);
  }

  /** @param {number} id */
  #settle(id) {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }
}
