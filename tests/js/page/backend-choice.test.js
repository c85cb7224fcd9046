import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createBackendChoice } from '../../../site_templates/app/page/backend-choice.js';

/**
 * @param {{kept?: Map<string, any>, circumstances?: string, mayFetch?: boolean,
 *   improve?: () => Promise<string>}} [world]
 */
function page({
  kept = new Map(),
  circumstances = 'model browser',
  mayFetch = true,
  improve = async () => 'webgl',
} = {}) {
  /** @type {string[]} */
  const calls = [];
  const classifier = {
    backend: 'wasm',
    improve: async () => {
      calls.push('improve');
      const variant = await improve();
      classifier.backend = variant.split(':')[0];
      return variant;
    },
  };
  const tuning = createBackendChoice({
    settings: {
      get: (name) => kept.get(name) ?? null,
      set: (name, value) => void kept.set(name, value),
    },
    circumstances,
    onBackend: (backend) => calls.push(`backend ${backend}`),
    idle: async () => void calls.push('idle'),
    mayFetch: () => mayFetch,
  });
  return { tuning, kept, calls, classifier: /** @type {any} */ (classifier) };
}

test('after the first answer the fastest variant is looked for once, in a pause, and remembered', async () => {
  const { tuning, kept, calls, classifier } = page();
  assert.equal(tuning.preferred(), undefined);
  await tuning.answered(classifier);
  await tuning.answered(classifier);
  assert.deepEqual(calls, ['idle', 'improve', 'backend webgl']);
  assert.equal(tuning.preferred(), 'webgl');
  const nextVisit = page({ kept });
  assert.equal(nextVisit.tuning.preferred(), 'webgl');
  await nextVisit.tuning.answered(nextVisit.classifier);
  assert.deepEqual(nextVisit.calls, []);
});

test('it is known when the device is being measured', async () => {
  const seen = [false];
  const { tuning, classifier } = page({
    improve: async () => {
      seen.push(tuning.measuring);
      return 'wasm';
    },
  });
  await tuning.answered(classifier);
  assert.deepEqual([...seen, tuning.measuring], [false, true, false]);
});

test('another model or browser is measured anew', async () => {
  const { tuning, kept, classifier } = page();
  await tuning.answered(classifier);
  const updated = page({ kept, circumstances: 'other model', improve: async () => 'wasm:4' });
  assert.equal(updated.tuning.preferred(), undefined);
  await updated.tuning.answered(updated.classifier);
  assert.equal(updated.tuning.preferred(), 'wasm:4');
});

test('nothing is measured where its files cannot be had or would cost the person', async () => {
  const { tuning, calls, classifier } = page({ mayFetch: false });
  await tuning.answered(classifier);
  assert.deepEqual(calls, []);
});

test('a measurement that fails is made again at the next visit', async () => {
  const { tuning, kept, classifier } = page({
    improve: async () => {
      throw new Error('the worker has crashed');
    },
  });
  await tuning.answered(classifier);
  assert.equal(kept.size, 0);
});
