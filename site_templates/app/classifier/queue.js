/** Runs jobs one after another. */
export class Queue {
  /** @type {Promise<unknown>} */
  #last = Promise.resolve();

  /**
   * @template T
   * @param {() => Promise<T>} job begins when all jobs before it are done or have failed
   * @returns {Promise<T>}
   */
  add(job) {
    const result = this.#last.then(job, job);
    this.#last = result;
    return result;
  }
}
