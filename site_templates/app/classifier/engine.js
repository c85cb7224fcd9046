import { backendCandidates } from './backend.js';
import { detectCapabilities } from './capabilities.js';
import { ClassifierError, asClassifierError, describe, throwIfAborted } from './errors.js';
import { applyTemperature, classActivationMap, topPredictions } from './postprocess.js';
import { preparePhoto } from './preprocess.js';
import { Queue } from './queue.js';
import { siteRuntime } from './runtime.js';
import { Session } from './session.js';
import { SiteFiles } from './weights.js';

/** @typedef {import('./types.js').TensorFlow} TensorFlow */
/** @typedef {import('./backend.js').Candidate} Candidate */
/** @typedef {Blob | ImageBitmap} Photo a bitmap is closed by the engine */

/**
 * What the engine needs of the world.
 *
 * @typedef {object} Collaborators
 * @property {() => Promise<import('./backend.js').Capabilities>} [detect]
 * @property {(files: SiteFiles, folder: string) => import('./runtime.js').Runtime} [createRuntime]
 * @property {typeof preparePhoto} [prepare]
 * @property {import('./download.js').Means} [means]
 */

/**
 * @typedef {object} EngineOptions
 * @property {string} base absolute URL of the site's root
 * @property {import('./types.js').SiteDescription} site
 * @property {string} [backend] only this one
 */

/** The classifier of one thread: photos in, answers out, on the best backend that works. */
export class Engine {
  #tf;
  #runtime;
  #fetchModel;
  #candidates;
  #prepare;
  #queue = new Queue();
  /** @type {Session | null} */
  #session = null;

  /**
   * @param {object} parts
   * @param {TensorFlow} parts.tf
   * @param {import('./runtime.js').Runtime} parts.runtime
   * @param {() => Promise<import('./weights.js').ModelFiles>} parts.fetchModel
   * @param {Candidate[]} parts.candidates not tried yet, best first
   * @param {import('./types.js').Metadata} parts.metadata
   * @param {typeof preparePhoto} parts.prepare
   */
  constructor({ tf, runtime, fetchModel, candidates, metadata, prepare }) {
    this.#tf = tf;
    this.#runtime = runtime;
    this.#fetchModel = fetchModel;
    this.#candidates = candidates;
    this.#prepare = prepare;
    this.metadata = metadata;
    /** @type {string} the backend in use */
    this.backend = '';
  }

  /**
   * Fetch the model and the runtime side by side, then start the first backend that works.
   *
   * @param {EngineOptions} options
   * @param {import('./types.js').OnProgress} [onProgress]
   * @param {Collaborators} [collaborators]
   * @returns {Promise<Engine>}
   * @throws {ClassifierError} model-unreachable, model-damaged, no-backend
   */
  static async load({ base, site, backend }, onProgress, collaborators = {}) {
    const { detect = detectCapabilities, createRuntime = siteRuntime } = collaborators;
    const files = new SiteFiles(base, site, onProgress, collaborators.means);
    const runtime = createRuntime(files, site.runtime);
    const [model, tf, capabilities] = await Promise.all([
      files.fetchModel(),
      runtime.loadCore(),
      detect(),
    ]);
    const engine = new Engine({
      tf,
      runtime,
      fetchModel: () => files.fetchModel(),
      candidates: backendCandidates(capabilities, backend),
      metadata: model.metadata,
      prepare: collaborators.prepare ?? preparePhoto,
    });
    await engine.#openNext(model);
    return engine;
  }

  /**
   * @param {Photo} source
   * @param {{topK?: number, signal?: AbortSignal}} [options]
   * @returns {Promise<import('./types.js').Classification>}
   */
  classify(source, { topK = 5, signal } = {}) {
    return this.#answer(source, 'probabilities', signal, (values, photo, inference) => {
      const { labels, temperature, activation } = this.metadata;
      const calibrated = activation === 'softmax' ? applyTemperature(values, temperature) : values;
      return {
        predictions: topPredictions(calibrated, labels, topK),
        timings: { ...photo.timings, inference },
        width: photo.width,
        height: photo.height,
      };
    });
  }

  /**
   * @param {Photo} source
   * @param {{signal?: AbortSignal}} [options]
   * @returns {Promise<Float32Array>} the vector before the classifier layer
   */
  embed(source, { signal } = {}) {
    return this.#answer(source, 'embedding', signal, (values) => values);
  }

  /**
   * @param {Photo} source
   * @param {number} classIndex
   * @param {{signal?: AbortSignal}} [options]
   * @returns {Promise<import('./types.js').ClassActivationMap>}
   */
  async explain(source, classIndex, { signal } = {}) {
    const cells = this.metadata.outputs.classActivation;
    if (cells === null) {
      throw new ClassifierError('invalid-argument', 'This model has no class activation map.');
    }
    return this.#answer(source, 'class_activation', signal, (values) =>
      classActivationMap(values, cells[0], cells[1], classIndex),
    );
  }

  /** @returns {Promise<{numTensors: number, numBytes: number}>} what TF.js holds in this thread */
  async memory() {
    const { numTensors, numBytes } = this.#tf.memory();
    return { numTensors, numBytes };
  }

  /** Free the model once the work in progress is done. @returns {Promise<void>} */
  dispose() {
    return this.#queue.add(async () => this.#close());
  }

  /**
   * @template T
   * @param {Photo} source
   * @param {import('./session.js').OutputName} output
   * @param {AbortSignal | undefined} signal
   * @param {(values: Float32Array, photo: import('./preprocess.js').PreparedPhoto,
   *   inference: number) => T} finish
   * @returns {Promise<T>}
   */
  #answer(source, output, signal, finish) {
    return this.#queue.add(async () => {
      const photo = await this.#prepare(source, this.metadata.preprocessing, signal);
      throwIfAborted(signal);
      const start = performance.now();
      const values = await this.#run(photo.pixels, output);
      return finish(values, photo, performance.now() - start);
    }, signal);
  }

  /**
   * Run the network; if that fails, on the next backend. Phones take the GPU away from pages at
   * any time, and some GPUs run out of memory.
   *
   * @param {Float32Array} pixels
   * @param {import('./session.js').OutputName} output
   */
  async #run(pixels, output) {
    if (this.#session === null) throw new ClassifierError('internal', 'The model is closed.');
    try {
      return await this.#session.run(pixels, output);
    } catch (error) {
      if (this.#candidates.length === 0) throw asClassifierError(error);
    }
    this.#close();
    const session = await this.#openNext(await this.#fetchModel());
    return session.run(pixels, output);
  }

  /**
   * Start the first of the remaining candidates that computes sensibly.
   *
   * @param {import('./weights.js').ModelFiles} model
   * @returns {Promise<Session>}
   */
  async #openNext(model) {
    const failures = [];
    for (let next = this.#candidates.shift(); next; next = this.#candidates.shift()) {
      try {
        await this.#runtime.start(this.#tf, next);
        this.#session = await Session.open(this.#tf, model);
        this.backend = next.backend;
        return this.#session;
      } catch (error) {
        failures.push(`${next.backend}: ${describe(error)}`);
      }
    }
    const reasons = failures.join('; ') || 'it offers neither WebAssembly nor a graphics card';
    throw new ClassifierError('no-backend', `This browser cannot run the model (${reasons}).`);
  }

  #close() {
    try {
      this.#session?.dispose();
    } catch {
      // A backend that lost its device may not even be able to free what it held.
    }
    this.#session = null;
  }
}
