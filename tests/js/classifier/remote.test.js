import assert from 'node:assert/strict';
import { test } from 'node:test';

import { START_MS } from '../../../site_templates/app/shared/page-timeouts.js';
import { RemoteEngine } from '../../../site_templates/app/classifier/remote.js';

// Node has no such class, and the engine asks each argument whether it is one.
globalThis.ImageBitmap ??= /** @type {any} */ (class {});

const OPTIONS = /** @type {any} */ ({ base: 'https://example.org/' });

/** A worker that answers every call with its own number. */
class FakeWorker extends EventTarget {
  terminated = false;
  /** @param {number} number */
  constructor(number) {
    super();
    this.number = number;
  }
  /** @param {{id: number, method: string}} call */
  postMessage({ id, method }) {
    const loaded = { metadata: {}, backend: 'wasm' };
    const result = method === 'load' ? loaded : { value: this.number, backend: 'wasm' };
    queueMicrotask(() => this.dispatchEvent(new MessageEvent('message', { data: { id, result } })));
  }
  terminate() {
    this.terminated = true;
  }
  crash() {
    this.dispatchEvent(new Event('error'));
  }
}

/** @param {import('../../../site_templates/app/classifier/remote.js').Loading} [loading] */
async function engineInAWorker(loading) {
  /** @type {FakeWorker[]} */
  const workers = [];
  const createWorker = () => {
    workers.push(new FakeWorker(workers.length));
    return /** @type {any} */ (workers.at(-1));
  };
  const engine = await RemoteEngine.load(OPTIONS, loading, createWorker);
  return { engine, workers };
}

const PHOTO = new Blob(['x']);

test('a call that a crash interrupts fails, and the next one finds a new worker', async () => {
  const { engine, workers } = await engineInAWorker();
  assert.equal(await engine.classify(PHOTO), 0);
  const interrupted = engine.classify(PHOTO);
  await Promise.resolve();
  workers[0].crash();
  await assert.rejects(interrupted, { code: 'internal' });
  assert.ok(workers[0].terminated);
  assert.equal(await engine.classify(PHOTO), 1);
});

test('several calls after a crash share one new worker', async () => {
  const { engine, workers } = await engineInAWorker();
  workers[0].crash();
  assert.deepEqual(await Promise.all([engine.classify(PHOTO), engine.classify(PHOTO)]), [1, 1]);
  assert.equal(workers.length, 2);
});

test('after it was disposed of, no worker is started', async () => {
  const { engine, workers } = await engineInAWorker();
  await engine.dispose();
  await assert.rejects(engine.classify(PHOTO), { code: 'aborted' });
  assert.equal(workers.length, 1);
});

test('an engine that is disposed of while it is restarting ends', async () => {
  const { engine, workers } = await engineInAWorker();
  workers[0].crash();
  const call = engine.classify(PHOTO);
  await engine.dispose();
  await assert.rejects(call, { code: 'aborted' });
  assert.ok(workers.every(({ terminated }) => terminated));
});

test('a loading that is ended stops its worker, which could keep parts of files', async () => {
  const worker = Object.assign(new FakeWorker(0), { postMessage() {} });
  const ending = new AbortController();
  const loading = RemoteEngine.load(
    OPTIONS,
    { signal: ending.signal },
    () => /** @type {any} */ (worker),
  );
  ending.abort();
  await assert.rejects(loading, { code: 'aborted' });
  assert.ok(worker.terminated);
});

test('after that, a worker that crashed is not replaced', async () => {
  const ending = new AbortController();
  const { engine, workers } = await engineInAWorker({ signal: ending.signal });
  ending.abort();
  workers[0].crash();
  await assert.rejects(engine.classify(PHOTO), { code: 'aborted' });
  assert.deepEqual(
    workers.map(({ terminated }) => terminated),
    [true, true],
  );
});

/** A worker that never says anything. */
class SilentWorker extends FakeWorker {
  /** @override */
  postMessage() {}
}

/**
 * @param {object} world
 * @param {(typeof FakeWorker)[]} world.kinds of the workers, one after the other
 * @param {() => Promise<boolean>} world.renew
 */
async function load({ kinds, renew }) {
  /** @type {FakeWorker[]} */
  const workers = [];
  const createWorker = () => {
    const Kind = kinds[workers.length] ?? FakeWorker;
    workers.push(new Kind(workers.length));
    return /** @type {any} */ (workers.at(-1));
  };
  const engine = await RemoteEngine.load(OPTIONS, {}, createWorker, renew);
  return { answer: await engine.classify(PHOTO), workers };
}

test('a worker that may have read a wrong copy is replaced, though it started', async () => {
  const { answer, workers } = await load({ kinds: [], renew: async () => true });
  assert.equal(answer, 1);
  assert.ok(workers[0].terminated);
});

test('a worker that waits for a file for ever is replaced once that was fetched anew', async () => {
  const { answer } = await load({ kinds: [SilentWorker], renew: async () => true });
  assert.equal(answer, 1);
});

test('a worker whose code is broken is replaced once that was fetched anew', async () => {
  class Broken extends FakeWorker {
    /** @override */
    postMessage() {
      queueMicrotask(() => this.crash());
    }
  }
  const { answer } = await load({ kinds: [Broken], renew: async () => true });
  assert.equal(answer, 1);
  await assert.rejects(load({ kinds: [Broken], renew: async () => false }), { code: 'no-backend' });
  await assert.rejects(load({ kinds: [Broken, Broken], renew: async () => true }), {
    code: 'no-backend',
  });
});

test('a worker that lacks a module is replaced once', async () => {
  class Lacking extends FakeWorker {
    /** @override @param {{id: number, method: string}} call */
    postMessage({ id, method }) {
      if (method !== 'load') return;
      const error = { code: 'module-lost', message: 'tf.js cannot be loaded.' };
      queueMicrotask(() => {
        this.dispatchEvent(new MessageEvent('message', { data: { id, error } }));
      });
    }
  }
  const { answer } = await load({ kinds: [Lacking], renew: async () => false });
  assert.equal(answer, 1);
  await assert.rejects(load({ kinds: [Lacking, Lacking], renew: async () => false }), {
    code: 'model-unreachable',
    message: 'tf.js cannot be loaded.',
  });
});

test('a worker that says nothing in time is replaced', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const loading = load({ kinds: [SilentWorker], renew: async () => false });
  await Promise.resolve();
  t.mock.timers.tick(START_MS);
  const { answer, workers } = await loading;
  assert.equal(answer, 1);
  assert.ok(workers[0].terminated);
});

test('files that cannot be looked at hold nobody up', async () => {
  const { answer } = await load({ kinds: [], renew: () => Promise.reject(new Error('offline')) });
  assert.equal(answer, 0);
});
