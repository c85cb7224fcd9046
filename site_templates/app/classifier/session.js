import { ClassifierError } from './errors.js';
import { ownNetwork, tensorFlowNetwork } from './networks.js';
import { featureFault, probabilityFault } from './postprocess.js';
import { median } from './trials.js';

/** @typedef {import('./types.js').TensorFlow} TensorFlow */
/** @typedef {import('./networks.js').OwnEngine} OwnEngine */
/** V8 makes fast code of WebAssembly while it runs, and GPUs have to wake up. */
const WARM_UP_RUNS = 10;
const TIMED_RUNS = 9;
/** A trial ends early when it has taken so long: a photo may be waiting. Milliseconds. */
const ENOUGH = 600;
const FEWEST_RUNS = 4;

/** @typedef {'probabilities' | 'embedding' | 'class_activation' | 'familiarity'} OutputName */

/** One graph model on one backend. */
export class Session {
  #network;
  #length;

  /**
   * @param {import('./networks.js').Network} network
   * @param {import('./types.js').Metadata} metadata
   * @param {Pick<import('./backend.js').Candidate, 'backend' | 'variant'>} candidate what is set
   */
  constructor(network, metadata, { backend, variant }) {
    this.#network = network;
    this.metadata = metadata;
    this.backend = backend;
    this.variant = variant;
    const [height, width] = metadata.inputSize;
    this.#length = height * width * 3;
    /** Reads frames of a camera on the GPU; null where the backend has none. */
    this.frames = network.frames;
  }

  /**
   * Load a model on the current backend and run it once: shaders and kernels are made at the first
   * run, and a backend that cannot compute shows it there.
   *
   * @param {TensorFlow | OwnEngine} started what computes
   * @param {import('./weights.js').ModelFiles} files
   * @param {Pick<import('./backend.js').Candidate, 'backend' | 'variant'>} candidate what is set
   * @returns {Promise<Session>}
   * @throws if the model does not load, does not run, or answers nonsense
   */
  static async open(started, files, candidate) {
    const network =
      'kernels' in started ? ownNetwork(started, files) : await tensorFlowNetwork(started, files);
    const session = new Session(network, files.metadata, candidate);
    try {
      await session.run(session.#testPattern(), ['probabilities']);
      return session;
    } catch (error) {
      session.dispose();
      throw error;
    }
  }

  /**
   * Compute outputs for one photo.
   *
   * Only the part of the graph that they need is run, and all tensors are gone afterwards.
   *
   * @param {Float32Array | ImageBitmap} picture RGB, row by row, 0…255, of the model's input size; or a frame
   *   of a camera, where there are `frames`
   * @param {readonly OutputName[]} outputs
   * @returns {Promise<Float32Array[]>} the values of each
   * @throws if a result cannot be right
   */
  async run(picture, outputs) {
    if (!(picture instanceof Float32Array) && !this.frames) {
      throw new ClassifierError('internal', `${this.variant} reads no frames.`);
    }
    const results = await this.#network.run(picture, outputs);
    results.forEach((values, index) => this.#check(values, outputs[index]));
    return results;
  }

  /**
   * Run the test pattern a few times.
   *
   * @returns {Promise<import('./trials.js').Trial>}
   */
  async trial() {
    const pixels = this.#testPattern();
    /** @type {number[]} */
    const times = [];
    /** @type {Float32Array} */
    let probabilities = new Float32Array();
    const begin = performance.now();
    let start = begin;
    while (
      times.length < FEWEST_RUNS ||
      (times.length < WARM_UP_RUNS + TIMED_RUNS && start - begin < ENOUGH)
    ) {
      [probabilities] = await this.run(pixels, ['probabilities']);
      const end = performance.now();
      times.push(end - start);
      start = end;
    }
    // Of a trial cut short, the later half.
    const warmUp = Math.min(WARM_UP_RUNS, times.length >> 1);
    return { variant: this.variant, probabilities, milliseconds: median(times.slice(warmUp)) };
  }

  /** @returns {{numTensors: number, numBytes: number}} what is held in this thread */
  memory() {
    return this.#network.memory();
  }

  /** Free the weights. */
  dispose() {
    try {
      this.#network.dispose();
    } catch {
      // A backend that lost its device may not even be able to free what it held.
    }
  }

  /** A gradient: with a single colour, a broken kernel may go unnoticed. */
  #testPattern() {
    return Float32Array.from({ length: this.#length }, (_, i) => i % 256);
  }

  /**
   * @param {Float32Array} values
   * @param {OutputName} output
   */
  #check(values, output) {
    const fault =
      output === 'probabilities'
        ? probabilityFault(values, this.metadata.activation)
        : featureFault(values, output !== 'familiarity');
    if (fault !== null) throw new ClassifierError('internal', `The network failed: ${fault}.`);
  }
}
