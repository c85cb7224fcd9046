/** Means, sums and largest numbers over axes, and softmax. */
import { MOST_AXES, channelsOf, isDense, pixelsOf, product } from '../tensors.js';

/** @typedef {import('../lowering.js').Lowering} Lowering */

/** @param {Lowering} node @param {import('../draft.js').Reduction} reduction */
function reduce(node, reduction) {
  const { draft, uses } = node;
  const input = node.tensor(0);
  const { shape } = input;
  const axes = new Set(node.integers(1).map((axis) => (axis < 0 ? axis + shape.length : axis)));
  const isKept = node.attributes.isTrue('keep_dims');
  const made = shape.flatMap((side, axis) => (axes.has(axis) ? (isKept ? [1] : []) : [side]));
  /** @param {number} axis whether there is nothing, or all, to reduce */
  const isReduced = (axis) => axes.has(axis) || shape[axis] === 1;
  const last = shape.length - 1;
  const before = shape.map((_, axis) => axis).slice(0, -1);
  const isChannels = channelsOf(made) === channelsOf(shape) && pixelsOf(made) === 1;
  if (!axes.has(last) && before.every(isReduced) && isChannels) {
    return draft.add({ kernel: 'reducePixels', reduction }, [input], made, uses);
  }
  const isPixels = before.every((axis) => !axes.has(axis));
  // Without the last axis, pixels become channels: numbers side by side.
  if (axes.has(last) && isPixels && (isKept || isDense(made))) {
    return draft.add({ kernel: 'reduceChannels', reduction }, [input], made, uses);
  }
  if (shape.length > MOST_AXES) throw node.lacks(`${node.op} of ${shape.length} axes`);
  return draft.add({ kernel: 'reduceAny', reduction, axes: [...axes] }, [input], made, uses);
}

/** @param {Lowering} node */
export const mean = (node) => reduce(node, 'mean');
/** @param {Lowering} node */
export const sum = (node) => reduce(node, 'sum');
/** @param {Lowering} node */
export const max = (node) => reduce(node, 'max');

/** @param {Lowering} node */
export function softmax(node) {
  const input = node.tensor(0);
  if (product(input.shape) === 0) throw node.lacks('Softmax of nothing');
  return node.draft.add({ kernel: 'softmax' }, [input], input.shape, node.uses);
}
