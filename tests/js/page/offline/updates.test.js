import assert from 'node:assert/strict';
import { test } from 'node:test';

import { followUpdates } from '../../../../site_templates/app/page/offline/updates.js';

const SCRIPT = 'https://example.org/app/sw.js';

/**
 * @param {(registration: any) => void} update what the host's answer changes
 * @param {any} [fetch]
 */
function updatesWith(update, fetch = async () => {}) {
  const registration = Object.assign(new EventTarget(), {
    installing: null,
    waiting: null,
    active: {},
    update: async () => update(registration),
  });
  const updates = followUpdates({
    container: /** @type {any} */ (Object.assign(new EventTarget(), { controller: null })),
    scriptUrl: SCRIPT,
    fetch,
    onUpdate() {},
    reload() {},
    whenIdle: async () => {},
  });
  updates.watch(/** @type {any} */ (registration));
  return updates;
}

/** @param {string} state that it comes to */
function workerBecoming(state, then = () => {}) {
  const worker = Object.assign(new EventTarget(), { state: 'installing' });
  setTimeout(() => {
    worker.state = state;
    then();
    worker.dispatchEvent(new Event('statechange'));
  });
  return worker;
}

test('a host without anything new has the newest', async () => {
  assert.equal(await updatesWith(() => {}).check(), 'newest');
});

test('a new version is found once it is installed, or where one waits already', async () => {
  const updates = updatesWith((registration) => {
    registration.installing = workerBecoming('installed', () => {
      registration.waiting = registration.installing;
      registration.installing = null;
    });
  });
  assert.equal(await updates.check(), 'found');
  assert.equal(await updates.check(), 'found');
});

test('a host that cannot be reached, or a version that does not install, is a failure', async () => {
  const unreachable = updatesWith(() => {
    throw new TypeError('no network');
  });
  assert.equal(await unreachable.check(), 'failed');
  const broken = updatesWith((registration) => {
    registration.installing = workerBecoming('redundant', () => {
      registration.installing = null;
    });
  });
  assert.equal(await broken.check(), 'failed');
});

test('a script that the browser refuses is fetched past its cache, once', async () => {
  /** @type {any[]} */
  const fetched = [];
  let updates = 0;
  const refuses = (/** @type {number} */ times) => () => {
    updates += 1;
    if (updates <= times) throw new DOMException('wrong type', 'SecurityError');
  };
  const fetch = async (/** @type {any[]} */ ...args) => void fetched.push(args);
  assert.equal(await updatesWith(refuses(1), fetch).check(), 'newest');
  assert.deepEqual(
    fetched.map(([url, { cache }]) => [url, cache]),
    [[SCRIPT, 'reload']],
  );
  updates = 0;
  assert.equal(await updatesWith(refuses(2), fetch).check(), 'failed');
  assert.deepEqual([updates, fetched.length], [2, 2]);
});

test('an update that controls the page already is loaded, whatever the registration still says', async () => {
  const messages = [];
  let reloads = 0;
  /** @type {(() => void)[]} */
  const offers = [];
  const container = Object.assign(new EventTarget(), { controller: { scriptURL: SCRIPT } });
  const updates = followUpdates({
    container: /** @type {any} */ (container),
    scriptUrl: SCRIPT,
    fetch: /** @type {any} */ (async () => {}),
    onUpdate: (apply) => void offers.push(apply),
    reload: () => void (reloads += 1),
    whenIdle: async () => {},
  });
  const waiting = { postMessage: (/** @type {any} */ message) => messages.push(message) };
  const registration = Object.assign(new EventTarget(), { waiting, active: {}, installing: null });
  updates.watch(/** @type {any} */ (registration));
  container.dispatchEvent(new Event('controllerchange'));
  offers.at(-1)?.();
  await new Promise(setImmediate);
  assert.deepEqual([reloads, messages.length], [1, 0]);
});
