import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as settle } from 'node:timers/promises';

import { ClassifierError } from '../../../site_templates/app/classifier/errors.js';
import { ClassifierPool, poolSize } from '../../../site_templates/app/classifier/pool.js';

/** A classifier that answers with the photo itself, when it is told to or at once. */
class FakeClassifier {
  backend = 'wasm';
  metadata = { name: 'fake' };
  disposed = false;
  /** @type {{source: any, options: any, finish: () => void}[]} */
  asked = [];

  /** @param {boolean} patient waits for `finish` */
  constructor(patient) {
    this.patient = patient;
  }

  /**
   * @param {any} source
   * @param {any} options
   */
  classify(source, options) {
    return new Promise((resolve, reject) => {
      const finish = () => {
        if (source === 'bad') reject(new ClassifierError('not-an-image', 'no'));
        else resolve({ predictions: [source] });
      };
      options.signal.addEventListener('abort', () =>
        reject(new ClassifierError('aborted', 'void')),
      );
      this.asked.push({ source, options, finish });
      if (!this.patient) setImmediate(finish);
    });
  }

  memory = async () => ({ numTensors: 3, numBytes: 30 });

  async dispose() {
    this.disposed = true;
  }
}

/**
 * @param {number} workers
 * @param {{patient?: boolean, fails?: number[], held?: number[]}} [options] which workers do not
 *   load, and which load only when told to
 */
async function poolOf(workers, { patient = false, fails = [], held = [] } = {}) {
  /** @type {FakeClassifier[]} */
  const classifiers = [];
  /** @type {any[]} */
  const loads = [];
  /** @type {(() => void)[]} */
  const release = [];
  const loadWorker = async (/** @type {any} */ options) => {
    const number = loads.push(options) - 1;
    if (held.includes(number)) {
      await new Promise((resolve) => {
        release.push(() => resolve(undefined));
      });
    }
    if (fails.includes(number)) throw new ClassifierError('no-backend', 'no memory');
    const classifier = new FakeClassifier(patient);
    classifiers.push(classifier);
    return /** @type {any} */ (classifier);
  };
  const pool = await ClassifierPool.load(loadWorker, { workers }, {});
  await settle();
  return { pool, classifiers, loads, release };
}

/**
 * @param {Iterable<any>} sources
 * @param {any[]} taken what was asked for
 */
function* watched(sources, taken) {
  for (const source of sources) {
    taken.push(source);
    yield source;
  }
}

/** @param {AsyncIterable<any>} outcomes */
async function collect(outcomes) {
  const all = [];
  for await (const outcome of outcomes) all.push(outcome);
  return all;
}

const sources = (/** @type {number} */ count) =>
  /** @type {any[]} */ (Array.from({ length: count }, (_, i) => `photo ${i}`));

test('every photo is answered once, by all workers, and keeps its number', async () => {
  const { pool, classifiers } = await poolOf(3);
  const outcomes = await collect(pool.classifyAll(sources(50)));
  const byIndex = outcomes.sort((a, b) => a.index - b.index);
  assert.deepEqual(
    byIndex.map(({ index, source, classification }) => [index, source, classification.predictions]),
    sources(50).map((source, i) => [i, source, [source]]),
  );
  assert.ok(classifiers.every(({ asked }) => asked.length > 5));
});

test('options reach the classifiers, and bitmaps are handed over', async () => {
  const { pool, classifiers } = await poolOf(1);
  await collect(pool.classifyAll(sources(1), { topK: 7 }));
  const { topK, transfer } = classifiers[0].asked[0].options;
  assert.deepEqual([topK, transfer], [7, true]);
});

test('a bad photo is an outcome among the others', async () => {
  const { pool } = await poolOf(2);
  const photos = /** @type {any[]} */ (['good', 'bad', 'fine']);
  const outcomes = await collect(pool.classifyAll(photos));
  const bad = outcomes.find(({ source }) => source === 'bad');
  assert.equal(bad.error.code, 'not-an-image');
  assert.equal(bad.classification, undefined);
  assert.equal(outcomes.filter(({ classification }) => classification).length, 2);
});

test('no more photos are asked for than the workers have room for', async () => {
  const { pool, classifiers } = await poolOf(2, { patient: true });
  /** @type {any[]} */
  const taken = [];
  const outcomes = pool.classifyAll(watched(sources(100), taken));
  const first = outcomes.next();
  await settle();
  assert.equal(taken.length, 4);
  classifiers[0].asked[0].finish();
  assert.equal((await first).done, false);
  await settle();
  assert.equal(taken.length, 5);
  await outcomes.return();
});

test('while nobody takes answers, no further photos are asked for', async () => {
  const { pool } = await poolOf(2);
  /** @type {any[]} */
  const taken = [];
  const outcomes = pool.classifyAll(watched(sources(100), taken));
  await outcomes.next();
  for (let turn = 0; turn < 20; turn++) await settle();
  assert.equal(taken.length, 5);
  await outcomes.return();
});

test('photos may come over time, and the loop ends when they end', async () => {
  const { pool } = await poolOf(2);
  async function* slowly() {
    for (const source of sources(5)) {
      await settle();
      yield source;
    }
  }
  assert.equal((await collect(pool.classifyAll(slowly()))).length, 5);
  assert.deepEqual(await collect(pool.classifyAll([])), []);
});

test('a source that fails ends the loop with its error', async () => {
  const { pool } = await poolOf(2);
  function* failing() {
    yield /** @type {any} */ ('photo');
    throw new RangeError('the folder is gone');
  }
  await assert.rejects(collect(pool.classifyAll(failing())), RangeError);
});

test('leaving the loop aborts what is in progress and closes the sources', async () => {
  const { pool, classifiers } = await poolOf(1, { patient: true });
  let closed = false;
  function* endless() {
    try {
      for (;;) yield /** @type {any} */ ('photo');
    } finally {
      closed = true;
    }
  }
  const outcomes = pool.classifyAll(endless());
  const first = outcomes.next();
  await settle();
  classifiers[0].asked[0].finish();
  await first;
  await outcomes.return();
  await settle();
  assert.ok(closed);
  assert.ok(classifiers[0].asked.slice(1).every(({ options }) => options.signal.aborted));
});

test('a signal ends the loop with `aborted`, even while a source is slow', async () => {
  const { pool } = await poolOf(2);
  async function* never() {
    yield /** @type {any} */ ('photo');
    await new Promise(() => {});
  }
  const controller = new AbortController();
  const all = collect(pool.classifyAll(never(), { signal: controller.signal }));
  await settle();
  controller.abort();
  await assert.rejects(all, { code: 'aborted' });
  await assert.rejects(pool.classifyAll([], { signal: controller.signal }).next(), {
    code: 'aborted',
  });
});

test('the first worker answers while another loads, which joins then', async () => {
  const { pool, classifiers, release } = await poolOf(2, { patient: true, held: [1] });
  const outcomes = pool.classifyAll(sources(10));
  const first = outcomes.next();
  await settle();
  assert.deepEqual([classifiers.length, classifiers[0].asked.length], [1, 2]);
  release[0]();
  await settle();
  assert.deepEqual([classifiers.length, classifiers[1].asked.length], [2, 2]);
  classifiers[1].asked[0].finish();
  await first;
  await outcomes.return();
});

test('a loop ends though another worker is still loading', async () => {
  const { pool } = await poolOf(2, { held: [1] });
  assert.equal((await collect(pool.classifyAll(sources(3)))).length, 3);
});

test('further workers run on the backend of the first, and may fail to load', async () => {
  const { pool, loads } = await poolOf(3, { fails: [1] });
  assert.deepEqual(
    loads.map(({ backend }) => backend),
    [undefined, 'wasm', 'wasm'],
  );
  assert.equal(await pool.size(), 2);
  assert.deepEqual(await pool.memory(), { numTensors: 6, numBytes: 60 });
  assert.equal((await collect(pool.classifyAll(sources(9)))).length, 9);
});

test('a first worker that does not load fails the pool', async () => {
  await assert.rejects(poolOf(2, { fails: [0] }), { code: 'no-backend' });
});

test('after it was disposed of, loops end and no new one begins', async () => {
  const { pool, classifiers } = await poolOf(2, { patient: true });
  const all = collect(pool.classifyAll(sources(10)));
  await settle();
  await pool.dispose();
  await assert.rejects(all, { code: 'aborted' });
  await assert.rejects(collect(pool.classifyAll(sources(1))), { code: 'aborted' });
  assert.ok(classifiers.every(({ disposed }) => disposed));
});

test('there are as many workers as cores and memory allow', () => {
  const sizes = [
    poolSize('wasm', { hardwareConcurrency: 2, deviceMemory: 8 }),
    poolSize('wasm', { hardwareConcurrency: 64, deviceMemory: 8 }),
    poolSize('wasm', { hardwareConcurrency: 8, deviceMemory: 2 }),
    poolSize('wasm', { hardwareConcurrency: 8 }),
    poolSize('webgpu', { hardwareConcurrency: 8, deviceMemory: 8 }),
    poolSize('cpu', { hardwareConcurrency: 4, deviceMemory: 0.25 }),
    poolSize('wasm', {}),
  ];
  assert.deepEqual(sizes, [2, 8, 2, 4, 2, 1, 1]);
});
