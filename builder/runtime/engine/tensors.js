/**
 * Tensors as the kernels see them (builder/runtime/kernels/steps.h): pixels of channels, and a stride between pixels.
 *
 * @typedef {object} Tensor
 * @property {readonly number[]} shape
 * @property {number} uses by how many nodes it is read, outputs of the graph included
 * @property {Float32Array | Int32Array | null} data where it is a constant
 * @property {import('./draft.js').Operation | null} from what writes all of it, where one operation does
 * @property {Tensor | null} view whose memory it has, in the same order
 */

const LANES = 4;
/** From this many channels on, neighbouring pixels would fall into the same sets of a cache. */
const WIDE = 256;
/** Highest number of axes that kernels for any shape take. */
export const MOST_AXES = 6;

/** @param {readonly number[]} sides */
export const product = (sides) => sides.reduce((total, side) => total * side, 1);

/** @param {number} count */
export const wholeVectors = (count) => Math.ceil(count / LANES) * LANES;

/** @param {readonly number[]} shape */
export const channelsOf = (shape) => shape.at(-1) ?? 1;

/** @param {readonly number[]} shape */
export const pixelsOf = (shape) => product(shape.slice(0, -1));

/** @param {readonly number[]} shape floats from one pixel to the next */
export function strideOf(shape) {
  const vectors = wholeVectors(channelsOf(shape));
  return vectors >= WIDE && pixelsOf(shape) > 1 ? vectors + 16 : vectors;
}

/** @param {readonly number[]} shape whether nothing lies between its numbers */
export const isDense = (shape) => pixelsOf(shape) === 1 || strideOf(shape) === channelsOf(shape);

/** @param {readonly number[]} shape floats that it takes */
export const sizeOf = (shape) => pixelsOf(shape) * strideOf(shape);

/** @param {readonly number[]} shape floats from one element to the next on each axis */
export function stepsOf(shape) {
  const steps = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    steps[axis] = axis === shape.length - 2 ? strideOf(shape) : steps[axis + 1] * shape[axis + 1];
  }
  return steps;
}

/** @param {readonly number[]} numbers @param {number} filling as many axes as kernels take */
export const sixAxes = (numbers, filling) => [
  ...new Array(MOST_AXES - numbers.length).fill(filling),
  ...numbers,
];

/** @param {readonly number[]} one @param {readonly number[]} other */
export const isSame = (one, other) =>
  one.length === other.length && one.every((side, axis) => side === other[axis]);

/**
 * The shape that two broadcast to, as NumPy has it.
 *
 * @param {readonly number[]} one
 * @param {readonly number[]} other
 * @returns {number[] | null} null where they don't fit
 */
export function broadcast(one, other) {
  const axes = Math.max(one.length, other.length);
  const [first, second] = [one, other].map((shape) => [
    ...new Array(axes - shape.length).fill(1),
    ...shape,
  ]);
  const fits = first.every((side, i) => side === second[i] || side === 1 || second[i] === 1);
  return fits ? first.map((side, i) => (side === 1 ? second[i] : side)) : null;
}

/**
 * @param {Tensor} tensor
 * @returns {Tensor} the one whose memory it has
 */
export const rootOf = (tensor) => (tensor.view === null ? tensor : rootOf(tensor.view));
