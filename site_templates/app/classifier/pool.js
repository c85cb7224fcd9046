import { Channel } from './channel.js';
import { ClassifierError, asClassifierError, throwIfAborted } from './errors.js';
import { backendNamed } from '../shared/backends.js';

/** @typedef {import('../classifier.js').Classifier} Classifier */
/** @typedef {import('../classifier.js').LoadOptions} LoadOptions */
/** @typedef {import('../classifier.js').Source} Source */

/**
 * The outcome for one photo of many: a classification or an error.
 *
 * @typedef {object} Outcome
 * @property {number} index place of the photo among the sources, from 0
 * @property {Source} source
 * @property {import('./types.js').Classification} [classification]
 * @property {ClassifierError} [error] why this photo has none; the others are not touched by it
 */

/**
 * Loads one more worker. Called once to begin with, and again for each further one with the backend
 * that the first runs on.
 *
 * @typedef {(options: Pick<LoadOptions, 'backend' | 'onProgress'>) => Promise<Classifier>} LoadWorker
 */

/** A photo waits at each worker while another is being answered, so that no worker ever pauses. */
const PHOTOS_A_WORKER = 2;

/** Several classifiers, each in a worker of its own: together they use all cores. */
export class ClassifierPool {
  #first;
  /** @type {Promise<Classifier | null>[]} */
  #members;
  /** @type {Set<() => void>} ends what is in progress */
  #running = new Set();
  #disposed = false;

  /**
   * Use `Classifier.loadPool`.
   *
   * @param {Classifier} first
   * @param {Promise<Classifier>[]} others may still be loading
   */
  constructor(first, others) {
    this.#first = first;
    // Where memory does not suffice for another worker, the others go on without it.
    const joined = others.map((other) => other.catch(() => null));
    this.#members = [Promise.resolve(first), ...joined];
  }

  /**
   * Load one worker, and the others in the background: by then model and runtime are in the HTTP
   * cache or the service worker's, so that they travel once.
   *
   * @param {LoadWorker} loadWorker
   * @param {{workers?: number, onProgress?: import('./types.js').OnProgress}} [options]
   * @param {Parameters<typeof poolSize>[1]} [device]
   * @returns {Promise<ClassifierPool>} ready to answer
   * @throws {ClassifierError} as `Classifier.load`
   */
  static async load(loadWorker, { workers, onProgress } = {}, device = navigator) {
    const first = await loadWorker({ onProgress });
    const backend = /** @type {NonNullable<LoadOptions['backend']>} */ (first.backend);
    const others = (workers ?? poolSize(backend, device)) - 1;
    return new ClassifierPool(
      first,
      Array.from({ length: others }, () => loadWorker({ backend })),
    );
  }

  /** What is known of the model. */
  get metadata() {
    return this.#first.metadata;
  }

  /** The TF.js backend in use. */
  get backend() {
    return this.#first.backend;
  }

  /** @returns {Promise<number>} workers, once all have been loaded or have failed to */
  async size() {
    return (await this.#loaded()).length;
  }

  /**
   * Say what many photos show, in the order in which answers come.
   *
   * A source is asked for only when a worker has room for it, and no more are in progress than the
   * workers can answer while you look at an outcome: however many there are, few are in memory. An
   * `ImageBitmap` moves to the worker and is closed there; nothing else is changed. Leave the loop to
   * stop.
   *
   * @param {Iterable<Source> | AsyncIterable<Source>} sources may be endless
   * @param {{topK?: number, signal?: AbortSignal, grayscale?: boolean}} [options] as `Classifier.classify`
   * @returns {AsyncGenerator<Outcome, void, void>}
   * @throws {ClassifierError} aborted; and whatever `sources` throws
   */
  async *classifyAll(sources, { topK, signal, grayscale } = {}) {
    throwIfAborted(signal);
    if (this.#disposed) throw new ClassifierError('aborted', 'The classifiers were disposed of.');
    /** @type {Channel<Outcome>} */
    const outcomes = new Channel();
    const controller = new AbortController();
    const abort = () => {
      controller.abort();
      outcomes.fail(new ClassifierError('aborted', 'The classification was cancelled.'));
    };
    signal?.addEventListener('abort', abort);
    this.#running.add(abort);
    const photos = numbered(sources);
    try {
      this.#work(photos, outcomes, { topK, signal: controller.signal, grayscale });
      for (let next = await outcomes.take(); next; next = await outcomes.take()) yield next.value;
    } finally {
      signal?.removeEventListener('abort', abort);
      this.#running.delete(abort);
      abort();
      // Not awaited: a source that is slow may never come.
      photos.return().catch(() => {});
    }
  }

  /** @returns {Promise<{numTensors: number, numBytes: number}>} what TF.js holds in all workers */
  async memory() {
    const all = await Promise.all((await this.#loaded()).map((member) => member.memory()));
    return {
      numTensors: all.reduce((sum, { numTensors }) => sum + numTensors, 0),
      numBytes: all.reduce((sum, { numBytes }) => sum + numBytes, 0),
    };
  }

  /** Free all workers; what is in progress is aborted. @returns {Promise<void>} */
  async dispose() {
    this.#disposed = true;
    for (const abort of this.#running) abort();
    await Promise.all(this.#members.map(async (member) => (await member)?.dispose()));
  }

  /**
   * Have every worker answer photos as soon as it is loaded, until there are no more.
   *
   * @param {AsyncGenerator<{index: number, source: Source}, void, void>} photos
   * @param {Channel<Outcome>} outcomes
   * @param {{topK?: number, signal: AbortSignal, grayscale?: boolean}} options
   */
  #work(photos, outcomes, options) {
    const { signal } = options;
    let inProgress = 0;
    let exhausted = false;
    const lane = async (/** @type {Classifier} */ classifier) => {
      while (!signal.aborted && !exhausted) {
        const { done, value } = await photos.next();
        exhausted ||= done === true;
        if (value && !signal.aborted) {
          inProgress++;
          await outcomes.put(await answer(classifier, value, options));
          inProgress--;
        }
      }
      // A worker that is still loading isn't waited for.
      if (exhausted && inProgress === 0) outcomes.close();
    };
    for (const member of this.#members) {
      member.then(async (classifier) => {
        if (classifier === null) return;
        const lanes = Array.from({ length: PHOTOS_A_WORKER }, () => lane(classifier));
        await Promise.all(lanes).catch((error) => outcomes.fail(error));
      });
    }
  }

  async #loaded() {
    const members = await Promise.all(this.#members);
    return members.filter((member) => member !== null);
  }
}

/**
 * Number photos as they are asked for, one after another.
 *
 * @param {Iterable<Source> | AsyncIterable<Source>} sources
 */
async function* numbered(sources) {
  let index = 0;
  for await (const source of sources) yield { index: index++, source };
}

/**
 * @param {Classifier} classifier
 * @param {{index: number, source: Source}} photo
 * @param {{topK?: number, signal: AbortSignal, grayscale?: boolean}} options
 * @returns {Promise<Outcome>}
 */
async function answer(classifier, { index, source }, options) {
  try {
    const classification = await classifier.classify(source, { ...options, transfer: true });
    return { index, source, classification };
  } catch (error) {
    return { index, source, error: asClassifierError(error) };
  }
}

/**
 * Beyond this, memory and memory bandwidth run out before the cores do.
 */
const MOST = 8;

/** Assumed of browsers that do not say how much memory there is, GiB. */
const USUAL_MEMORY = 4;

/** On a GPU one worker decodes photos while the other computes; more would share the one GPU. */
const ON_A_GPU = 2;

/**
 * Say how many workers answer photos the fastest: one a core where the CPU computes, as long as each
 * has a gigabyte of the device's memory (it takes about a tenth of that).
 *
 * @param {string} backend its name
 * @param {{hardwareConcurrency?: number, deviceMemory?: number}} device cores, and GiB up to 8;
 *   `navigator` is one
 * @returns {number} ≥ 1
 */
export function poolSize(backend, { hardwareConcurrency = 1, deviceMemory = USUAL_MEMORY }) {
  const most = backendNamed(backend)?.device === 'graphics' ? ON_A_GPU : MOST;
  return Math.max(1, Math.min(hardwareConcurrency, Math.floor(deviceMemory), most));
}
