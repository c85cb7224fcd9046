import { ClassifierError } from './errors.js';
import { FrameReader } from './frames.js';
import { featureFault, probabilityFault } from './postprocess.js';
import { median } from './trials.js';

/** @typedef {import('./types.js').TensorFlow} TensorFlow */
/** V8 makes fast code of WebAssembly while it runs, and GPUs have to wake up. */
const WARM_UP_RUNS = 10;
const TIMED_RUNS = 9;
/** A trial ends early when it has taken so long: a photo may be waiting. Milliseconds. */
const ENOUGH = 600;
const FEWEST_RUNS = 4;

/** @typedef {'probabilities' | 'embedding' | 'class_activation'} OutputName */

/** One graph model on one backend: with its frames, the only room that makes tensors. */
export class Session {
  #tf;
  #model;
  #nodes;
  #shape;

  /**
   * @param {TensorFlow} tf with the backend set
   * @param {import('./types.js').GraphModel} model
   * @param {import('./weights.js').ModelFiles} files
   * @param {Pick<import('./backend.js').Candidate, 'backend' | 'way'>} candidate what is set
   */
  constructor(tf, model, { metadata, artifacts }, { backend, way }) {
    this.#tf = tf;
    this.#model = model;
    this.#nodes = outputNodes(artifacts);
    this.metadata = metadata;
    this.backend = backend;
    this.way = way;
    const [height, width] = metadata.inputSize;
    this.#shape = [1, height, width, 3];
    /** Reads frames of a camera on the GPU; null where the backend has none. */
    this.frames = tf.frames ? new FrameReader(tf, tf.frames, metadata.preprocessing) : null;
  }

  /**
   * Load a model on the current backend and run it once: shaders and kernels are made at the first
   * run, and a backend that cannot compute shows it there.
   *
   * @param {TensorFlow} tf
   * @param {import('./weights.js').ModelFiles} files
   * @param {Pick<import('./backend.js').Candidate, 'backend' | 'way'>} candidate what is set
   * @returns {Promise<Session>}
   * @throws if the model does not load, does not run, or answers nonsense
   */
  static async open(tf, files, candidate) {
    // A copy, because TF.js keeps the artifacts for as long as the model.
    const artifacts = { ...files.artifacts };
    const model = await tf.loadGraphModel({ load: async () => artifacts });
    artifacts.weightData = undefined;
    const session = new Session(tf, model, files, candidate);
    try {
      await session.run(session.#testPattern(), 'probabilities');
      return session;
    } catch (error) {
      session.dispose();
      throw error;
    }
  }

  /**
   * Compute one output for one photo.
   *
   * Only the part of the graph that this output needs is run, and all tensors are gone afterwards.
   *
   * @param {Float32Array | ImageBitmap} picture RGB, row by row, 0…255, of the model's input size; or a frame
   *   of a camera, where there are `frames`
   * @param {OutputName} output
   * @returns {Promise<Float32Array>}
   * @throws if the result cannot be right
   */
  async run(picture, output) {
    const result = this.#tf.tidy(() => {
      const tensor = this.#model.execute(this.#input(picture), this.#nodes[output] ?? output);
      if (Array.isArray(tensor)) throw new ClassifierError('model-damaged', `${output} is a list.`);
      return tensor;
    });
    try {
      const values = /** @type {Float32Array} */ (await result.data());
      this.#check(values, output);
      return values;
    } finally {
      result.dispose();
    }
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
      probabilities = await this.run(pixels, 'probabilities');
      const end = performance.now();
      times.push(end - start);
      start = end;
    }
    // Of a trial cut short, the later half.
    const warmUp = Math.min(WARM_UP_RUNS, times.length >> 1);
    return { way: this.way, probabilities, milliseconds: median(times.slice(warmUp)) };
  }

  /** @returns {{numTensors: number, numBytes: number}} what TF.js holds in this thread */
  memory() {
    const { numTensors, numBytes } = this.#tf.memory();
    return { numTensors, numBytes };
  }

  /** Free the weights. */
  dispose() {
    try {
      this.frames?.dispose();
      this.#model.dispose();
    } catch {
      // A backend that lost its device may not even be able to free what it held.
    }
  }

  /** @param {Float32Array | ImageBitmap} picture */
  #input(picture) {
    if (picture instanceof Float32Array) return this.#tf.tensor(picture, this.#shape, 'float32');
    if (this.frames) return this.frames.read(picture);
    throw new ClassifierError('internal', `${this.way} reads no frames.`);
  }

  /** A gradient: on one even colour a broken kernel may go unnoticed. */
  #testPattern() {
    const length = this.#shape.reduce((a, b) => a * b);
    return Float32Array.from({ length }, (_, i) => i % 256);
  }

  /**
   * @param {Float32Array} values
   * @param {OutputName} output
   */
  #check(values, output) {
    const fault =
      output === 'probabilities'
        ? probabilityFault(values, this.metadata.activation)
        : featureFault(values);
    if (fault !== null) throw new ClassifierError('internal', `The network failed: ${fault}.`);
  }
}

/**
 * Map the outputs' names to the graph's nodes, as the model's signature says.
 *
 * @param {import('./weights.js').ModelArtifacts} artifacts
 * @returns {Record<string, string>}
 */
function outputNodes({ signature, userDefinedMetadata }) {
  const { outputs = {} } = /** @type {{outputs?: Record<string, {name: string}>}} */ (
    signature ?? userDefinedMetadata?.signature ?? {}
  );
  return Object.fromEntries(Object.entries(outputs).map(([key, { name }]) => [key, name]));
}
