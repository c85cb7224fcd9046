/** Operators that take each number by itself. */
import { NONE } from '../draft.js';
import { asGate, asResidual, perChannel, withActivation, withAffine } from '../fusion.js';
import { MOST_AXES, broadcast, channelsOf, isSame, pixelsOf, product } from '../tensors.js';

/**
 * @typedef {import('../draft.js').Tensor} Tensor
 * @typedef {import('../draft.js').Activation} Activation
 * @typedef {import('../draft.js').Combination} Combination
 * @typedef {import('../lowering.js').Lowering} Lowering
 */

/** @type {Readonly<Record<string, Partial<Activation>>>} */
const ACTIVATIONS = {
  Relu: { lowest: 0 },
  Relu6: { lowest: 0, highest: 6 },
  Sigmoid: { function: 'sigmoid' },
  Tanh: { function: 'tanh' },
  Elu: { function: 'elu', slope: 1 },
  LeakyRelu: { function: 'leaky' },
  Erf: { function: 'erf' },
  Exp: { function: 'exp' },
  Abs: { function: 'abs' },
  Square: { function: 'square' },
  Sqrt: { function: 'sqrt' },
  Rsqrt: { function: 'rsqrt' },
  Neg: { function: 'negative' },
  Reciprocal: { function: 'reciprocal' },
};
/** Operators of one number. */
export const UNARY = Object.keys(ACTIVATIONS);

/** TensorFlow's default for the slope below zero. */
const LEAKY_SLOPE = 0.2;

/**
 * @param {string} operator
 * @param {Lowering} node that has it, or fuses it
 * @returns {Activation}
 */
export function activationOf(operator, node) {
  const activation = ACTIVATIONS[operator];
  if (activation === undefined) throw node.lacks(`${node.op} with ${operator}`);
  if (operator !== 'LeakyRelu') return { ...NONE, ...activation };
  const name = node.op === 'LeakyRelu' ? 'alpha' : 'leakyrelu_alpha';
  return { ...NONE, ...activation, slope: node.attributes.float(name, LEAKY_SLOPE) };
}

/** @param {Lowering} node */
export const unary = (node) =>
  withActivation(node.draft, node.tensor(0), activationOf(node.op, node), node.uses);

/** @type {Readonly<Record<string, Combination>>} */
const COMBINED = {
  Add: 'add',
  AddV2: 'add',
  BiasAdd: 'add',
  Sub: 'subtract',
  Mul: 'multiply',
  RealDiv: 'divide',
  Maximum: 'maximum',
  Minimum: 'minimum',
  SquaredDifference: 'squaredDifference',
};
/** Operators of two numbers. */
export const BINARY = Object.keys(COMBINED);

/** @param {Lowering} node */
export function binary(node) {
  const combination = COMBINED[node.op];
  const scaled = asAffine(node, combination);
  if (scaled !== null) return scaled;
  const [first, second] = [node.tensor(0), node.tensor(1)];
  const { draft, uses } = node;
  /** @type {[Tensor, Tensor]} */
  const both = [first, second];
  if (combination === 'multiply') {
    const gate = asGate(draft, both, uses);
    if (gate !== null) return gate;
  }
  if (combination === 'add') {
    const sum = asResidual(draft, both, uses);
    if (sum !== null) return sum;
  }
  const shape = broadcast(first.shape, second.shape);
  if (shape === null) throw node.lacks(`${node.op} of shapes that don't fit`);
  if (both.every((one) => isByPixel(one.shape, shape))) {
    return draft.add({ kernel: 'combine', combination, activation: NONE }, both, shape, uses);
  }
  if (shape.length > MOST_AXES) throw node.lacks(`${node.op} of ${shape.length} axes`);
  return draft.add({ kernel: 'combineAny', combination }, both, shape, uses);
}

/**
 * Whether an operand has each pixel of the result, or one pixel for all.
 *
 * @param {readonly number[]} shape
 * @param {readonly number[]} result
 */
function isByPixel(shape, result) {
  const sides = [...new Array(result.length - shape.length).fill(1), ...shape];
  return (
    channelsOf(sides) === channelsOf(result) && (isSame(sides, result) || pixelsOf(sides) === 1)
  );
}

/**
 * Arithmetic with constants, one for all or one a channel, is a scale and an offset.
 *
 * @param {Lowering} node
 * @param {Combination} combination
 */
function asAffine(node, combination) {
  for (const [at, other] of [
    [1, 0],
    [0, 1],
  ]) {
    const constant = node.constant(at);
    if (constant === null || node.constant(other) !== null) continue;
    const input = node.tensor(other);
    if (!isPerChannel(constant.shape, input.shape)) continue;
    const numbers = perChannel(constant.data, input.shape);
    const affine = affineOf(combination, numbers, at === 1);
    if (affine !== null) return withAffine(node.draft, input, affine, node.uses);
  }
  return null;
}

/** @param {readonly number[]} shape @param {readonly number[]} result */
function isPerChannel(shape, result) {
  if (shape.length > result.length) return false;
  const count = product(shape);
  return count === 1 || (count === channelsOf(shape) && count === channelsOf(result));
}

/**
 * @param {Combination} combination
 * @param {Float64Array} numbers
 * @param {boolean} isSecond whether they are the second operand
 */
function affineOf(combination, numbers, isSecond) {
  const zeros = new Float64Array(numbers.length);
  const ones = zeros.map(() => 1);
  switch (combination) {
    case 'add':
      return { scale: ones, offset: numbers };
    case 'multiply':
      return { scale: numbers, offset: zeros };
    case 'subtract':
      return isSecond
        ? { scale: ones, offset: numbers.map((one) => -one) }
        : { scale: ones.map(() => -1), offset: numbers };
    case 'divide':
      return isSecond ? { scale: numbers.map((one) => 1 / one), offset: zeros } : null;
    default:
      return null;
  }
}

/** Batch normalization with constants. @param {Lowering} node */
export function batchNorm(node) {
  const input = node.tensor(0);
  const [gamma, beta, mean, variance] = [1, 2, 3, 4].map((i) =>
    perChannel(node.weights(i).data, input.shape),
  );
  const epsilon = node.attributes.float('epsilon', 1e-4);
  const scale = gamma.map((one, c) => one / Math.sqrt(variance[c] + epsilon));
  const offset = beta.map((one, c) => one - mean[c] * scale[c]);
  return withAffine(node.draft, input, { scale, offset }, node.uses);
}
