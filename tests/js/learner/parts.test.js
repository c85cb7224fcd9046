import assert from 'node:assert/strict';
import { test } from 'node:test';

import { inFewDimensions } from '../../../site_templates/app/learner/dimensions.js';
import { bestOf, confusionMatrix, wilson } from '../../../site_templates/app/learner/figures.js';
import { deal, randomFrom } from '../../../site_templates/app/learner/folds.js';
import { bestTemperature } from '../../../site_templates/app/learner/penalty.js';
import { fitSoftmax, scoresOf } from '../../../site_templates/app/learner/regression.js';
import { product } from '../../../site_templates/app/learner/vectors.js';
import { drawExamples } from './drawn.js';

/** @param {ArrayLike<number>} actual @param {ArrayLike<number>} expected @param {number} [within] */
function assertNear(actual, expected, within = 1e-6) {
  assert.equal(actual.length, expected.length);
  Array.from(actual).forEach((value, i) => {
    assert.ok(Math.abs(value - expected[i]) <= within, `${value}, not ${expected[i]}, at ${i}`);
  });
}

/** @param {{classes: number, photos: number, depth: number, apart: number}} how */
function drawRows(how) {
  const examples = drawExamples(how);
  return {
    values: Float64Array.from(examples.flatMap(({ views: [view] }) => [...view])),
    depth: how.depth,
    labels: Int32Array.from(examples, ({ classIndex }) => classIndex),
    classes: how.classes,
    weights: new Float64Array(examples.length).fill(1),
  };
}

test('two rows that mirror each other are told apart as mathematics says', () => {
  const rows = {
    values: Float64Array.of(1, -1),
    depth: 1,
    labels: Int32Array.of(0, 1),
    classes: 2,
    weights: Float64Array.of(1, 1),
  };
  // The kernel is ±k with k = 2 (1 - 1 / (1 + exp(-2 k))) / 2: where the slope of loss and penalty cancel.
  const { kernel, bias } = fitSoftmax(rows, 2);
  const k = kernel[0];
  assertNear([kernel[1], bias[0], bias[1]], [-k, 0, 0]);
  assertNear([k], [1 - 1 / (1 + Math.exp(-2 * k))]);
});

test('in few dimensions the same is found', () => {
  const rows = drawRows({ classes: 3, photos: 8, depth: 50, apart: 0.3 });
  const few = inFewDimensions(rows.values, rows.depth);
  assert.equal(few.depth, 24);
  const small = fitSoftmax({ ...rows, values: few.values, depth: few.depth }, 10);
  assertNear(few.widen(small.kernel, 3), fitSoftmax(rows, 10).kernel, 1e-5);
});

test('rows that lie to each other as before, also where some repeat, add up or are nothing', () => {
  const [a, b, zero] = [Array(9).fill(1), Array.from({ length: 9 }, (_, i) => i), Array(9).fill(0)];
  const sum = a.map((value, i) => value + b[i]);
  const values = Float64Array.from([zero, a, a, b, sum, zero].flat());
  const few = inFewDimensions(values, 9);
  assert.equal(few.depth, 2);
  for (let one = 0; one < 6; one++) {
    for (let other = 0; other < 6; other++) {
      const expected = product(values, one * 9, values, other * 9, 9);
      const actual = product(few.values, one * 2, few.values, other * 2, 2);
      assertNear([actual], [expected]);
    }
  }
  const kernel = Float64Array.of(1, 2, -3, 4);
  const wide = few.widen(kernel, 2);
  const bias = new Float64Array(2);
  assertNear(
    scoresOf({ kernel: wide, bias }, values, 9),
    scoresOf({ kernel, bias }, few.values, few.depth),
  );
});

test('where all rows are nothing, a kernel of zeros is found', () => {
  const few = inFewDimensions(new Float64Array(12), 6);
  assert.equal(few.depth, 0);
  assertNear(few.widen(new Float64Array(), 2), new Float64Array(12));
});

test('folds hold whole groups, and of each class alike', () => {
  const groups = Array.from({ length: 40 }, (_, row) => row >> 1);
  const labels = Int32Array.from(groups, (group) => Number(group >= 10));
  const { fold, folds } = deal(labels, groups, 5, randomFrom(3));
  assert.equal(folds, 5);
  for (const row of groups.keys()) assert.equal(fold[row], fold[row ^ 1]);
  for (let held = 0; held < 5; held++) {
    const own = Array.from(labels.keys()).filter((row) => fold[row] === held);
    assert.equal(own.filter((row) => labels[row] === 1).length, 4);
    assert.equal(own.length, 8);
  }
});

test('the interval is the one of the literature', () => {
  // Brown, Cai & DasGupta 2001; Newcombe 1998 has 81 of 263.
  assertNear(wilson(81, 263), [0.2553, 0.3662], 5e-5);
  assertNear(wilson(0, 10), [0, 0.2775], 5e-5);
  assertNear(wilson(10, 10), [0.7225, 1], 5e-5);
});

test('answers are counted by class', () => {
  const scores = Float64Array.of(1, 2, 0, 3, 3, 1, -1, -5, -2);
  assert.deepEqual([...bestOf(scores, 3)], [1, 0, 0]);
  assert.deepEqual(confusionMatrix([1, 1, 2], [1, 0, 0], 3), [
    [0, 0, 0],
    [1, 1, 0],
    [1, 0, 0],
  ]);
});

test('scores that are twice too sharp are halved', () => {
  // Three of four right at ±1.0986 / 2 either way: probabilities of 3/4.
  const half = Math.log(3) / 2;
  const scores = Float64Array.from([0, 1, 2, 3].flatMap(() => [2 * half, -2 * half]));
  const rows = {
    values: new Float64Array(),
    depth: 0,
    labels: Int32Array.of(0, 0, 0, 1),
    classes: 2,
    weights: new Float64Array(4).fill(1),
  };
  const { temperature, loss } = bestTemperature(scores, rows);
  assertNear([temperature, loss], [2, -3 * Math.log(0.75) - Math.log(0.25)], 1e-4);
});
