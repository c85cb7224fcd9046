/**
 * The classifier of a site built by classifier-pwa, for its own page and for any other:
 *
 *     import { Classifier } from 'https://example.org/app/<hash>/classifier.js';
 *     const classifier = await Classifier.load('https://example.org/');
 *     const { predictions } = await classifier.classify(file);
 */
import { copyPicture } from './classifier/bitmap.js';
import { ClassifierError } from './classifier/errors.js';
import { RemoteEngine } from './classifier/remote.js';
import { fetchSite, requireSite } from './classifier/site.js';

export { ClassifierError };

/**
 * A photo: a file, or anything that shows a picture. It is never changed, closed or consumed.
 *
 * @typedef {Blob | ImageBitmap | ImageData | HTMLVideoElement | HTMLImageElement
 *   | HTMLCanvasElement | OffscreenCanvas} Source
 */

/**
 * @typedef {object} LoadOptions
 * @property {import('./classifier/types.js').SiteDescription} [site] the site description, else `site.json` of
 *   the site is fetched
 * @property {'webgpu' | 'webgl' | 'wasm' | 'cpu'} [backend] only this one, else the best that works
 * @property {boolean} [worker] false computes in the page's own thread, for debugging
 * @property {import('./classifier/types.js').OnProgress} [onProgress] bytes of model and runtime
 */

/** A loaded model that is ready to answer. */
export class Classifier {
  #engine;

  /**
   * Use `Classifier.load`.
   *
   * @param {import('./classifier/engine.js').Engine | RemoteEngine} engine
   */
  constructor(engine) {
    this.#engine = engine;
  }

  /**
   * Load the model of a site and warm it up. Nothing of a failed load stays behind: try again.
   *
   * @param {string | URL} baseUrl the site's root, the folder of its `index.html`
   * @param {LoadOptions} [options]
   * @returns {Promise<Classifier>}
   * @throws {ClassifierError} model-unreachable, model-damaged, no-backend
   */
  static async load(baseUrl, { site, backend, worker = true, onProgress } = {}) {
    const base = new URL('./', new URL(baseUrl, globalThis.location?.href)).href;
    const description = site ?? (await fetchSite(base));
    requireSite(description, 'The option `site`');
    const { runtime, model, files } = description;
    const options = { base, site: { runtime, model, files }, backend };
    if (worker) {
      try {
        return new Classifier(await RemoteEngine.load(options, onProgress));
      } catch (error) {
        if (!(error instanceof ClassifierError && error.code === 'no-backend')) throw error;
      }
    }
    const { Engine } = await import('./classifier/engine.js');
    return new Classifier(await Engine.load(options, onProgress));
  }

  /** What is known of the model. */
  get metadata() {
    return this.#engine.metadata;
  }

  /** The classes' names, by class index. */
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
   * @param {{topK?: number, signal?: AbortSignal}} [options] `topK`: how many predictions, ≥ 1
   * @returns {Promise<import('./classifier/types.js').Classification>}
   * @throws {ClassifierError} not-an-image, unsupported-format, image-too-large, aborted, internal
   */
  async classify(source, { topK = 5, signal } = {}) {
    if (!Number.isInteger(topK) || topK < 1) {
      throw new ClassifierError('invalid-argument', `topK is ${topK}, not an integer ≥ 1.`);
    }
    return this.#engine.classify(await ownPhoto(source), { topK, signal });
  }

  /**
   * Compute the vector before the classifier layer, by which photos can be compared.
   *
   * @param {Source} source
   * @param {{signal?: AbortSignal}} [options]
   * @returns {Promise<Float32Array>} `metadata.outputs.embedding` numbers
   * @throws {ClassifierError} as `classify`
   */
  async embed(source, { signal } = {}) {
    return this.#engine.embed(await ownPhoto(source), { signal });
  }

  /**
   * Tell where in the photo's central crop the evidence for one class lies.
   *
   * @param {Source} source
   * @param {number} classIndex 0 ≤ index < number of classes
   * @param {{signal?: AbortSignal}} [options]
   * @returns {Promise<import('./classifier/types.js').ClassActivationMap>}
   * @throws {ClassifierError} as `classify`
   */
  async explain(source, classIndex, { signal } = {}) {
    if (!(classIndex in this.labels)) {
      const { length } = this.labels;
      throw new ClassifierError(
        'invalid-argument',
        `classIndex is ${classIndex}, not an integer from 0 to ${length - 1}.`,
      );
    }
    return this.#engine.explain(await ownPhoto(source), classIndex, { signal });
  }

  /** @returns {Promise<{numTensors: number, numBytes: number}>} what TF.js holds */
  memory() {
    return this.#engine.memory();
  }

  /** Free the model; calls in progress are aborted or end first. @returns {Promise<void>} */
  dispose() {
    return this.#engine.dispose();
  }
}

/**
 * Return what the engine may consume: files are immutable, of all else a copy is made.
 *
 * @param {Source} source
 * @returns {Promise<Blob | ImageBitmap>}
 */
async function ownPhoto(source) {
  return source instanceof Blob ? source : copyPicture(source);
}
