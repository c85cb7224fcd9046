// Answers questions of the tests in Python that compare the learner with scikit-learn, one JSON a line:
// {name, args} → the function's result, typed arrays as lists.
import { createInterface } from 'node:readline';
import process from 'node:process';

import { answer, learn } from '../../../site_templates/app/learner/learner.js';
import { fitSoftmax } from '../../../site_templates/app/learner/regression.js';

/** @typedef {{rows: number[][], labels: number[], weights: number[], classes: number}} Asked */

/** @type {Record<string, (...args: any[]) => unknown>} */
const functions = {
  /** @param {Asked} asked @param {number} penalty */
  fit: ({ rows, labels, weights, classes }, penalty) =>
    fitSoftmax(
      {
        values: Float64Array.from(rows.flat()),
        depth: rows[0].length,
        labels: Int32Array.from(labels),
        weights: Float64Array.from(weights),
        classes,
      },
      penalty,
    ),
  /** @param {Asked} asked @param {number[][]} others to tell the class of, having learnt */
  answers: ({ rows, labels, classes }, others) => {
    const examples = rows.map((row, index) => ({
      classIndex: labels[index],
      views: [Float32Array.from(row)],
      group: index,
    }));
    const taught = learn(examples, classes);
    return others.map((other) => answer(taught, Float32Array.from(other)).probabilities);
  },
};

/** @param {string} _ @param {unknown} value */
function plain(_, value) {
  return ArrayBuffer.isView(value) ? Array.from(/** @type {Float64Array} */ (value)) : value;
}

for await (const line of createInterface({ input: process.stdin })) {
  const { name, args } = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(functions[name](...args), plain)}\n`);
}
