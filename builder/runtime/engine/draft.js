/**
 * A program before it has addresses: operations on tensors, in the order in which they are carried out.
 *
 * @typedef {import('./tensors.js').Tensor} Tensor
 *
 * @typedef {object} Activation what becomes of each number before it is stored; see kernels/steps.h
 * @property {typeof import('./steps.js').FUNCTIONS[number]} function
 * @property {number} lowest
 * @property {number} highest
 * @property {number} slope
 * @property {number} shift
 *
 * @typedef {object} Window of a convolution or a pool; each pair is vertical, horizontal
 * @property {readonly number[]} kernel
 * @property {readonly number[]} stride
 * @property {readonly number[]} dilation
 * @property {readonly number[]} before pixels of padding above and to the left
 * @property {readonly number[]} after pixels of padding below and to the right
 *
 * @typedef {object} Filter of a convolution
 * @property {Float32Array} weights [taps, depth, channels]; a depthwise one's [taps, channels]
 * @property {number} depth
 * @property {number} channels
 * @property {Float64Array} scale by output channel: multiplies the weights
 * @property {Float64Array} bias by output channel: added
 * @property {Affine | null} before what is done to the input first
 *
 * @typedef {object} Affine by channel: scale · x + offset
 * @property {Float64Array} scale
 * @property {Float64Array} offset
 *
 * @typedef {object} Block of a tensor that is moved; sides and steps on the same axes
 * @property {readonly number[]} sides
 * @property {readonly number[]} inputSteps floats
 * @property {readonly number[]} outputSteps floats
 * @property {number} [inputAt] floats from the tensor's start
 * @property {number} [outputAt]
 *
 * @typedef {{kernel: 'convolution', filter: Filter, window: Window, activation: Activation}} Convolution its
 *   second tensor, where it has one, is added before the activation
 * @typedef {{kernel: 'depthwise', filter: Filter, window: Window, activation: Activation}} Depthwise
 * @typedef {{kernel: 'pool', window: Window, reduction: Reduction}} Pool
 * @typedef {{kernel: 'map', affine: Affine | null, activation: Activation}} MapChannels
 * @typedef {{kernel: 'combine', combination: Combination, activation: Activation}} Combine
 * @typedef {{kernel: 'combineAny', combination: Combination}} CombineAny
 * @typedef {{kernel: 'reducePixels' | 'reduceChannels', reduction: Reduction}} Reduce
 * @typedef {{kernel: 'reduceAny', reduction: Reduction, axes: readonly number[]}} ReduceAny
 * @typedef {{kernel: 'softmax'}} Softmax
 * @typedef {{kernel: 'copy', block: Block}} Copy
 * @typedef {{kernel: 'fill', value: number}} Fill
 * @typedef {typeof import('./steps.js').COMBINATIONS[number]} Combination
 * @typedef {typeof import('./steps.js').REDUCTIONS[number]} Reduction
 * @typedef {Convolution | Depthwise | Pool | MapChannels | Combine | CombineAny | Reduce | ReduceAny | Softmax
 *   | Copy | Fill} Settings
 *
 * @typedef {Settings & {reads: Tensor[], output: Tensor}} Operation
 */
import { isSame } from './tensors.js';

/** @type {Activation} */
export const NONE = {
  function: 'clamp',
  lowest: -Infinity,
  highest: Infinity,
  slope: 0,
  shift: 0,
};

/** @param {Activation} activation */
export const isNone = (activation) =>
  activation.function === 'clamp' &&
  activation.lowest === -Infinity &&
  activation.highest === Infinity;

export class Draft {
  /** @type {Operation[]} */
  operations = [];

  /**
   * @param {readonly number[]} shape
   * @param {number} uses
   * @returns {Tensor}
   */
  tensor(shape, uses) {
    return { shape, uses, data: null, from: null, view: null };
  }

  /**
   * Add an operation that writes a tensor, all of it.
   *
   * @param {Settings} settings
   * @param {Tensor[]} reads
   * @param {readonly number[]} shape of the tensor
   * @param {number} uses of it
   */
  add(settings, reads, shape, uses) {
    const output = this.tensor(shape, uses);
    output.from = this.addTo(output, settings, reads);
    return output;
  }

  /**
   * Add an operation that writes a part of a tensor.
   *
   * @param {Tensor} output
   * @param {Settings} settings
   * @param {Tensor[]} reads
   * @returns {Operation}
   */
  addTo(output, settings, reads) {
    const operation = { ...settings, reads, output };
    this.operations.push(operation);
    return operation;
  }

  /** Remove an operation whose work another one does. @param {Operation} operation */
  remove(operation) {
    this.operations.splice(this.operations.indexOf(operation), 1);
  }

  /**
   * The same numbers in another shape, where nothing needs to be moved.
   *
   * @param {Tensor} tensor
   * @param {readonly number[]} shape
   * @param {number} uses
   * @returns {Tensor}
   */
  view(tensor, shape, uses) {
    if (isSame(tensor.shape, shape)) {
      tensor.uses += uses - 1;
      return tensor;
    }
    return { shape, uses, data: tensor.data, from: null, view: tensor };
  }
}

/**
 * The operation that writes a tensor which only the present node reads: it can take on more work.
 *
 * @param {Tensor} tensor
 */
export const soleSource = (tensor) => (tensor.uses === 1 ? tensor.from : null);
