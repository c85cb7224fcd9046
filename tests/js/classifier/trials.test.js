import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fastest, median } from '../../../site_templates/app/classifier/trials.js';

const RIGHT = [0.7, 0.2, 0.1];

/**
 * A device on which each way takes so many milliseconds and answers so; an Error is thrown.
 *
 * @param {Record<string, {opens?: Error, trial?: Error, milliseconds?: number, answer?: number[]}>} ways
 */
function device(ways) {
  /** @type {string[]} */
  const disposed = [];
  const open = async (/** @type {string} */ way) => {
    const { opens, trial, milliseconds = 10, answer = RIGHT } = ways[way];
    if (opens) throw opens;
    return {
      way,
      trial: async () => {
        if (trial) throw trial;
        return { way, milliseconds, probabilities: Float32Array.from(answer) };
      },
      dispose: async () => void disposed.push(way),
    };
  };
  const run = async (/** @type {AbortSignal} */ signal) => {
    const [present, ...others] = Object.keys(ways);
    return fastest(await open(present), others, open, signal);
  };
  return { run, disposed };
}

const never = new AbortController().signal;

test('the fastest way wins, and the others are freed', async () => {
  const { run, disposed } = device({
    wasm: { milliseconds: 10 },
    webgl: { milliseconds: 5 },
    webgpu: { milliseconds: 2 },
    'wasm:2': { milliseconds: 6 },
  });
  const { engine, trials } = await run(never);
  assert.equal(engine.way, 'webgpu');
  assert.deepEqual(disposed, ['webgl', 'wasm:2']);
  assert.deepEqual(
    trials.map(({ way, milliseconds }) => [way, milliseconds]),
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
  assert.equal((await run(never)).engine.way, 'wasm');
});

test('a way that computes wrongly is dropped, however fast', async () => {
  for (const answer of [[0.1, 0.2, 0.7], [NaN, NaN, NaN], []]) {
    const { run, disposed } = device({
      wasm: { milliseconds: 10 },
      webgl: { milliseconds: 1, answer },
    });
    assert.equal((await run(never)).engine.way, 'wasm');
    assert.deepEqual(disposed, ['webgl']);
  }
});

test('half precision is no wrong answer', async () => {
  const { run } = device({
    wasm: { milliseconds: 10 },
    webgl: { milliseconds: 1, answer: [0.68, 0.21, 0.11] },
  });
  assert.equal((await run(never)).engine.way, 'webgl');
});

test('ways that do not open or do not run are passed over', async () => {
  const { run, disposed } = device({
    wasm: { milliseconds: 10 },
    webgpu: { opens: new Error('no device') },
    webgl: { trial: new Error('context lost') },
    'wasm:2': { milliseconds: 6 },
  });
  assert.equal((await run(never)).engine.way, 'wasm:2');
  assert.deepEqual(disposed, ['webgl']);
});

test('trials that are given up leave the present way as it is', async () => {
  const controller = new AbortController();
  const ways = {
    wasm: { milliseconds: 10 },
    webgl: { milliseconds: 1 },
    get webgpu() {
      controller.abort();
      return { milliseconds: 5 };
    },
  };
  const { run, disposed } = device(ways);
  assert.equal((await run(controller.signal)).engine.way, 'wasm');
  assert.ok(disposed.includes('webgl'));
});

test('the median of an even number of values lies between the middle two', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 3, 2]), 2.5);
});
