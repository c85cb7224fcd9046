import { throwIfAborted } from './errors.js';

/** Runs jobs one after another; a job that is cancelled before its turn is not begun. */
export class Queue {
  /** @type {Promise<unknown>} */
  #last = Promise.resolve();

  /**
   * @template T
   * @param {() => Promise<T>} job
   * @param {AbortSignal} [signal]
   * @returns {Promise<T>}
   */
  add(job, signal) {
    const turn = async () => {
      throwIfAborted(signal);
      return job();
    };
    const result = this.#last.then(turn, turn);
    this.#last = result;
    return result;
  }
}
