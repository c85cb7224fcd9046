/** The test on examples that were held out while the others were learnt from. Pure. */
import { prepare } from './examples.js';
import { bestOf, confusionMatrix, wilson } from './figures.js';
import { deal, randomFrom, shuffled } from './folds.js';
import { crossValidate } from './penalty.js';
import { softmax } from './regression.js';

/**
 * @typedef {import('./examples.js').Example} Example
 * @typedef {import('./examples.js').Prepared} Prepared
 * @typedef {import('./examples.js').Table} Table
 */

const FOLDS = 5;
/** With fewer groups in a class, nothing is held out: what is left would say too little. */
const FEWEST_GROUPS = 5;
/** Rows that are enough to hold out: more would take longer, and hardly say more. */
const MOST_ROWS = 600;
/** Part of the photos that may be taken for foreign, at most, as in trained models. */
const FALSE_ALARMS = 0.05;

/**
 * How it fared on photos that it had not learnt from.
 *
 * @typedef {object} Estimate
 * @property {number} right photos
 * @property {number} count photos asked about
 * @property {[low: number, high: number]} interval of the share of right answers, 95 %
 * @property {number[][]} confusion photos of each class (first) by answer (second)
 * @property {{example: number, answer: number, probability: number}[]} mistakes the surest first
 */

/**
 * @param {readonly Example[]} examples
 * @param {Prepared} prepared of them
 * @param {number} seed
 * @returns {{penalty: number, temperature: number, limit: number, estimate: Estimate} | null} `limit`: the lowest
 *   familiarity of a photo that is not foreign; null where there is too little to hold any out
 */
export function holdOut(examples, prepared, seed) {
  const { classes } = prepared.rows;
  if (fewest(examples, classes, ({ group }) => group) < FEWEST_GROUPS) return null;
  const random = randomFrom(seed);
  const chosen = sample(examples, prepared.table, random);
  const asked = chosen.map((index) => examples[index]);
  const { rows, table } = asked.length < examples.length ? prepare(asked, classes) : prepared;
  const { fold, folds } = dealOut(asked, table, random);
  const { scores, familiarity, ...held } = crossValidate(rows, fold, folds);
  const estimate = estimateOf(scores, held.temperature, table);
  const mistakes = estimate.mistakes.map(({ example, ...mistake }) => ({
    ...mistake,
    example: chosen[example],
  }));
  return { ...held, limit: limitOf(familiarity, table), estimate: { ...estimate, mistakes } };
}

/**
 * @param {readonly Example[]} examples
 * @param {Table} table of them
 * @param {() => number} random
 */
export function dealOut(examples, { rows, owner }, random) {
  const groups = Array.from(owner, (example) => examples[example].group);
  return deal(rows.labels, groups, FOLDS, random);
}

/**
 * @param {readonly Example[]} examples
 * @param {number} classes
 * @param {(example: Example, index: number) => unknown} by
 * @returns {number} the number of different ones in the class that has the fewest
 */
export function fewest(examples, classes, by) {
  /** @type {Set<unknown>[]} */
  const seen = Array.from({ length: classes }, () => new Set());
  examples.forEach((example, index) => seen[example.classIndex].add(by(example, index)));
  return Math.min(...seen.map(({ size }) => size));
}

/**
 * @param {Float64Array} scores of each row
 * @param {number} temperature
 * @param {Table} table
 * @returns {Estimate} of each example's photo as it is
 */
export function estimateOf(scores, temperature, { rows, whole }) {
  const { classes } = rows;
  const own = new Float64Array(whole.length * classes);
  whole.forEach((row, to) => {
    own.set(scores.subarray(row * classes, (row + 1) * classes), to * classes);
  });
  const answers = bestOf(own, classes);
  for (let at = 0; at < own.length; at++) own[at] /= temperature;
  softmax(own, classes);
  const labels = whole.map((row) => rows.labels[row]);
  const mistakes = Array.from(answers.keys())
    .filter((example) => answers[example] !== labels[example])
    .map((example) => {
      const probability = own[example * classes + answers[example]];
      return { example, answer: answers[example], probability };
    })
    .sort((one, other) => other.probability - one.probability);
  const count = whole.length;
  const right = count - mistakes.length;
  const confusion = confusionMatrix(labels, answers, classes);
  return { right, count, interval: wilson(right, count), confusion, mistakes };
}

/**
 * Choose enough examples of each class, in whole groups, and no more than holding out needs, which takes time.
 *
 * @param {readonly Example[]} examples
 * @param {Table} table of them
 * @param {() => number} random
 * @returns {number[]} which
 */
function sample(examples, { rows }, random) {
  const all = Array.from(examples.keys());
  if (rows.labels.length <= MOST_ROWS) return all;
  const order = shuffled([...new Set(examples.map(({ group }) => group))], random);
  /** @type {Map<unknown, number[]>} */
  const members = new Map(order.map((group) => [group, []]));
  for (const index of all) members.get(examples[index].group)?.push(index);
  const taken = Array.from({ length: rows.classes }, () => ({ groups: 0, rows: 0 }));
  const chosen = order.flatMap((group) => {
    const indices = members.get(group) ?? [];
    const own = taken[examples[indices[0]].classIndex];
    if (own.groups >= FEWEST_GROUPS && own.rows >= MOST_ROWS / rows.classes) return [];
    own.groups += 1;
    own.rows += indices.reduce((sum, index) => sum + examples[index].views.length, 0);
    return indices;
  });
  return chosen.sort((one, other) => one - other);
}

/**
 * @param {Float64Array} familiarity of each row
 * @param {Table} table
 * @returns {number} below which few of the photos as they are lie
 */
function limitOf(familiarity, { whole }) {
  const sorted = Float64Array.from(whole, (row) => familiarity[row]).sort();
  return sorted[Math.floor(FALSE_ALARMS * sorted.length)];
}
