/**
 * Hands values from several producers to one consumer. A producer waits until its value has been
 * taken: nothing piles up while the consumer is busy.
 *
 * @template T
 */
export class Channel {
  /** @type {{value: T, taken: () => void}[]} */
  #offers = [];
  /** @type {(() => void) | null} */
  #wake = null;
  /** @type {{error?: unknown} | null} */
  #end = null;

  /**
   * @param {T} value
   * @returns {Promise<void>} resolves once the value has been taken, or never will be
   */
  put(value) {
    return new Promise((taken) => {
      if (this.#end) taken();
      else this.#offers.push({ value, taken });
      this.#wake?.();
    });
  }

  /** No value will follow; those that are offered can still be taken. */
  close() {
    this.#end ??= {};
    this.#wake?.();
  }

  /**
   * End now: values that are offered are dropped, and the consumer's next `take` rejects.
   *
   * @param {unknown} error
   */
  fail(error) {
    this.#end ??= { error };
    for (const { taken } of this.#offers.splice(0)) taken();
    this.#wake?.();
  }

  /**
   * @returns {Promise<{value: T} | null>} the next value; null when there are no more
   * @throws what `fail` was called with
   */
  async take() {
    while (this.#offers.length === 0 && this.#end === null) {
      await new Promise((resolve) => {
        this.#wake = () => resolve(undefined);
      });
    }
    const offer = this.#offers.shift();
    if (offer) {
      offer.taken();
      return { value: offer.value };
    }
    if (this.#end && 'error' in this.#end) throw this.#end.error;
    return null;
  }
}
