import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';

import { ClassifierError } from '../../../site_templates/app/classifier/errors.js';
import { Caller, serve } from '../../../site_templates/app/classifier/rpc.js';

/** @type {MessagePort[]} */
let ports = [];

/** @param {Parameters<typeof serve>[1]} methods */
function connect(methods) {
  const { port1, port2 } = new MessageChannel();
  ports = [port1, port2];
  serve(port1, methods);
  const caller = new Caller(port2);
  ports.forEach((port) => port.start());
  return caller;
}

/** @returns {Promise<never>} */
async function never() {
  return new Promise(() => {});
}

afterEach(() => ports.forEach((port) => port.close()));

test('calls are answered, each with its own result', async () => {
  const caller = connect({ add: async (_, a, b) => a + b });
  assert.deepEqual(
    await Promise.all([caller.call('add', [1, 2]), caller.call('add', [3, 4])]),
    [3, 7],
  );
});

test('errors arrive with their codes, strange ones as internal', async () => {
  const caller = connect({
    known: async () => {
      throw new ClassifierError('model-damaged', 'A shard is damaged.');
    },
    strange: async () => {
      throw new RangeError('no');
    },
  });
  await assert.rejects(caller.call('known', []), {
    name: 'ClassifierError',
    code: 'model-damaged',
    message: 'A shard is damaged.',
  });
  await assert.rejects(caller.call('strange', []), { code: 'internal', message: /no/ });
  await assert.rejects(caller.call('missing', []), { code: 'internal' });
});

test('progress is told before the result', async () => {
  /** @type {number[]} */
  const seen = [];
  const caller = connect({
    load: async ({ progress }) => {
      progress(1);
      progress(2);
      return 'done';
    },
  });
  assert.equal(await caller.call('load', [], { onProgress: (value) => seen.push(value) }), 'done');
  assert.deepEqual(seen, [1, 2]);
});

test('cancelling rejects at once and reaches the other side', async () => {
  const served = new EventTarget();
  const reached = new Promise((resolve) => {
    served.addEventListener('cancelled', resolve);
  });
  const caller = connect({
    wait: async ({ signal }) => {
      signal.addEventListener('abort', () => served.dispatchEvent(new Event('cancelled')));
      await reached;
    },
  });
  const controller = new AbortController();
  const call = caller.call('wait', [], { signal: controller.signal });
  controller.abort();
  await assert.rejects(call, { code: 'aborted' });
  await reached;
});

test('a signal that is aborted already cancels too', async () => {
  const caller = connect({ wait: never });
  await assert.rejects(caller.call('wait', [], { signal: AbortSignal.abort() }), {
    code: 'aborted',
  });
});

test('objects move over', async () => {
  const caller = connect({ size: async (_, buffer) => buffer.byteLength });
  const buffer = new ArrayBuffer(8);
  assert.equal(await caller.call('size', [buffer], { transfer: [buffer] }), 8);
  assert.equal(buffer.byteLength, 0);
});

test('when the other side is lost, pending and later calls reject', async () => {
  const caller = connect({ wait: never });
  const pending = caller.call('wait', []);
  caller.fail(new ClassifierError('internal', 'The classifier has crashed.'));
  await assert.rejects(pending, { code: 'internal' });
  await assert.rejects(caller.call('wait', []), { message: 'The classifier has crashed.' });
});
