/**
 * The classifier of a site built by classifier-pwa, for its own page and for any other:
 *
 *     import { Classifier } from 'https://example.org/app/<hash>/classifier.js';
 *     const classifier = await Classifier.load('https://example.org/');
 *     const { predictions } = await classifier.classify(file);
 */
import { fetchClassNames } from './shared/class-names.js';
import { copyPicture } from './classifier/bitmap.js';
import { ClassifierError, publicError } from './classifier/errors.js';
import { RemoteEngine } from './classifier/remote.js';
import { fetchSite, requireSite } from './classifier/site.js';

export { ClassifierError };

/**
 * A photo: a file, or anything that shows a picture. It is never changed, closed or consumed, unless
 * you say `transfer`.
 *
 * @typedef {Blob | ImageBitmap | ImageData | HTMLVideoElement | HTMLImageElement
 *   | HTMLCanvasElement | OffscreenCanvas} Source
 */

/**
 * @typedef {object} LoadOptions
 * @property {import('./classifier/types.js').SiteDescription} [site] the site description, else `site.json` of
 *   the site is fetched
 * @property {import('./shared/backends.js').BackendName} [backend] only this one, else the best that works
 * @property {string} [preferred] the backend that `improve` found to be the fastest
 * @property {boolean | Worker} [worker] false computes in the page's own thread, for debugging; a worker
 *   that runs `classifier/worker.js` already is taken over
 * @property {import('./classifier/types.js').OnProgress} [onProgress] bytes of model and runtime
 * @property {AbortSignal} [signal] ends the loading, also what `improve` would load later
 */

/** A loaded model that is ready to answer. */
export class Classifier {
  #engine;
  #open;
  #fetchNames;
  /** @type {Map<string, Promise<Map<string, string>>>} by language */
  #names = new Map();
  #disposed = false;
  /** @type {Set<Promise<unknown>>} */
  #inProgress = new Set();

  /**
   * Use `Classifier.load`.
   *
   * @param {import('./classifier/engine.js').Engine | RemoteEngine} engine
   * @param {(language: string) => Promise<import('./shared/class-names.js').ClassNames>} fetchNames
   * @param {(variant: string) => Promise<RemoteEngine>} [open] runs the model on another backend, beside this one
   */
  constructor(engine, fetchNames, open) {
    this.#engine = engine;
    this.#fetchNames = fetchNames;
    this.#open = open;
  }

  /**
   * Load the model of a site and warm it up. A failed load leaves nothing behind: try again.
   *
   * @param {string | URL} baseUrl the site's root, the folder of its `index.html`
   * @param {LoadOptions} [options]
   * @returns {Promise<Classifier>}
   * @throws {ClassifierError} model-unreachable, model-damaged, no-backend, aborted
   */
  static async load(baseUrl, { site, backend, preferred, worker = true, onProgress, signal } = {}) {
    const base = new URL('./', new URL(baseUrl, globalThis.location?.href)).href;
    const description = site ?? (await fetchSite(base));
    requireSite(description, 'The option `site`');
    const { runtime, model, files, workerModules, excluded } = description;
    const needed = { runtime, model, files, workerModules, excluded };
    const options = { base, site: needed, backend, preferred };
    const fetchNames = (/** @type {string} */ language) =>
      fetchClassNames(description, base, language);
    if (worker) {
      try {
        const started = worker === true ? undefined : worker;
        const engine = await RemoteEngine.load(options, { onProgress, signal, worker: started });
        const open = (/** @type {string} */ variant) =>
          RemoteEngine.load({ ...options, backend: variant }, { signal });
        return new Classifier(engine, fetchNames, open);
      } catch (error) {
        if (!(error instanceof ClassifierError && error.code === 'no-backend')) throw error;
      }
    }
    try {
      const { Engine } = await import('./classifier/engine.js');
      const engine = await Engine.load(options, onProgress, { means: { signal } });
      return new Classifier(engine, fetchNames);
    } catch (error) {
      throw publicError(error);
    }
  }

  /**
   * Load the model in as many workers as use all cores, for many photos in a row. It resolves when
   * the first worker is ready; the others join as they come.
   *
   *     const pool = await Classifier.loadPool(base);
   *     for await (const { index, classification, error } of pool.classifyAll(files)) …
   *
   * @param {string | URL} baseUrl as `load`
   * @param {Omit<LoadOptions, 'worker'> & {workers?: number}} [options] `workers`: how many, else as
   *   many as suit the device
   * @returns {Promise<import('./classifier/pool.js').ClassifierPool>}
   * @throws {ClassifierError} as `load`
   */
  static async loadPool(baseUrl, { workers, onProgress, ...options } = {}) {
    const { ClassifierPool } = await import('./classifier/pool.js');
    const loadWorker = (/** @type {LoadOptions} */ more) =>
      Classifier.load(baseUrl, { ...options, ...more });
    return ClassifierPool.load(loadWorker, { workers, onProgress });
  }

  /** What is known of the model. */
  get metadata() {
    return this.#engine.metadata;
  }

  /** The classes' names in the model, by class index. */
  get labels() {
    return this.#engine.metadata.labels;
  }

  /** The TF.js backend in use; it may change when a GPU fails. */
  get backend() {
    return this.#engine.backend;
  }

  /**
   * Say what a photo shows.
   *
   * @param {Source} source
   * @param {{topK?: number, signal?: AbortSignal, transfer?: boolean, grayscale?: boolean, language?: string}}
   *   [options] `topK`: how many predictions, ≥ 1; `grayscale`: look only at luminance; `language`: a BCP 47
   *   tag; classes get their names in that language where the site has some, else those in the model;
   *   `transfer`: an ImageBitmap moves to the worker and is closed there, which saves a copy
   * @returns {Promise<import('./classifier/types.js').Classification>}
   * @throws {ClassifierError} not-an-image, unsupported-format, image-too-large, aborted, internal
   */
  async classify(source, { topK = 5, signal, transfer = false, grayscale, language } = {}) {
    if (!Number.isInteger(topK) || topK < 1) {
      throw new ClassifierError('invalid-argument', `topK is ${topK}, not an integer ≥ 1.`);
    }
    const photo = await ownPhoto(source, transfer);
    const named = language ? this.#namesIn(language) : new Map();
    const frame = isVideo(source);
    const answer = await this.#use((engine) =>
      engine.classify(photo, { topK, signal, grayscale, frame }),
    );
    return withNames(answer, await named);
  }

  /**
   * Compute the vector before the classifier layer, by which photos can be compared.
   *
   * @param {Source} source
   * @param {{signal?: AbortSignal, grayscale?: boolean}} [options] as `classify`
   * @returns {Promise<Float32Array>} `metadata.outputs.embedding` numbers
   * @throws {ClassifierError} as `classify`; invalid-argument where that is null: the model has none
   */
  async embed(source, { signal, grayscale } = {}) {
    const photo = await ownPhoto(source);
    return this.#use((engine) => engine.embed(photo, { signal, grayscale }));
  }

  /**
   * Return where the evidence for one class lies in the part of the photo that the network sees.
   *
   * @param {Source} source
   * @param {number} classIndex 0 ≤ index < number of classes
   * @param {{signal?: AbortSignal, grayscale?: boolean}} [options] as `classify`
   * @returns {Promise<import('./classifier/types.js').ClassActivationMap>}
   * @throws {ClassifierError} as `classify`
   */
  async explain(source, classIndex, { signal, grayscale } = {}) {
    if (!(classIndex in this.labels)) {
      const { length } = this.labels;
      throw new ClassifierError(
        'invalid-argument',
        `classIndex is ${classIndex}, not an integer from 0 to ${length - 1}.`,
      );
    }
    const photo = await ownPhoto(source);
    return this.#use((engine) => engine.explain(photo, classIndex, { signal, grayscale }));
  }

  /**
   * Measure what else this device can run the model on, GPUs and several threads, and change to the
   * fastest that answers rightly. Photos are answered meanwhile. It takes seconds and may fetch more of
   * the runtime: call it when the device has nothing else to do, and keep the result.
   *
   * @param {{signal?: AbortSignal}} [options]
   * @returns {Promise<string>} the backend in use from now on with its number of threads ("wasm:4"), for the
   *   option `preferred` of the next `load`
   */
  async improve({ signal } = {}) {
    const present = this.#engine;
    const alternatives = this.#open ? await present.alternatives() : [];
    if (this.#open && alternatives.length > 0) {
      const { fastest } = await import('./classifier/trials.js');
      const { engine } = await fastest(present, alternatives, this.#open, signal);
      if (engine !== present) await this.#changeTo(engine);
    }
    return this.#engine.variant;
  }

  /** @returns {Promise<{numTensors: number, numBytes: number}>} what TF.js holds */
  memory() {
    return this.#engine.memory();
  }

  /** Free the model; calls in progress are aborted or end first. @returns {Promise<void>} */
  dispose() {
    this.#disposed = true;
    return this.#engine.dispose();
  }

  /**
   * @param {string} language
   * @returns {Promise<Map<string, string>>} from names in the model; those that can't be loaded are asked for
   *   again the next time
   */
  #namesIn(language) {
    const names =
      this.#names.get(language) ??
      this.#fetchNames(language).then(
        (fetched) => new Map(Object.entries(fetched)),
        () => {
          this.#names.delete(language);
          return new Map();
        },
      );
    this.#names.set(language, names);
    return names;
  }

  /** @param {import('./classifier/engine.js').Engine | RemoteEngine} engine loaded */
  async #changeTo(engine) {
    if (this.#disposed) return engine.dispose();
    const former = this.#engine;
    this.#engine = engine;
    await Promise.allSettled(this.#inProgress);
    await former.dispose();
  }

  /**
   * @template T
   * @param {(engine: import('./classifier/engine.js').Engine | RemoteEngine) => Promise<T>} job
   * @returns {Promise<T>}
   */
  #use(job) {
    const result = job(this.#engine);
    this.#inProgress.add(result);
    const done = () => this.#inProgress.delete(result);
    result.then(done, done);
    return result;
  }
}

/**
 * @param {import('./classifier/types.js').Classification} answer
 * @param {ReadonlyMap<string, string>} names
 * @returns {import('./classifier/types.js').Classification}
 */
function withNames({ predictions, ...rest }, names) {
  const called = predictions.map(({ className, ...prediction }) => ({
    ...prediction,
    className: names.get(className) ?? className,
  }));
  return { predictions: called, ...rest };
}

/** @param {Source} source */
function isVideo(source) {
  return typeof HTMLVideoElement !== 'undefined' && source instanceof HTMLVideoElement;
}

/**
 * Return what the engine may consume: files are immutable, of all else a copy is made.
 *
 * @param {Source} source
 * @param {boolean} [transfer] a bitmap is the engine's as it is
 * @returns {Promise<Blob | ImageBitmap>}
 */
async function ownPhoto(source, transfer = false) {
  if (source instanceof Blob || (transfer && source instanceof ImageBitmap)) return source;
  return copyPicture(source);
}
