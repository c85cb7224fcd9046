import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fastest, median } from '../../../site_templates/app/classifier/trials.js';

const RIGHT = [0.7, 0.2, 0.1];

/**
 * A device on which each variant takes so many milliseconds and answers so; an Error is thrown.
 *
 * @param {Record<string, {opens?: Error, trial?: Error, milliseconds?: number, answer?: number[]}>} variants
 */
function device(variants) {
  /** @type {string[]} */
  const disposed = [];
  const open = async (/** @type {string} */ variant) => {
    const { opens, trial, milliseconds = 10, answer = RIGHT } = variants[variant];
    if (opens) throw opens;
    return {
      variant,
      trial: async () => {
        if (trial) throw trial;
        return { variant, milliseconds, probabilities: Float32Array.from(answer) };
      },
      dispose: async () => void disposed.push(variant),
    };
  };
  const run = async (/** @type {AbortSignal} */ signal) => {
    const [present, ...others] = Object.keys(variants);
    return fastest(await open(present), others, open, signal);
  };
  return { run, disposed };
}

const never = new AbortController().signal;

test('the fastest variant wins, and the others are freed', async () => {
  const { run, disposed } = device({
    wasm: { milliseconds: 10 },
    webgl: { milliseconds: 5 },
    webgpu: { milliseconds: 2 },
    'wasm:2': { milliseconds: 6 },
  });
  const { engine, trials } = await run(never);
  assert.equal(engine.variant, 'webgpu');
  assert.deepEqual(disposed, ['webgl', 'wasm:2']);
  assert.deepEqual(
    trials.map(({ variant, milliseconds }) => [variant, milliseconds]),
    [
      ['wasm', 10],
      ['webgl', 5],
      ['webgpu', 2],
      ['wasm:2', 6],
    ],
  );
});

test('a small lead is noise', async () => {
  const { run } = device({ wasm: { milliseconds: 10 }, webgl: { milliseconds: 9.5 } });
  assert.equal((await run(never)).engine.variant, 'wasm');
});

test('a variant that computes wrongly is dropped, however fast', async () => {
  for (const answer of [[0.1, 0.2, 0.7], [NaN, NaN, NaN], []]) {
    const { run, disposed } = device({
      wasm: { milliseconds: 10 },
      webgl: { milliseconds: 1, answer },
    });
    assert.equal((await run(never)).engine.variant, 'wasm');
    assert.deepEqual(disposed, ['webgl']);
  }
});

test('half precision is no wrong answer', async () => {
  const { run } = device({
    wasm: { milliseconds: 10 },
    webgl: { milliseconds: 1, answer: [0.68, 0.21, 0.11] },
  });
  assert.equal((await run(never)).engine.variant, 'webgl');
});

test('variants that do not open or do not run are passed over', async () => {
  const { run, disposed } = device({
    wasm: { milliseconds: 10 },
    webgpu: { opens: new Error('no device') },
    webgl: { trial: new Error('context lost') },
    'wasm:2': { milliseconds: 6 },
  });
  assert.equal((await run(never)).engine.variant, 'wasm:2');
  assert.deepEqual(disposed, ['webgl']);
});

test('trials that are given up leave the present variant as it is', async () => {
  const controller = new AbortController();
  const variants = {
    wasm: { milliseconds: 10 },
    webgl: { milliseconds: 1 },
    get webgpu() {
      controller.abort();
      return { milliseconds: 5 };
    },
  };
  const { run, disposed } = device(variants);
  assert.equal((await run(controller.signal)).engine.variant, 'wasm');
  assert.ok(disposed.includes('webgl'));
});

test('the median of an even number of values lies between the middle two', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 3, 2]), 2.5);
});
