import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  applyTemperature,
  classActivationMap,
  featureFault,
  normalizedEntropy,
  probabilityFault,
  topPredictions,
  uncertaintyOf,
} from '../../../site_templates/app/classifier/postprocess.js';

const labels = ['ash', 'birch', 'cedar', 'elm'];

test('predictions come best first, with their names', () => {
  const predictions = topPredictions(Float32Array.of(0.125, 0.5, 0.25, 0.125), labels, 2);
  assert.deepEqual(predictions, [
    { classIndex: 1, className: 'birch', probability: 0.5 },
    { classIndex: 2, className: 'cedar', probability: 0.25 },
  ]);
});

test('of equal probabilities the lower class index comes first', () => {
  const predictions = topPredictions(Float32Array.of(0.25, 0.25, 0.25, 0.25), labels, 3);
  assert.deepEqual(
    predictions.map(({ classIndex }) => classIndex),
    [0, 1, 2],
  );
});

test('asking for more classes than there are gives all', () => {
  assert.equal(topPredictions(Float32Array.of(0.5, 0.5), labels, 1000).length, 2);
});

test('a temperature equals dividing the logits by it', () => {
  const logits = [2, -1, 0.5, 3];
  const softmax = (/** @type {number[]} */ values) => {
    const powers = values.map(Math.exp);
    const sum = powers.reduce((a, b) => a + b);
    return powers.map((power) => power / sum);
  };
  for (const temperature of [0.5, 1, 1.7, 10]) {
    const actual = applyTemperature(Float32Array.from(softmax(logits)), temperature);
    softmax(logits.map((logit) => logit / temperature)).forEach((expected, i) => {
      assert.ok(Math.abs(actual[i] - expected) < 1e-6, `T = ${temperature}: ${actual[i]}`);
    });
  }
});

test('a temperature keeps probabilities of zero, and tiny ones do not underflow', () => {
  assert.deepEqual([...applyTemperature(Float32Array.of(0, 1), 2)], [0, 1]);
  const [small, smaller] = applyTemperature(Float32Array.of(1e-38, 1e-38), 0.1);
  assert.deepEqual([small, smaller], [0.5, 0.5]);
});

test('what a broken GPU answers is noticed', () => {
  assert.equal(probabilityFault(Float32Array.of(0.25, 0.75), 'softmax'), null);
  assert.match(probabilityFault(Float32Array.of(NaN, 1), 'softmax') ?? '', /NaN/);
  assert.match(probabilityFault(Float32Array.of(0, 0), 'softmax') ?? '', /add up to 0/);
  assert.match(probabilityFault(Float32Array.of(0.9, 0.9), 'softmax') ?? '', /add up/);
  assert.match(probabilityFault(Float32Array.of(-0.5, 1.5), 'softmax') ?? '', /-0\.5/);
  assert.equal(probabilityFault(Float32Array.of(0.9, 0.9), 'sigmoid'), null);
  assert.match(featureFault(Float32Array.of(1, Infinity)) ?? '', /finite/);
  assert.match(featureFault(Float32Array.of(0, 0)) ?? '', /zero/);
  assert.equal(featureFault(Float32Array.of(0, -2)), null);
});

test('the map of one class is cut out of the activations of all', () => {
  // Two rows, three columns, two classes.
  const activations = Float32Array.of(0, 10, 1, 11, 2, 12, 3, 13, 4, 14, 5, -15);
  assert.deepEqual(classActivationMap(activations, 2, 3, 1), {
    width: 3,
    height: 2,
    values: Float32Array.of(10, 11, 12, 13, 14, -15),
    min: -15,
    max: 14,
  });
});

test('classes that are excluded are never told', () => {
  const predictions = topPredictions(
    Float32Array.of(0.125, 0.5, 0.25, 0.125),
    labels,
    2,
    new Set([1]),
  );
  assert.deepEqual(
    predictions.map(({ className }) => className),
    ['cedar', 'ash'],
  );
});

test('the entropy runs from one sure class to all alike', () => {
  assert.equal(normalizedEntropy(Float32Array.of(0, 1, 0, 0)), 0);
  assert.equal(normalizedEntropy(Float32Array.of(0.25, 0.25, 0.25, 0.25)), 1);
  assert.equal(normalizedEntropy(Float32Array.of(0.5, 0.5, 0, 0)), 0.5);
  assert.equal(normalizedEntropy(Float32Array.of(1)), 0);
});

test('independent scores are uncertain where none says that its class is there', () => {
  const uncertainty = (/** @type {number[]} */ ...scores) =>
    uncertaintyOf(Float32Array.from(scores), 'sigmoid');
  assert.equal(uncertainty(1, 1, 1), 0);
  assert.equal(uncertainty(0.75, 0.75, 0), 0.5);
  assert.equal(uncertainty(0, 0.5), 1);
  assert.equal(uncertainty(0, 0, 0), 1);
  assert.equal(uncertaintyOf(Float32Array.of(0.25, 0.25, 0.25, 0.25), 'softmax'), 1);
});
