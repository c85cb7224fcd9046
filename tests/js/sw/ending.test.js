import assert from 'node:assert/strict';
import { test } from 'node:test';

import { keepShared } from '../../../site_templates/app/shared/shared-photos.js';
import { cachesUntil } from '../../../site_templates/sw/ending.js';
import { dispatch, FakeCaches, FILES, install, SCOPE, serviceWorker } from './fakes.js';

const NEEDED = Object.keys(FILES).filter((path) => !/webgl|plain/.test(path)).length;
const SHARD = 'model/0123456789abcdef/group1-shard1of1.bin';

/** @param {() => boolean} condition that comes to hold */
async function until(condition) {
  while (!condition()) {
    await new Promise((resolve) => {
      setTimeout(resolve);
    });
  }
}

test('the end stops an install that a host holds up, and leaves nothing of it', async () => {
  const rig = serviceWorker();
  /** @type {(response: Response) => void} */
  let letGo = () => {};
  rig.host.fault(
    SHARD,
    () =>
      new Promise((resolve) => {
        letGo = resolve;
      }),
  );
  const installed = install(rig);
  await until(() => (rig.caches.all.get(rig.name)?.size ?? 0) === NEEDED - 1);
  await dispatch((event) => rig.worker.onMessage(event), { data: { type: 'end' }, ports: [] });
  await assert.rejects(installed);
  letGo(new Response(FILES[SHARD][0]));
  assert.deepEqual(await rig.caches.keys(), []);
  assert.equal(rig.host.count(SHARD), 1, 'and it is not asked for again');
});

test('photos that are shared after the end are not kept', async () => {
  const caches = new FakeCaches();
  const ending = new AbortController();
  const openCaches = cachesUntil(/** @type {any} */ (caches), ending.signal);
  await keepShared(openCaches, SCOPE, []);
  ending.abort();
  await assert.rejects(keepShared(openCaches, SCOPE, [new File(['x'], 'a.png')]));
  assert.deepEqual(await caches.keys(), []);
});
