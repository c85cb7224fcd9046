import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  endRegistration,
  forgetEverything,
} from '../../../../site_templates/app/page/system/forget.js';

const ROOT = 'https://example.org/a/';

test('all workers of a registration are told to stop before it is asked to go', async () => {
  /** @type {string[]} */
  const order = [];
  /** @param {string} name */
  const worker = (name) => ({
    postMessage: (/** @type {any} */ { type }) => order.push(`${name} ${type}`),
  });
  const registration = Object.assign(new EventTarget(), {
    installing: worker('installing'),
    waiting: null,
    active: worker('active'),
    unregister: async () => order.push('unregister'),
  });
  await endRegistration(/** @type {any} */ (registration));
  assert.deepEqual(order, ['installing end', 'active end', 'unregister']);
  // An update that the browser was looking for just then comes in after all.
  Object.assign(registration, { installing: worker('late'), active: null });
  registration.dispatchEvent(new Event('updatefound'));
  assert.equal(order.at(-1), 'late end');
});

/**
 * A device with two apps on it.
 *
 * @param {object} [faults] members of the device that are otherwise
 */
function device(faults = {}) {
  /** @type {string[]} */
  const gone = [];
  const kept = {
    'classifier-pwa|/a/|camera': '{}',
    'classifier-pwa|/b/|camera': '{}',
    'classifier-pwa|/a/|history': 'true',
  };
  const storage = Object.create({
    removeItem(/** @type {keyof typeof kept} */ key) {
      gone.push(key);
      delete (/** @type {any} */ (this)[key]);
    },
  });
  Object.assign(storage, kept);
  const registration = Object.assign(new EventTarget(), {
    scope: ROOT,
    unregister: async () => gone.push('worker'),
  });
  const world = {
    container: () => ({ getRegistration: async () => registration }),
    caches: () => ({
      keys: async () => ['classifier-pwa|/a/|1', 'classifier-pwa|/a/|2', 'classifier-pwa|/b/|1'],
      delete: async (/** @type {string} */ name) => gone.push(name) > 0,
    }),
    storage: () => storage,
    databases: () => ({
      deleteDatabase(/** @type {string} */ name) {
        const request = /** @type {any} */ ({});
        queueMicrotask(() => {
          gone.push(name);
          request.onsuccess();
        });
        return request;
      },
    }),
    // Nobody waits that long.
    pause: () => new Promise(() => {}),
    ...faults,
  };
  return { gone, world: /** @type {any} */ (world) };
}

const EVERYTHING = [
  'worker',
  'classifier-pwa|/a/|1',
  'classifier-pwa|/a/|2',
  'classifier-pwa|/a/|camera',
  'classifier-pwa|/a/|history',
  'classifier-pwa|/a/|history',
];

test('everything of the app goes, and nothing of its neighbour', async () => {
  const { gone, world } = device();
  assert.deepEqual(await forgetEverything(ROOT, world), []);
  assert.deepEqual(gone, EVERYTHING);
});

const denied = () => {
  throw new DOMException('', 'SecurityError');
};
const refused = async () => denied();
const never = () => new Promise(() => {});

/** @type {[string, string, object][]} */
const FAULTS = [
  ['a service worker that cannot be asked for', 'worker', { container: denied }],
  [
    'a registration that does not go',
    'worker',
    { container: () => ({ getRegistration: refused }) },
  ],
  ['caches that are blocked', 'caches', { caches: denied }],
  ['caches that cannot be listed', 'caches', { caches: () => ({ keys: refused }) }],
  ['settings that are blocked', 'settings', { storage: denied }],
  ['databases that are blocked', 'history', { databases: denied }],
  [
    'a database that cannot be deleted',
    'history',
    {
      databases: () => ({
        deleteDatabase() {
          const request = /** @type {any} */ ({ error: new DOMException('', 'UnknownError') });
          queueMicrotask(() => request.onerror());
          return request;
        },
      }),
    },
  ],
];

for (const [fault, part, faults] of FAULTS) {
  test(`${fault}: it is named, and all else goes`, async () => {
    const whole = device();
    await forgetEverything(ROOT, whole.world);
    const { gone, world } = device(faults);
    assert.deepEqual(await forgetEverything(ROOT, world), [part]);
    const lost = EVERYTHING.length - gone.length;
    assert.ok(lost === (part === 'caches' || part === 'settings' ? 2 : 1), gone.join());
  });
}

test('one cache that does not go keeps no other', async () => {
  const { gone, world } = device();
  const all = world.caches();
  world.caches = () => ({
    ...all,
    delete: (/** @type {string} */ name) => (name.endsWith('1') ? refused() : all.delete(name)),
  });
  assert.deepEqual(await forgetEverything(ROOT, world), ['caches']);
  assert.ok(gone.includes('classifier-pwa|/a/|2'));
});

test('what never answers is given up and named', async () => {
  const { gone, world } = device({
    container: () => ({ getRegistration: never }),
    databases: () => ({ deleteDatabase: () => ({}) }),
    pause: async () => {},
  });
  world.caches = () => ({ keys: never });
  assert.deepEqual(await forgetEverything(ROOT, world), ['worker', 'caches', 'history']);
  assert.deepEqual(gone, ['classifier-pwa|/a/|camera', 'classifier-pwa|/a/|history']);
});

test('an insecure page has neither service workers nor caches, and nothing is left', async () => {
  const { world } = device({ container: () => undefined, caches: () => undefined });
  assert.deepEqual(await forgetEverything(ROOT, world), []);
});

test('the service worker of an app in a parent folder is another app’s', async () => {
  const { gone, world } = device();
  const container = world.container();
  const registration = await container.getRegistration();
  registration.scope = 'https://example.org/';
  world.container = () => container;
  assert.deepEqual(await forgetEverything(ROOT, world), []);
  assert.ok(!gone.includes('worker'));
});
