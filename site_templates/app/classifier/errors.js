/**
 * What may go wrong, as a code for programs and a sentence for people.
 *
 * @typedef {'not-an-image' | 'unsupported-format' | 'image-too-large' | 'invalid-argument'
 *   | 'model-unreachable' | 'model-damaged' | 'no-backend' | 'aborted' | 'internal'
 *   | 'module-lost'} ErrorCode `module-lost`: code of the classifier did not arrive; a new worker may get it.
 *   Not part of the public API: see `publicError`
 */

/** The one error that the classifier throws. */
export class ClassifierError extends Error {
  /**
   * @param {ErrorCode} code what kind of trouble it is
   * @param {string} message one or two sentences for people
   * @param {ErrorOptions} [options] the error that caused it
   */
  constructor(code, message, options) {
    super(message, options);
    this.name = 'ClassifierError';
    /** @type {ErrorCode} */
    this.code = code;
  }
}

/**
 * Return `error` itself where it is a ClassifierError, else wrap it as one.
 *
 * @param {unknown} error
 * @param {ErrorCode} [code]
 * @param {string} [prefix] says what was being done, without a full stop
 * @returns {ClassifierError}
 */
export function asClassifierError(error, code = 'internal', prefix = 'The classifier failed') {
  if (error instanceof ClassifierError) return error;
  return new ClassifierError(code, `${prefix}: ${describe(error)}`, { cause: error });
}

/**
 * Return an error as others may see it.
 *
 * @param {unknown} error
 * @returns {unknown}
 */
export function publicError(error) {
  if (!(error instanceof ClassifierError && error.code === 'module-lost')) return error;
  return new ClassifierError('model-unreachable', error.message, { cause: error });
}

/**
 * Return an error's text. TF.js's WASM backend rejects with a plain `{message}`.
 *
 * @param {unknown} error
 * @returns {string}
 */
export function describe(error) {
  const message = /** @type {{message?: unknown} | null | undefined} */ (error)?.message;
  return typeof message === 'string' && message !== '' ? message : String(error);
}

/**
 * Throw the `aborted` error if `signal` has been aborted.
 *
 * @param {AbortSignal | undefined} signal
 */
export function throwIfAborted(signal) {
  if (signal?.aborted) throw new ClassifierError('aborted', 'The classification was cancelled.');
}
