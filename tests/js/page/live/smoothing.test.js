import assert from 'node:assert/strict';
import { test } from 'node:test';

import { arranged, createSmoothing } from '../../../../site_templates/app/page/live/smoothing.js';

/** @param {Record<string, number>} probabilities by class index */
const seen = (probabilities, unfamiliarity = 0.5) => ({
  predictions: Object.entries(probabilities).map(([index, probability]) => ({
    classIndex: Number(index),
    className: `class ${index}`,
    probability,
  })),
  unfamiliarity,
});

/** @param {import('../../../../site_templates/app/page/live/smoothing.js').Seen} steady */
const indices = ({ predictions }) => predictions.map(({ classIndex }) => classIndex);

test('the first frame counts as it is, with the most probable classes only', () => {
  const steady = createSmoothing(2).add(seen({ 7: 0.6, 3: 0.3, 1: 0.1 }), 1000);
  assert.deepEqual(indices(steady), [7, 3]);
  assert.equal(steady.predictions[0].probability, 0.6);
  assert.equal(steady.predictions[0].className, 'class 7');
  assert.equal(steady.unfamiliarity, 0.5);
});

test('a single odd frame does not turn the answer over, lasting change does', () => {
  const smoothing = createSmoothing(1);
  smoothing.add(seen({ 0: 0.9, 1: 0.1 }), 0);
  assert.deepEqual(indices(smoothing.add(seen({ 1: 0.9, 0: 0.1 }), 200)), [0]);
  assert.deepEqual(indices(smoothing.add(seen({ 1: 0.9, 0: 0.1 }), 2000)), [1]);
});

test('how steady it is depends on time, not on how many frames a device manages', () => {
  const [slow, fast] = [createSmoothing(1), createSmoothing(1)];
  for (const smoothing of [slow, fast]) smoothing.add(seen({ 0: 1 }, 1), 0);
  for (let at = 100; at < 1000; at += 100) fast.add(seen({ 0: 0.2 }, 0), at);
  const [a, b] = [slow, fast].map((smoothing) => smoothing.add(seen({ 0: 0.2 }, 0), 1000));
  assert.ok(Math.abs(a.predictions[0].probability - b.predictions[0].probability) < 1e-9);
  assert.ok(Math.abs((a.unfamiliarity ?? 0) - Math.exp(-2)) < 1e-9);
});

test('a class that is seen no more fades and goes', () => {
  const smoothing = createSmoothing(3);
  smoothing.add(seen({ 0: 0.9, 1: 0.1 }), 0);
  assert.ok(indices(smoothing.add(seen({ 1: 1 }), 500)).includes(0));
  assert.deepEqual(indices(smoothing.add(seen({ 1: 1 }), 20_000)), [1]);
});

test('neighbours that are about as probable keep their places', () => {
  const { predictions } = seen({ 0: 0.4, 1: 0.42, 2: 0.1 });
  assert.deepEqual(arranged([0, 1, 2], predictions, 3), [0, 1, 2]);
  assert.deepEqual(arranged([], predictions, 3), [1, 0, 2]);
});

test('a class that leads clearly goes past all that it leads', () => {
  const { predictions } = seen({ 0: 0.1, 1: 0.2, 2: 0.6, 9: 0.05 });
  assert.deepEqual(arranged([0, 1, 2], predictions, 3), [2, 1, 0]);
  const grown = seen({ 0: 0.3, 1: 0.2, 9: 0.5 }).predictions;
  assert.deepEqual(arranged([0, 1], grown, 2), [9, 0]);
});
