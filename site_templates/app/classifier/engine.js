import { backendCandidates, immediateCandidate, alternativesTo } from './backend.js';
import { detectGraphics, detectProcessor } from './capabilities.js';
import { certaintyOf } from './certainty.js';
import { ClassifierError, asClassifierError, throwIfAborted } from './errors.js';
import { viewOf } from './geometry.js';
import { openModel } from './opener.js';
import {
  applyTemperature,
  classActivationMap,
  topPredictions,
  unfamiliarityOf,
  uncertaintyOf,
} from './postprocess.js';
import { preparePhoto, toLuminance } from './preprocess.js';
import { Queue } from './queue.js';
import { siteRuntime } from './runtime.js';
import { SiteFiles } from './weights.js';

/** @typedef {import('./session.js').Session} Session */
/** @typedef {Blob | ImageBitmap} Photo a bitmap is closed by the engine */

/**
 * @typedef {object} EngineOptions
 * @property {string} base absolute URL of the site's root
 * @property {Pick<import('./types.js').SiteDescription, 'runtime' | 'model' | 'files' | 'workerModules'
 *   | 'excluded'>} site
 * @property {string} [backend] only this one, or only this variant of one
 * @property {string} [preferred] the variant that was found to be the fastest
 */

/**
 * @typedef {object} Answer
 * @property {Float32Array[]} values of each output of the network that was asked for
 * @property {Omit<import('./preprocess.js').PreparedPhoto, 'pixels'>} photo
 * @property {number} inference ms; of a frame that the GPU reads, that too
 */

/**
 * What the engine uses from outside.
 *
 * @typedef {object} Collaborators
 * @property {typeof detectProcessor} [processor]
 * @property {typeof detectGraphics} [graphics]
 * @property {typeof siteRuntime} [createRuntime]
 * @property {typeof preparePhoto} [prepare]
 * @property {import('./download.js').Means} [means]
 */

/** The classifier of one thread: photos in, answers out, on the best backend that works. */
export class Engine {
  #prepare;
  #excluded;
  #openNext;
  #findAlternatives;
  #queue = new Queue();
  /** @type {Session | null} */
  #session;

  /**
   * @param {Session} session
   * @param {() => Promise<Session | null>} openNext opens the model on the next backend, if there is one
   * @param {() => Promise<string[]>} findAlternatives
   * @param {typeof preparePhoto} prepare
   * @param {readonly number[]} [excluded] indices of classes that are never given as an answer
   */
  constructor(session, openNext, findAlternatives, prepare, excluded) {
    this.#excluded = new Set(excluded);
    this.#session = session;
    this.#openNext = openNext;
    this.#findAlternatives = findAlternatives;
    this.#prepare = prepare;
    this.metadata = session.metadata;
    this.backend = session.backend;
    this.variant = session.variant;
  }

  /**
   * Fetch model and runtime side by side, and open the model on the first backend that works.
   *
   * @param {EngineOptions} options
   * @param {import('./types.js').OnProgress} [onProgress]
   * @param {Collaborators} [collaborators]
   * @returns {Promise<Engine>}
   * @throws {ClassifierError} model-unreachable, model-damaged, no-backend
   */
  static async load({ base, site, backend, preferred }, onProgress, collaborators = {}) {
    const { processor = detectProcessor, graphics = detectGraphics } = collaborators;
    const { createRuntime = siteRuntime, prepare = preparePhoto } = collaborators;
    const files = new SiteFiles(base, site, onProgress, collaborators.means);
    const runtime = createRuntime(files, site.runtime);
    const model = files.fetchModel();
    // Reported by openModel, which may come to wait for it only after it has failed.
    model.catch(() => {});
    const known = processor();
    /** @type {ReturnType<typeof graphics> | undefined} */
    let looked;
    const capabilities = async () => ({ ...known, ...(await (looked ??= graphics())) });
    async function* candidates() {
      const first = immediateCandidate(known, backend, preferred);
      if (first) yield first;
      const all = backendCandidates(await capabilities(), backend, preferred);
      yield* first ? all.slice(1) : all;
    }
    const session = await openModel(candidates(), runtime, model);
    let { variant } = session;
    const openNext = async () => {
      const all = backendCandidates(await capabilities(), backend, preferred);
      const rest = all.slice(all.findIndex((candidate) => candidate.variant === variant) + 1);
      if (rest.length === 0) return null;
      // A backend whose files cannot be fetched now may work later: only one that opened counts as tried.
      const next = await openModel(rest, runtime, files.fetchModel());
      ({ variant } = next);
      return next;
    };
    const alternatives = async () =>
      backend === undefined ? alternativesTo(await capabilities(), variant) : [];
    return new Engine(session, openNext, alternatives, prepare, site.excluded);
  }

  /**
   * @param {Photo} source
   * @param {{topK?: number, signal?: AbortSignal, grayscale?: boolean, frame?: boolean}} [options]
   *   `grayscale`: look only at luminance; `frame`: the bitmap is one of a camera, and opaque
   * @returns {Promise<import('./types.js').Classification>}
   */
  async classify(source, { topK = 5, ...options } = {}) {
    const { labels, temperature, activation, sureFrom, familiarity } = this.metadata;
    const { values, photo, inference } = await this.#answer(
      source,
      familiarity ? ['probabilities', 'familiarity'] : ['probabilities'],
      options,
    );
    const [raw, scores] = values;
    const unfamiliarity = familiarity ? unfamiliarityOf(scores, familiarity.limit) : null;
    const calibrated = activation === 'softmax' ? applyTemperature(raw, temperature) : raw;
    const wanted = Math.max(topK, 2);
    const predictions = topPredictions(calibrated, labels, wanted, this.#excluded);
    const limits = { sureFrom, classes: labels.length, activation };
    return {
      predictions: predictions.slice(0, topK),
      uncertainty: uncertaintyOf(calibrated, activation),
      unfamiliarity,
      certainty: certaintyOf({ predictions, unfamiliarity }, limits),
      timings: { ...photo.timings, inference },
      width: photo.width,
      height: photo.height,
    };
  }

  /**
   * @param {Photo} source
   * @param {{signal?: AbortSignal, grayscale?: boolean}} [options] as `classify`
   * @returns {Promise<Float32Array>} the vector before the classifier layer
   */
  async embed(source, options = {}) {
    if (this.metadata.outputs.embedding === null) {
      throw new ClassifierError('invalid-argument', 'This model has no embedding.');
    }
    const { values } = await this.#answer(source, ['embedding'], options);
    return values[0];
  }

  /**
   * @param {Photo} source
   * @param {number} classIndex
   * @param {{signal?: AbortSignal, grayscale?: boolean}} [options] as `classify`
   * @returns {Promise<import('./types.js').ClassActivationMap>}
   */
  async explain(source, classIndex, options = {}) {
    const cells = this.metadata.outputs.classActivation;
    if (cells === null) {
      throw new ClassifierError('invalid-argument', 'This model has no class activation map.');
    }
    const { values, photo } = await this.#answer(source, ['class_activation'], options);
    const { within } = viewOf(photo.width, photo.height, this.metadata.preprocessing);
    return { ...classActivationMap(values[0], cells[0], cells[1], classIndex), photo: within };
  }

  /**
   * List the variants that may be faster, where no backend was asked for.
   *
   * @returns {Promise<string[]>}
   */
  alternatives() {
    return this.#findAlternatives();
  }

  /**
   * Measure how fast this variant is, when no photo waits.
   *
   * @returns {Promise<import('./trials.js').Trial>}
   */
  trial() {
    return this.#queue.add(() => this.#open().trial());
  }

  /** @returns {Promise<{numTensors: number, numBytes: number}>} what is held in this thread */
  async memory() {
    return this.#open().memory();
  }

  /**
   * Free the model once the work in progress is done.
   *
   * @returns {Promise<void>}
   */
  dispose() {
    return this.#queue.add(async () => this.#close());
  }

  /**
   * @param {Photo} source
   * @param {readonly import('./session.js').OutputName[]} outputs
   * @param {{signal?: AbortSignal, grayscale?: boolean, frame?: boolean}} options
   * @returns {Promise<Answer>}
   */
  #answer(source, outputs, { signal, grayscale, frame }) {
    return this.#queue.add(async () => {
      const { frames } = this.#open();
      let sample;
      if (frames && frame && !grayscale && !(source instanceof Blob) && !signal?.aborted) {
        const seen = frames.trusted && (await this.#seeFrame(source, outputs));
        if (seen) return seen;
        // Undefined where it is decided already: the GPU has failed, just now or before.
        sample = frames.trusted === null ? await frames.sample(source) : undefined;
      }
      const photo = await this.#prepare(source, this.metadata.preprocessing, signal);
      if (sample !== undefined) frames?.compare(sample, photo.pixels);
      throwIfAborted(signal);
      if (grayscale) toLuminance(photo.pixels);
      const start = performance.now();
      const values = await this.#run(photo.pixels, outputs);
      return { values, photo, inference: performance.now() - start };
    });
  }

  /**
   * Answer for a frame that the GPU reads by itself.
   *
   * @param {ImageBitmap} frame closed, if it has an answer
   * @param {readonly import('./session.js').OutputName[]} outputs
   * @returns {Promise<Answer | null>} null where the GPU fails
   */
  async #seeFrame(frame, outputs) {
    const session = this.#open();
    const { width, height } = frame;
    const start = performance.now();
    try {
      const values = await session.run(frame, outputs);
      frame.close();
      const photo = { width, height, timings: { decode: 0, preprocess: 0 } };
      return { values, photo, inference: performance.now() - start };
    } catch {
      if (session.frames) session.frames.trusted = false;
      return null;
    }
  }

  /**
   * Run the network; if that fails, once more on the next backend. Phones take the GPU away from
   * pages at any time, and some GPUs run out of memory.
   *
   * @param {Float32Array} pixels
   * @param {readonly import('./session.js').OutputName[]} outputs
   */
  async #run(pixels, outputs) {
    const session = this.#open();
    try {
      return await session.run(pixels, outputs);
    } catch (error) {
      const next = await this.#openNext().catch(() => null);
      if (next === null) throw asClassifierError(error);
      this.#close();
      this.#session = next;
      this.backend = next.backend;
      this.variant = next.variant;
      return next.run(pixels, outputs);
    }
  }

  #open() {
    if (this.#session) return this.#session;
    throw new ClassifierError('internal', 'The classifier was disposed of.');
  }

  #close() {
    this.#session?.dispose();
    this.#session = null;
  }
}
