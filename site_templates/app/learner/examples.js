/** Examples as rows of numbers. Pure. */
import { inFewDimensions } from './dimensions.js';

/** The least spread, for a feature that hardly ever changes. */
const SMALLEST_SPREAD = 1e-3;

/**
 * A photo of a class.
 *
 * @typedef {object} Example
 * @property {number} classIndex
 * @property {readonly Float32Array[]} views embeddings, of equal length: of the photo as it is, and then of
 *   its flips and crops
 * @property {unknown} group photos that show the same thing, as the frames of a burst do, have the same
 *
 * @typedef {object} Table
 * @property {import('./regression.js').Rows} rows of each view of each example; classes weigh alike, and in a
 *   class its photos
 * @property {Int32Array} owner which example each row is a view of
 * @property {number[]} whole the row of each example's photo as it is
 *
 * @typedef {object} Prepared
 * @property {Table} table
 * @property {import('./regression.js').Rows} rows of the table, standardised and in few dimensions
 * @property {{mean: Float64Array, spread: Float64Array}} scale of each column of the table
 * @property {(found: import('./regression.js').Linear) => import('./regression.js').Linear} widen turns what is
 *   found for `rows` into the same for standardised ones
 */

/**
 * @param {readonly Example[]} examples one at least of each class
 * @param {number} classes
 * @returns {Prepared}
 * @throws {RangeError} as `tableOf`
 */
export function prepare(examples, classes) {
  const table = tableOf(examples, classes);
  const { values, ...scale } = standardise(table.rows.values, table.rows.depth);
  const few = inFewDimensions(values, table.rows.depth);
  return {
    table,
    rows: { ...table.rows, values: few.values, depth: few.depth },
    scale,
    widen: ({ kernel, bias }) => ({ kernel: few.widen(kernel, classes), bias }),
  };
}

/**
 * @param {readonly Example[]} examples one at least of each class
 * @param {number} classes
 * @returns {Table}
 * @throws {RangeError} where a class has no example, or embeddings differ in length or are no numbers
 */
export function tableOf(examples, classes) {
  const depth = examples[0]?.views[0]?.length ?? 0;
  const counts = new Int32Array(classes);
  for (const { classIndex, views } of examples) {
    if (!(classIndex in counts)) throw new RangeError(`There is no class ${classIndex}.`);
    counts[classIndex] += 1;
    for (const view of views) check(view, depth);
  }
  const empty = counts.indexOf(0);
  if (empty >= 0) throw new RangeError(`Class ${empty} has no example.`);
  /** @type {number[]} */
  const owner = [];
  /** @type {number[]} */
  const whole = [];
  examples.forEach(({ views }, example) => {
    whole.push(owner.length);
    for (let view = 0; view < views.length; view++) owner.push(example);
  });
  const values = new Float64Array(owner.length * depth);
  examples.forEach(({ views }, example) => {
    views.forEach((view, at) => values.set(view, (whole[example] + at) * depth));
  });
  const weights = Float64Array.from(owner, (example) => {
    const { classIndex, views } = examples[example];
    return examples.length / classes / counts[classIndex] / views.length;
  });
  const labels = Int32Array.from(owner, (example) => examples[example].classIndex);
  return {
    rows: { values, depth, labels, classes, weights },
    owner: Int32Array.from(owner),
    whole,
  };
}

/**
 * @param {Float32Array} view
 * @param {number} depth
 */
function check(view, depth) {
  if (view.length !== depth || depth === 0) {
    throw new RangeError(`An embedding has ${view.length} numbers, another ${depth}.`);
  }
  if (!view.every(Number.isFinite))
    throw new RangeError('An embedding has values that are no numbers.');
}

/**
 * @param {Float64Array} values row by row
 * @param {number} depth
 * @returns {{values: Float64Array, mean: Float64Array, spread: Float64Array}} the values less the mean of each
 *   column, in units of its standard deviation
 */
export function standardise(values, depth) {
  const count = values.length / depth;
  const mean = new Float64Array(depth);
  const spread = new Float64Array(depth);
  values.forEach((value, at) => {
    mean[at % depth] += value / count;
  });
  values.forEach((value, at) => {
    spread[at % depth] += (value - mean[at % depth]) ** 2 / count;
  });
  for (let i = 0; i < depth; i++) spread[i] = Math.sqrt(spread[i]) + SMALLEST_SPREAD;
  const scaled = values.map((value, at) => (value - mean[at % depth]) / spread[at % depth]);
  return { values: scaled, mean, spread };
}

/**
 * Turn a solution for standardised values into the one for the original values.
 *
 * @param {import('./regression.js').Linear} linear
 * @param {{mean: Float64Array, spread: Float64Array}} scale
 * @param {number} [temperature] scores are divided by it
 * @returns {import('./regression.js').Linear}
 */
export function unscale({ kernel, bias }, { mean, spread }, temperature = 1) {
  const depth = mean.length;
  const raw = kernel.map((value, at) => value / spread[at % depth] / temperature);
  const shifted = bias.map((value) => value / temperature);
  raw.forEach((value, at) => {
    shifted[Math.floor(at / depth)] -= value * mean[at % depth];
  });
  return { kernel: raw, bias: shifted };
}
