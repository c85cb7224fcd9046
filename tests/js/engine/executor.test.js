import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Executor } from '../../../builder/runtime/engine/executor.js';
import { constants, integers, kernels, node, photo, text } from './graphs.js';

const STRIDES = integers([1, 1, 1, 1]);

/** A photo of 4 × 4 that is scaled, convolved to two channels and averaged; the mean is the answer. */
function small() {
  const { nodes, weights } = constants({
    factor: { shape: [], data: [2] },
    // Each tap of the first channel is 1; the second is the green of the pixel itself.
    filter: {
      shape: [3, 3, 3, 2],
      data: Array.from({ length: 54 }, (_, i) => (i % 2 ? Number(i === 4 * 6 + 3) : 1)),
    },
    bias: { shape: [2], data: [0.5, -100] },
    axes: { shape: [2], data: [1, 2], whole: true },
  });
  return {
    nodes: [
      photo([-1, 4, 4, 3]),
      ...nodes,
      node('scaled', 'Mul', ['image', 'factor']),
      node('convolved', '_FusedConv2D', ['scaled', 'filter', 'bias'], {
        padding: text('SAME'),
        strides: STRIDES,
        fused_ops: { list: { s: ['BiasAdd', 'Relu'].map(btoa) } },
      }),
      node('mean', 'Mean', ['convolved', 'axes']),
      node('softened', 'Softmax', ['mean']),
    ],
    weights,
    outputs: ['mean'],
    others: ['softened'],
  };
}

for (const build of ['simd', 'relaxed-simd']) {
  test(`the engine answers (${build})`, () => {
    const executor = new Executor(kernels(build), small());
    const pixels = new Float32Array(48).fill(1);
    pixels[1] = 200;
    // 100 windows of ones cover 4 · 4 pixels: corners four, edges six, the middle nine taps.
    const sum = 3 * 2 * (4 * 4 + 8 * 6 + 4 * 9) + 2 * 199 * 4;
    const [mean] = executor.run(pixels, ['mean']);
    assert.deepEqual(mean.shape, [1, 2]);
    assert.ok(Math.abs(mean.values[0] - (sum / 16 + 0.5)) < 1e-4);
    assert.ok(Math.abs(mean.values[1] - 300 / 16) < 1e-4);
    const [other] = executor.run(pixels, ['softened']);
    assert.ok(Math.abs(other.values[0] + other.values[1] - 1) < 1e-6);
  });
}

test('answers are the same however many there were, and take no more memory', () => {
  const executor = new Executor(kernels('simd'), small());
  const pixels = Float32Array.from({ length: 48 }, (_, i) => i);
  const [first] = executor.run(pixels, ['mean']);
  const { bytes } = executor;
  for (let i = 0; i < 10_000; i++)
    executor.run(
      pixels.map((one) => one * (i % 3)),
      ['softened'],
    );
  assert.deepEqual(executor.run(pixels, ['mean']), [first]);
  assert.equal(executor.bytes, bytes);
});

test('scaling, bias and activation are no steps of their own', () => {
  const executor = new Executor(kernels('simd'), small());
  assert.equal(executor.plan.steps, 3);
});

test('pixels that the graph does not take, and outputs that it lacks, are told', () => {
  const executor = new Executor(kernels('simd'), small());
  assert.throws(() => executor.run(new Float32Array(47), ['mean']), /takes 48 numbers, and got 47/);
  assert.throws(() => executor.run(new Float32Array(48), ['odds']), /no output odds/);
});

test('what the engine lacks is told with its layer', () => {
  const model = small();
  const strange = { ...model, nodes: [...model.nodes, node('top', 'TopKV2', ['mean'])] };
  assert.throws(() => new Executor(kernels('simd'), { ...strange, outputs: ['top'] }), {
    name: 'Unsupported',
    what: 'TopKV2',
    layer: 'top',
    message: /no TopKV2 \(in the layer 'top'\)/,
  });
  const grouped = constants({ filter: { shape: [1, 1, 1, 3], data: [1, 2, 3] } });
  const groups = {
    nodes: [
      photo([1, 4, 4, 3]),
      ...grouped.nodes,
      node('groups', 'Conv2D', ['image', 'filter'], { padding: text('VALID'), strides: STRIDES }),
    ],
    weights: grouped.weights,
    outputs: ['groups'],
  };
  assert.throws(() => new Executor(kernels('simd'), groups), /no convolution in groups.*'groups'/);
});
