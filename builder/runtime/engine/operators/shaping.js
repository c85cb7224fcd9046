/** Operators that move numbers, or only change their shape. */
import { MOST_AXES, channelsOf, isDense, pixelsOf, product, stepsOf } from '../tensors.js';

/**
 * @typedef {import('../draft.js').Tensor} Tensor
 * @typedef {import('../lowering.js').Lowering} Lowering
 */

/** @param {Lowering} node */
export const identity = (node) => node.draft.view(node.tensor(0), node.tensor(0).shape, node.uses);

/** @param {Lowering} node */
export function reshape(node) {
  const input = node.tensor(0);
  const wanted = node.integers(1);
  const known = product(wanted.filter((side) => side !== -1));
  const open = product(input.shape) / known;
  return reshaped(
    node,
    input,
    wanted.map((side) => (side === -1 ? open : side)),
  );
}

/** @param {Lowering} node */
export function squeeze(node) {
  const input = node.tensor(0);
  const { shape } = input;
  const named = (node.attributes.integers('squeeze_dims') ?? []).map((axis) =>
    axis < 0 ? axis + shape.length : axis,
  );
  const kept = shape.filter((side, axis) =>
    named.length > 0 ? !named.includes(axis) : side !== 1,
  );
  return reshaped(node, input, kept);
}

/** @param {Lowering} node */
export function expandDims(node) {
  const input = node.tensor(0);
  const [axis] = node.integers(1);
  const shape = [...input.shape];
  shape.splice(axis < 0 ? axis + shape.length + 1 : axis, 0, 1);
  return reshaped(node, input, shape);
}

/**
 * @param {Lowering} node
 * @param {Tensor} input
 * @param {readonly number[]} shape
 */
function reshaped(node, input, shape) {
  const { draft, uses } = node;
  const isSameOrder =
    pixelsOf(input.shape) === pixelsOf(shape) || (isDense(input.shape) && isDense(shape));
  if (isSameOrder && product(input.shape) === product(shape)) return draft.view(input, shape, uses);
  if (isDense(input.shape)) return draft.add(unpadded(node, shape, false), [input], shape, uses);
  // All numbers in one pixel.
  const flat = [product(shape)];
  const dense = draft.add(unpadded(node, input.shape, true), [input], flat, 1);
  if (isDense(shape)) return draft.view(dense, shape, uses);
  return draft.add(unpadded(node, shape, false), [dense], shape, uses);
}

/**
 * A copy between a tensor and the same numbers without gaps.
 *
 * @param {Lowering} node
 * @param {readonly number[]} shape
 * @param {boolean} isInput whether the tensor is what is read
 * @returns {import('../draft.js').Copy}
 */
function unpadded(node, shape, isInput) {
  const channels = channelsOf(shape);
  const steps = [
    [node.strideOf(shape), 1],
    [channels, 1],
  ];
  const [inputSteps, outputSteps] = isInput ? steps : [steps[1], steps[0]];
  return { kernel: 'copy', block: { sides: [pixelsOf(shape), channels], inputSteps, outputSteps } };
}

/** @param {Lowering} node */
export function pad(node) {
  const { draft, uses } = node;
  const input = node.tensor(0);
  const pads = node.integers(1);
  const { shape } = input;
  if (shape.length > MOST_AXES) throw node.lacks(`${node.op} of ${shape.length} axes`);
  const value = node.op === 'PadV2' ? node.weights(2).data[0] : 0;
  const made = shape.map((side, axis) => pads[2 * axis] + side + pads[2 * axis + 1]);
  const output = draft.tensor(made, uses);
  const steps = stepsOf(made);
  const outputAt = steps.reduce((at, step, axis) => at + step * pads[2 * axis], 0);
  const block = { sides: shape, inputSteps: stepsOf(shape), outputSteps: steps, outputAt };
  const operations = [
    draft.addTo(output, { kernel: 'fill', value }, []),
    draft.addTo(output, { kernel: 'copy', block }, [input]),
  ];
  const isAround = shape.length === 4 && [0, 1, 6, 7].every((i) => pads[i] === 0);
  if (isAround && value === 0 && Math.min(...pads) >= 0) {
    node.paddings.set(output, { input, operations, around: [pads.slice(2, 4), pads.slice(4, 6)] });
  }
  return output;
}

/** @param {Lowering} node */
export function concat(node) {
  const { draft, uses } = node;
  const count = node.inputs - 1;
  const parts = Array.from({ length: count }, (_, i) => node.tensor(i));
  const [given] = node.integers(count);
  const axes = parts[0].shape.length;
  const axis = given < 0 ? given + axes : given;
  if (axes > MOST_AXES) throw node.lacks(`${node.op} of ${axes} axes`);
  const shape = parts[0].shape.map((side, i) =>
    i === axis ? parts.reduce((total, part) => total + part.shape[axis], 0) : side,
  );
  const output = draft.tensor(shape, uses);
  const outputSteps = stepsOf(shape);
  let outputAt = 0;
  for (const part of parts) {
    const block = { sides: part.shape, inputSteps: stepsOf(part.shape), outputSteps, outputAt };
    draft.addTo(output, { kernel: 'copy', block }, [part]);
    outputAt += part.shape[axis] * outputSteps[axis];
  }
  return output;
}

/** @param {Lowering} node */
export function transpose(node) {
  const input = node.tensor(0);
  const order = node.integers(1);
  if (order.length > MOST_AXES) throw node.lacks(`${node.op} of ${order.length} axes`);
  const shape = order.map((axis) => input.shape[axis]);
  const steps = stepsOf(input.shape);
  const inputSteps = order.map((axis) => steps[axis]);
  const block = { sides: shape, inputSteps, outputSteps: stepsOf(shape) };
  return node.draft.add({ kernel: 'copy', block }, [input], shape, node.uses);
}
