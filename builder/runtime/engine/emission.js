/** From operations on tensors to steps on addresses. */
import {
  beyondBorder,
  packConvolution,
  packDepthwise,
  packedDepthwiseSize,
  packedSize,
} from './packing.js';
import { COMBINATIONS, FUNCTIONS, REDUCTIONS } from './steps.js';
import {
  channelsOf,
  isDense,
  pixelsOf,
  rootOf,
  sixAxes,
  sizeOf,
  stepsOf,
  strideOf,
  wholeVectors,
} from './tensors.js';

/**
 * @typedef {import('./draft.js').Operation} Operation
 * @typedef {import('./tensors.js').Tensor} Tensor
 * @typedef {import('./draft.js').Activation} Activation
 * @typedef {import('./draft.js').Window} Window
 * @typedef {import('./memory.js').Kept} Kept
 *
 * @typedef {Record<string, number | readonly number[]>} Values of a step's fields
 *
 * @typedef {object} Step
 * @property {import('./steps.js').Kernel} kernel
 * @property {Values} values all that is known before tensors have addresses
 * @property {Readonly<Record<string, {tensor: Tensor, offset?: number}>>} tensors by the fields with their addresses;
 *   offset in floats
 * @property {number} [table] addresses that a convolution gathers at a time
 */

/** Rows of the largest tile (kernels/convolution.c). */
const ROWS = 6;
/** Bytes of input that stay in a core's cache of the second level while all weights pass. */
const PANEL = 96 * 1024;

/** Makes steps, and keeps the constants that they need. */
export class Emission {
  #kept;
  #photo;

  /**
   * @param {Kept} kept
   * @param {import('./photo.js').Photo} photo
   */
  constructor(kept, photo) {
    this.#kept = kept;
    this.#photo = photo;
  }

  /** @param {Operation} operation @returns {Step} */
  step(operation) {
    switch (operation.kernel) {
      case 'convolution':
        return this.#convolution(operation);
      case 'depthwise':
        return this.#depthwise(operation);
      case 'map':
        return this.#map(operation);
      default:
        return plainStep(operation);
    }
  }

  /** @param {Operation & import('./draft.js').Convolution} operation @returns {Step} */
  #convolution({ filter, window, activation, reads, output }) {
    const [tensor, residual] = reads;
    const taps = window.kernel[0] * window.kernel[1];
    const from = this.#gathered(tensor, filter.depth, window);
    const rows = ROWS * from.depth * from.kernelHeight * from.kernelWidth;
    const panel = Math.max(1, Math.floor(PANEL / (4 * rows)));
    const weights = this.#kept.add(packedSize(taps, filter), (to) =>
      packConvolution(taps, filter, to),
    );
    return {
      kernel: 'convolution',
      values: {
        ...from,
        ...outputValues(output),
        ...(residual && { residualStride: strideOf(residual.shape) }),
        ...activationValues(activation),
        strideY: window.stride[0],
        strideX: window.stride[1],
        dilationY: window.dilation[0],
        dilationX: window.dilation[1],
        weights,
        beyond: this.#kept.addNumbers(beyondBorder(filter)),
        panel,
      },
      tensors: {
        input: { tensor },
        output: { tensor: output },
        ...(residual && { residual: { tensor: residual } }),
      },
      table: panel * from.kernelHeight * from.kernelWidth * ROWS,
    };
  }

  /**
   * How a convolution finds its input. Where there is no border and nothing lies between pixels, the taps of a
   * line are one long tap.
   *
   * @param {Tensor} tensor
   * @param {number} depth
   * @param {Window} window
   */
  #gathered(tensor, depth, { kernel, dilation, before, after }) {
    const [height, width] = imageSize(tensor.shape);
    const [kernelHeight, kernelWidth] = kernel;
    const isPhoto = tensor === this.#photo.tensor && this.#photo.border !== null;
    const isWhole = [...before, ...after].every((pixels) => pixels === 0);
    const isLong =
      isPhoto ||
      (isWhole && dilation[1] === 1 && isDense(tensor.shape) && pixelsOf(tensor.shape) > 1);
    return {
      inputHeight: isPhoto ? height + before[0] + after[0] : height,
      inputWidth: isPhoto ? width + before[1] + after[1] : width,
      inputStride: isPhoto ? depth : strideOf(tensor.shape),
      depth: isLong ? kernelWidth * depth : depth,
      kernelHeight,
      kernelWidth: isLong ? 1 : kernelWidth,
      top: isPhoto ? 0 : before[0],
      left: isPhoto ? 0 : before[1],
    };
  }

  /** @param {Operation & import('./draft.js').Depthwise} operation @returns {Step} */
  #depthwise({ filter, window, activation, reads: [input], output }) {
    const taps = window.kernel[0] * window.kernel[1];
    return {
      kernel: 'depthwise',
      values: {
        ...inputValues(input),
        ...outputValues(output),
        ...windowValues(window),
        ...activationValues(activation),
        weights: this.#kept.add(packedDepthwiseSize(taps, filter), (to) =>
          packDepthwise(taps, filter, to),
        ),
      },
      tensors: { input: { tensor: input }, output: { tensor: output } },
    };
  }

  /** @param {Operation & import('./draft.js').MapChannels} operation @returns {Step} */
  #map({ affine, activation, reads: [input], output }) {
    const constants = affine && {
      scale: this.#kept.addNumbers(affine.scale),
      offset: this.#kept.addNumbers(affine.offset),
    };
    return {
      kernel: 'map',
      values: { ...pixelValues(input, output), ...constants, ...activationValues(activation) },
      tensors: { input: { tensor: input }, output: { tensor: output } },
    };
  }
}

/**
 * @param {Exclude<Operation, {kernel: 'convolution' | 'depthwise' | 'map'}>} operation
 * @returns {Step}
 */
function plainStep(operation) {
  const { kernel, reads, output } = operation;
  const [input, second] = reads;
  const tensors = { output: { tensor: output }, ...(input && { input: { tensor: input } }) };
  switch (operation.kernel) {
    case 'pool':
      return {
        kernel,
        values: {
          ...inputValues(input),
          ...outputValues(output),
          ...windowValues(operation.window),
          reduction: REDUCTIONS.indexOf(operation.reduction),
        },
        tensors,
      };
    case 'combine':
      return {
        kernel,
        values: {
          ...pixelValues(input, output),
          firstStride: operandStride(input, output),
          secondStride: operandStride(second, output),
          combination: COMBINATIONS.indexOf(operation.combination),
          ...activationValues(operation.activation),
        },
        tensors: {
          first: { tensor: input },
          second: { tensor: second },
          output: { tensor: output },
        },
      };
    case 'combineAny':
      return {
        kernel,
        values: {
          sides: sixAxes(output.shape, 1),
          firstSteps: broadcastSteps(input.shape),
          secondSteps: broadcastSteps(second.shape),
          outputSteps: sixAxes(stepsOf(output.shape), 0),
          combination: COMBINATIONS.indexOf(operation.combination),
        },
        tensors: {
          first: { tensor: input },
          second: { tensor: second },
          output: { tensor: output },
        },
      };
    case 'reducePixels':
    case 'reduceChannels':
      return {
        kernel,
        values: {
          ...pixelValues(input, input),
          // Pixels of one number each, or numbers side by side.
          outputStep: channelsOf(output.shape) === 1 ? strideOf(output.shape) : 1,
          reduction: REDUCTIONS.indexOf(operation.reduction),
        },
        tensors,
      };
    case 'reduceAny':
      return { kernel, values: anyReduction(input, output, operation), tensors };
    case 'softmax':
      return { kernel, values: pixelValues(input, output), tensors };
    case 'copy':
      return {
        kernel,
        values: {
          sides: sixAxes(operation.block.sides, 1),
          inputSteps: sixAxes(operation.block.inputSteps, 0),
          outputSteps: sixAxes(operation.block.outputSteps, 0),
        },
        tensors: {
          input: { tensor: input, offset: operation.block.inputAt },
          output: { tensor: output, offset: operation.block.outputAt },
        },
      };
    default:
      return { kernel, values: { count: sizeOf(output.shape), value: operation.value }, tensors };
  }
}

/** @param {readonly number[]} shape @returns {readonly [height: number, width: number]} a matrix is one line */
const imageSize = (shape) => (shape.length === 4 ? [shape[1], shape[2]] : [1, pixelsOf(shape)]);

/** @param {Tensor} input */
function inputValues({ shape }) {
  const [inputHeight, inputWidth] = imageSize(shape);
  return { inputHeight, inputWidth, inputStride: strideOf(shape) };
}

/** @param {Tensor} output */
function outputValues({ shape }) {
  const [outputHeight, outputWidth] = imageSize(shape);
  return { outputHeight, outputWidth, outputStride: strideOf(shape), channels: channelsOf(shape) };
}

/** @param {Tensor} input @param {Tensor} output */
const pixelValues = (input, output) => ({
  inputStride: strideOf(input.shape),
  outputStride: strideOf(output.shape),
  pixels: pixelsOf(output.shape),
  channels: channelsOf(output.shape),
});

/** @param {Window} window */
const windowValues = ({ kernel, stride, dilation, before }) => ({
  kernelHeight: kernel[0],
  kernelWidth: kernel[1],
  strideY: stride[0],
  strideX: stride[1],
  dilationY: dilation[0],
  dilationX: dilation[1],
  top: before[0],
  left: before[1],
});

/** @param {Activation} activation */
const activationValues = (activation) => ({
  ...activation,
  function: FUNCTIONS.indexOf(activation.function),
});

/** @param {Tensor} operand @param {Tensor} output */
const operandStride = ({ shape }, output) =>
  pixelsOf(shape) === 1 && pixelsOf(output.shape) > 1 ? 0 : strideOf(shape);

/** @param {readonly number[]} shape with sides of one, where the same number is taken each time */
const broadcastSteps = (shape) => {
  const steps = stepsOf(shape);
  return sixAxes(
    steps.map((step, axis) => (shape[axis] === 1 ? 0 : step)),
    0,
  );
};

/**
 * @param {Tensor} input
 * @param {Tensor} output
 * @param {import('./draft.js').ReduceAny} operation
 * @returns {Values}
 */
function anyReduction(input, output, { axes, reduction }) {
  const { shape } = input;
  const steps = stepsOf(shape);
  const all = shape.map((_, axis) => axis);
  const reduced = all.filter((axis) => axes.includes(axis));
  const kept = all.filter((axis) => !axes.includes(axis));
  const outputSteps = stepsOf(output.shape);
  const isKept = output.shape.length === shape.length;
  return {
    reduction: REDUCTIONS.indexOf(reduction),
    kept: sixAxes(
      kept.map((axis) => shape[axis]),
      1,
    ),
    inputSteps: sixAxes(
      kept.map((axis) => steps[axis]),
      0,
    ),
    outputSteps: sixAxes(
      kept.map((axis, i) => outputSteps[isKept ? axis : i]),
      0,
    ),
    reduced: sixAxes(
      reduced.map((axis) => shape[axis]),
      1,
    ),
    reducedSteps: sixAxes(
      reduced.map((axis) => steps[axis]),
      0,
    ),
  };
}

/**
 * A constant that is read as any tensor, in a tensor's layout.
 *
 * @param {Tensor} tensor
 * @param {Kept} kept
 */
export function keptTensor(tensor, kept) {
  const { shape } = tensor;
  const data = /** @type {Float32Array} */ (rootOf(tensor).data);
  const [channels, stride] = [channelsOf(shape), strideOf(shape)];
  return kept.add(wholeVectors(sizeOf(shape)), (to) => {
    for (let pixel = 0; pixel < pixelsOf(shape); pixel++) {
      to.set(data.subarray(pixel * channels, (pixel + 1) * channels), pixel * stride);
    }
  });
}
