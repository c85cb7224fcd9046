/**
 * What an operation does beside its main work: scaling, bias, a sum with another tensor, the activation. Each
 * function returns the resulting tensor, made by an existing operation where possible.
 *
 * @typedef {import('./draft.js').Draft} Draft
 * @typedef {import('./draft.js').Tensor} Tensor
 * @typedef {import('./draft.js').Activation} Activation
 * @typedef {import('./draft.js').Affine} Affine
 */
import { NONE, isNone, soleSource } from './draft.js';
import { channelsOf, isSame, rootOf } from './tensors.js';

/**
 * @param {Draft} draft
 * @param {Tensor} input
 * @param {Activation} activation
 * @param {number} uses
 */
export function withActivation(draft, input, activation, uses) {
  const source = soleSource(input);
  if (source !== null && 'activation' in source && isNone(source.activation)) {
    source.activation = activation;
    input.uses = uses;
    return input;
  }
  return draft.add({ kernel: 'map', affine: null, activation }, [input], input.shape, uses);
}

/**
 * @param {Draft} draft
 * @param {Tensor} input
 * @param {Affine} affine
 * @param {number} uses
 */
export function withAffine(draft, input, affine, uses) {
  const source = soleSource(input);
  if (source !== null && 'activation' in source && absorbs(source, affine)) {
    input.uses = uses;
    return input;
  }
  return draft.add({ kernel: 'map', affine, activation: NONE }, [input], input.shape, uses);
}

/**
 * Have an operation scale what it makes, if it can.
 *
 * @param {import('./draft.js').Operation & {activation: Activation}} source
 * @param {Affine} affine
 */
function absorbs(source, affine) {
  if (source.kernel === 'map' && scalesClamp(source, affine)) return true;
  if (!isNone(source.activation)) return false;
  if (source.kernel === 'map') {
    source.affine = source.affine === null ? affine : composed(source.affine, affine);
    return true;
  }
  if (!('filter' in source) || source.reads.length > 1) return false;
  const { scale, bias } = source.filter;
  const made = composed({ scale, offset: bias }, affine);
  Object.assign(source.filter, { scale: made.scale, bias: made.offset });
  return true;
}

/**
 * A scaled clamp is a clamp of the scaled numbers: hard sigmoids are written this way.
 *
 * @param {import('./draft.js').MapChannels} source
 * @param {Affine} affine
 */
function scalesClamp(source, { scale, offset }) {
  const { activation, affine } = source;
  const factor = scale[0];
  if (activation.function !== 'clamp' || isNone(activation) || affine === null) return false;
  if (!(factor > 0) || !scale.every((one) => one === factor) || offset.some(Boolean)) return false;
  source.affine = composed(affine, { scale, offset });
  const [lowest, highest] = [activation.lowest * factor, activation.highest * factor];
  source.activation = { ...activation, lowest, highest };
  return true;
}

/**
 * @param {Affine} first
 * @param {Affine} second
 * @returns {Affine}
 */
function composed(first, second) {
  return {
    scale: first.scale.map((scale, c) => scale * second.scale[c]),
    offset: first.offset.map((offset, c) => offset * second.scale[c] + second.offset[c]),
  };
}

/**
 * A sum of two tensors of a shape, by the convolution that makes one of them.
 *
 * @param {Draft} draft
 * @param {readonly [Tensor, Tensor]} terms
 * @param {number} uses
 * @returns {Tensor | null} null where none can
 */
export function asResidual(draft, [first, second], uses) {
  if (!isSame(first.shape, second.shape) || first === second) return null;
  const { operations } = draft;
  for (const [sum, other] of [
    [first, second],
    [second, first],
  ]) {
    const source = soleSource(sum);
    if (source?.kernel !== 'convolution' || source.reads.length > 1) continue;
    if (!isNone(source.activation)) continue;
    // The other tensor must be written before: an operation cannot read what is computed after it.
    const position = operations.indexOf(source);
    if (operations.slice(position).some(({ output }) => output === rootOf(other))) continue;
    source.reads.push(other);
    sum.uses = uses;
    return sum;
  }
  return null;
}

/**
 * A product of a tensor and its own sigmoid, or a hard one: swish.
 *
 * @param {Draft} draft
 * @param {readonly [Tensor, Tensor]} factors
 * @param {number} uses
 * @returns {Tensor | null} null where it is none
 */
export function asGate(draft, factors, uses) {
  for (const [gate, input] of [factors, [factors[1], factors[0]]]) {
    const source = soleSource(gate);
    if (source?.kernel !== 'map' || source.reads[0] !== input) continue;
    const activation = gateOf(source);
    if (activation === null) continue;
    draft.remove(source);
    input.uses -= 1;
    return withActivation(draft, input, activation, uses);
  }
  return null;
}

/**
 * @param {import('./draft.js').MapChannels} source
 * @returns {Activation | null}
 */
function gateOf({ activation, affine }) {
  if (activation.function === 'sigmoid')
    return affine === null ? { ...NONE, function: 'swish' } : null;
  if (activation.function !== 'clamp' || affine === null) return null;
  const [slope, shift] = [affine.scale[0], affine.offset[0]];
  const isUniform =
    affine.scale.every((one) => one === slope) && affine.offset.every((one) => one === shift);
  return isUniform ? { ...activation, function: 'gate', slope, shift } : null;
}

/**
 * The same for all channels, or one a channel.
 *
 * @param {ArrayLike<number>} numbers
 * @param {readonly number[]} shape of the tensor with the channels
 */
export const perChannel = (numbers, shape) =>
  Float64Array.from({ length: channelsOf(shape) }, (_, c) => numbers[numbers.length === 1 ? 0 : c]);
