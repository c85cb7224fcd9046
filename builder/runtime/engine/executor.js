/** Runs a graph model in the engine's WebAssembly. */
import { writePhoto } from './photo.js';
import { planned } from './plan.js';
import { channelsOf, pixelsOf, product, strideOf } from './tensors.js';

/**
 * What the module exports (builder/runtime/kernels/run.c).
 *
 * @typedef {object} Kernels
 * @property {WebAssembly.Memory} memory
 * @property {WebAssembly.Global} __heap_base where free memory begins
 * @property {(begin: number, end: number) => void} run
 */

const PAGE = 65536;

/** A graph model that is ready to answer. */
export class Executor {
  #kernels;
  #plan;

  /**
   * Lay a graph model out in memory. All that is kept of it lies there: the weights as they were loaded are no
   * longer needed.
   *
   * @param {WebAssembly.Module} module
   * @param {import('./plan.js').Model} model
   * @param {{guard?: number}} [options] of the plan
   * @throws {import('./unsupported.js').Unsupported} where the engine lacks something
   * @throws {RangeError} where there is no memory for it
   */
  constructor(module, model, options = {}) {
    const { exports } = new WebAssembly.Instance(module);
    this.#kernels = /** @type {Kernels} */ (/** @type {unknown} */ (exports));
    const { memory } = this.#kernels;
    // The function that fills the memory refers to the weights as they were loaded.
    const { write, ...plan } = planned(model, this.base, options);
    this.#plan = plan;
    const missing = plan.bytes - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
    write(memory.buffer);
  }

  /** Bytes of the engine's memory. */
  get bytes() {
    return this.#kernels.memory.buffer.byteLength;
  }

  /** Bytes that the module keeps to itself. */
  get base() {
    return this.#kernels.__heap_base.value;
  }

  get plan() {
    return this.#plan;
  }

  get memory() {
    return this.#kernels.memory;
  }

  /**
   * Answer.
   *
   * @param {Float32Array} pixels [height, width, channels], as the graph's input takes them
   * @param {readonly string[]} names of outputs
   * @returns {{shape: readonly number[], values: Float32Array}[]} one for each name
   * @throws {RangeError} where there are more or fewer pixels than the graph takes, or an output is unknown
   */
  run(pixels, names) {
    const { photo, photoAt, program, first, end, outputs } = this.#plan;
    const expected = product(photo.tensor.shape);
    if (photo.tensor.uses > 0) {
      if (pixels.length !== expected) {
        throw new RangeError(`The graph takes ${expected} numbers, and got ${pixels.length}.`);
      }
      writePhoto(photo, pixels, new Float32Array(this.memory.buffer, photoAt, photo.size));
    }
    const places = names.map((name) => {
      const place = outputs.get(name);
      if (place === undefined) throw new RangeError(`The graph has no output ${name}.`);
      return place;
    });
    const isCommon = names.every((name) => this.#plan.always.has(name));
    this.#kernels.run(program, isCommon ? first : end);
    return places.map((place) => ({ shape: place.shape, values: this.#read(place) }));
  }

  /** @param {import('./plan.js').Place} place */
  #read({ at, shape }) {
    const [pixels, channels, stride] = [pixelsOf(shape), channelsOf(shape), strideOf(shape)];
    const values = new Float32Array(pixels * channels);
    const from = new Float32Array(this.memory.buffer, at, pixels * stride);
    for (let pixel = 0; pixel < pixels; pixel++) {
      values.set(from.subarray(pixel * stride, pixel * stride + channels), pixel * channels);
    }
    return values;
  }
}
