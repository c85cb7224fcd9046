/** Convolutions, products with a matrix of weights, and pools. */
import { NONE, soleSource } from '../draft.js';
import { perChannel, withActivation, withAffine } from '../fusion.js';
import { channelsOf, pixelsOf } from '../tensors.js';
import { activationOf } from './elementwise.js';

/**
 * @typedef {import('../draft.js').Tensor} Tensor
 * @typedef {import('../draft.js').Window} Window
 * @typedef {import('../lowering.js').Lowering} Lowering
 */

/** @type {readonly [number, number]} */
const ONCE = [1, 1];
const ZERO = [0, 0];

/** @param {Lowering} node */
export function conv2d(node) {
  const { input, filter, window } = convolutionOf(node);
  const [, , depth, channels] = filter.shape;
  if (channelsOf(input.shape) !== depth) throw node.lacks(`convolution in groups`);
  const weights = /** @type {Float32Array} */ (filter.data);
  const made = plainFilter(weights, depth, channels);
  return fused(
    node,
    { kernel: 'convolution', filter: made, window, activation: NONE },
    input,
    channels,
  );
}

/** @param {Lowering} node */
export function depthwiseConv2d(node) {
  const { input, filter, window } = convolutionOf(node);
  const [, , depth, multiplier] = filter.shape;
  const channels = depth * multiplier;
  const made = plainFilter(/** @type {Float32Array} */ (filter.data), 1, channels);
  const from = multiplier === 1 ? input : repeated(node, input, multiplier);
  return fused(
    node,
    { kernel: 'depthwise', filter: made, window, activation: NONE },
    from,
    channels,
  );
}

/** @param {Lowering} node */
export function matMul(node) {
  const second = node.weights(1);
  const isTurned = node.attributes.isTrue('transpose_b');
  const [depth, channels] = isTurned ? [...second.shape].reverse() : second.shape;
  const weights = isTurned ? turned(second.data, channels, depth) : second.data;
  let input = node.tensor(0);
  if (node.attributes.isTrue('transpose_a')) input = turnedTensor(node, input);
  const filter = plainFilter(weights, depth, channels);
  const settings = {
    kernel: /** @type {const} */ ('convolution'),
    filter,
    window: { kernel: ONCE, stride: ONCE, dilation: ONCE, before: ZERO, after: ZERO },
    activation: NONE,
  };
  return fused(node, settings, input, channels);
}

/** @param {Lowering} node @param {'max' | 'mean'} reduction */
function pool(node, reduction) {
  const input = node.image(0);
  const kernel = node.pair('ksize');
  const window = windowOf(node, input.shape, kernel);
  const shape = [1, ...outputSize(input.shape, window), channelsOf(input.shape)];
  return node.draft.add({ kernel: 'pool', window, reduction }, [input], shape, node.uses);
}

/** @param {Lowering} node */
export const maxPool = (node) => pool(node, 'max');
/** @param {Lowering} node */
export const avgPool = (node) => pool(node, 'mean');

/**
 * The input, the weights and the window of a convolution; zeros that were put around the input become its own
 * padding.
 *
 * @param {Lowering} node
 */
function convolutionOf(node) {
  const filter = node.weights(1);
  const image = node.image(0);
  const { input, around } = withoutPadding(node, image);
  const kernel = filter.shape.slice(0, 2);
  const window = windowOf(node, image.shape, kernel);
  const [above, below] = [0, 1].map((side) => [0, 1].map((axis) => around[axis][side]));
  return {
    input,
    filter,
    window: {
      ...window,
      before: window.before.map((pixels, axis) => pixels + above[axis]),
      after: window.after.map((pixels, axis) => pixels + below[axis]),
    },
  };
}

/** @param {Lowering} node @param {Tensor} image */
function withoutPadding(node, image) {
  const none = { input: image, around: [ZERO, ZERO] };
  const padding = node.paddings.get(image);
  if (padding === undefined || image.uses !== 1) return none;
  padding.operations.forEach((operation) => node.draft.remove(operation));
  return { input: padding.input, around: padding.around };
}

/**
 * @param {Float32Array | Int32Array} weights
 * @param {number} depth
 * @param {number} channels
 * @returns {import('../draft.js').Filter}
 */
function plainFilter(weights, depth, channels) {
  return {
    weights: /** @type {Float32Array} */ (weights),
    depth,
    channels,
    scale: new Float64Array(channels).fill(1),
    bias: new Float64Array(channels),
    before: null,
  };
}

/**
 * Add a convolution with all that its node fuses into it: bias, a sum, an activation.
 *
 * @param {Lowering} node
 * @param {import('../draft.js').Convolution | import('../draft.js').Depthwise} settings
 * @param {Tensor} given
 * @param {number} channels
 */
function fused(node, settings, given, channels) {
  const { draft, attributes } = node;
  const isImage = !node.op.endsWith('MatMul');
  const input = settings.kernel === 'convolution' ? withoutScaling(draft, settings, given) : given;
  const size = isImage
    ? [1, ...outputSize(input.shape, settings.window)]
    : input.shape.slice(0, -1);
  const shape = [...size, channels];
  // Until all is done nothing else reads what is there so far.
  let made = draft.add(settings, [input], shape, 1);
  let argument = 2;
  for (const name of attributes.texts('fused_ops')) {
    if (name === 'BiasAdd') {
      const offset = perChannel(node.weights(argument).data, shape);
      made = withAffine(draft, made, { scale: new Float64Array(channels).fill(1), offset }, 1);
      argument += 1;
    } else if (name !== 'NoOp') {
      made = withActivation(draft, made, activationOf(name, node), 1);
    }
  }
  made.uses = node.uses;
  return made;
}

/**
 * Merge the scaling of a convolution's input, such as a photo's, into its weights, where nothing else needs it.
 *
 * @param {import('../draft.js').Draft} draft
 * @param {import('../draft.js').Convolution} settings
 * @param {Tensor} input
 */
function withoutScaling(draft, settings, input) {
  const source = soleSource(input);
  if (source?.kernel !== 'map' || source.affine === null) return input;
  const { lowest, highest, function: name } = source.activation;
  if (name !== 'clamp' || lowest !== -Infinity || highest !== Infinity) return input;
  // Beyond the border lie the values that the scaling turns into zero.
  if (source.affine.scale.some((scale) => scale === 0)) return input;
  settings.filter.before = source.affine;
  draft.remove(source);
  return source.reads[0];
}

/**
 * @param {Lowering} node
 * @param {readonly number[]} shape of the input
 * @param {readonly number[]} kernel
 * @returns {Window}
 */
function windowOf(node, shape, kernel) {
  const [stride, dilation] = [node.pair('strides'), node.pair('dilations')];
  const padding = node.attributes.text('padding');
  const window = { kernel, stride, dilation, before: ZERO, after: ZERO };
  if (padding === 'VALID') return window;
  if (padding === 'EXPLICIT') {
    const pads = node.attributes.integers('explicit_paddings') ?? [];
    return { ...window, before: [pads[2], pads[4]], after: [pads[3], pads[5]] };
  }
  // https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2: the larger half comes after.
  const all = kernel.map((side, axis) => {
    const size = shape[1 + axis];
    const reach = (side - 1) * dilation[axis] + 1;
    return Math.max(0, (Math.ceil(size / stride[axis]) - 1) * stride[axis] + reach - size);
  });
  const before = all.map((pixels) => Math.floor(pixels / 2));
  return { ...window, before, after: all.map((pixels, axis) => pixels - before[axis]) };
}

/** @param {readonly number[]} shape of the input @param {Window} window */
function outputSize(shape, { kernel, stride, dilation, before, after }) {
  return kernel.map((side, axis) => {
    const reach = (side - 1) * dilation[axis] + 1;
    const size = shape[1 + axis] + before[axis] + after[axis];
    return Math.floor((size - reach) / stride[axis]) + 1;
  });
}

/**
 * Each channel several times, side by side.
 *
 * @param {Lowering} node
 * @param {Tensor} input
 * @param {number} times
 */
function repeated(node, input, times) {
  const [pixels, channels] = [pixelsOf(input.shape), channelsOf(input.shape)];
  const shape = [...input.shape.slice(0, -1), channels * times];
  const block = {
    sides: [pixels, channels, times],
    inputSteps: [node.strideOf(input.shape), 1, 0],
    outputSteps: [node.strideOf(shape), times, 1],
  };
  return node.draft.add({ kernel: 'copy', block }, [input], shape, 1);
}

/**
 * @param {ArrayLike<number>} matrix
 * @param {number} rows
 * @param {number} columns
 */
function turned(matrix, rows, columns) {
  const found = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) found[j * rows + i] = matrix[i * columns + j];
  }
  return found;
}

/** @param {Lowering} node @param {Tensor} input */
function turnedTensor(node, input) {
  const [rows, columns] = input.shape;
  const shape = [columns, rows];
  const block = {
    sides: shape,
    inputSteps: [1, node.strideOf(input.shape)],
    outputSteps: [node.strideOf(shape), 1],
  };
  return node.draft.add({ kernel: 'copy', block }, [input], shape, 1);
}
