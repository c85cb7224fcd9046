import assert from 'node:assert/strict';
import { test } from 'node:test';

import { partsCacheName } from '../../../site_templates/app/shared/partial-files.js';
import { activate, FakeCaches, FILES, install, load, SCOPE, serviceWorker, tell } from './fakes.js';

const SHARD = 'model/0123456789abcdef/group1-shard1of1.bin';
/** @type {import('./fakes.js').SiteFiles} */
const NEW_FILES = { ...FILES, './': ['<title>New shell</title>', ['core']] };

async function firstVersion() {
  const rig = serviceWorker();
  await install(rig);
  await activate(rig);
  return rig;
}

test('an update fetches only what changed', async () => {
  const { caches } = await firstVersion();
  const next = serviceWorker({ files: NEW_FILES, version: 'v2', caches });
  await install(next);
  assert.deepEqual(
    next.host.requests.map(({ path }) => path),
    ['./'],
  );
  assert.equal(await (await load(next.worker, SHARD))?.text(), FILES[SHARD][0]);
});

test('a file that only moved is not fetched again, and gets its new type', async () => {
  const { caches } = await firstVersion();
  const { [SHARD]: shard, ...others } = FILES;
  const moved = 'model/fedcba9876543210/weights.html';
  const next = serviceWorker({ files: { ...others, [moved]: shard }, version: 'v2', caches });
  await install(next);
  assert.equal(next.host.requests.length, 0);
  const response = await load(next.worker, moved);
  assert.equal(response?.headers.get('content-type'), 'text/html; charset=utf-8');
});

test('a damaged file of the old version is not carried over', async () => {
  const old = await firstVersion();
  old.caches.overwrite(old.name, old.store.urlOf(SHARD), 'altered');
  const next = serviceWorker({ files: NEW_FILES, version: 'v2', caches: old.caches });
  await install(next);
  assert.equal(next.host.count(SHARD), 1);
});

test('the old version answers from its own cache until the new one is activated', async () => {
  const old = await firstVersion();
  const next = serviceWorker({ files: NEW_FILES, version: 'v2', caches: old.caches });
  await install(next);
  const shell = () => load(old.worker, '', { mode: 'navigate' });
  assert.equal(await (await shell())?.text(), '<title>Shell</title>');
  assert.equal(next.calls.skipWaiting, 0);
  await tell(next.worker, { type: 'skip-waiting' });
  assert.equal(next.calls.skipWaiting, 1);
  next.page.open = false;
  await activate(next);
  assert.deepEqual(await old.caches.keys(), [next.name]);
  const fresh = await load(next.worker, '', { mode: 'navigate' });
  assert.equal(await fresh?.text(), '<title>New shell</title>');
});

test('an update that fails leaves the old version whole', async () => {
  const old = await firstVersion();
  const next = serviceWorker({ files: NEW_FILES, version: 'v2', caches: old.caches });
  next.host.down = true;
  await assert.rejects(install(next));
  assert.equal((await tell(old.worker, { type: 'status' })).ready, true);
});

test('activation deletes caches of this app only, and claims the page', async () => {
  const caches = new FakeCaches();
  const foreign = [
    'other-app|/app/|v0',
    'classifier-pwa|/|v0',
    'classifier-pwa|/app/nested/|v0',
    'classifier-pwa|/app2/|v0',
    'classifier-pwa',
  ];
  for (const name of [...foreign, 'classifier-pwa|/app/|v0']) await caches.open(name);
  const rig = serviceWorker({ caches });
  await install(rig);
  assert.ok(caches.all.has('classifier-pwa|/app/|v0'));
  rig.page.open = false;
  await activate(rig);
  assert.deepEqual((await caches.keys()).sort(), [...foreign, rig.name].sort());
  assert.equal(rig.calls.claim, 1);
});

test("another app's cache is no source of files", async () => {
  const other = serviceWorker({ scope: 'https://example.org/app/nested/' });
  // The sibling's files carry the same hashes; its host here serves them under its own path.
  for (const [path, [content]] of Object.entries(FILES)) {
    other.host.files[`nested/${path === './' ? '' : path}`] = content;
  }
  await install(other);
  const rig = serviceWorker({ caches: other.caches });
  await install(rig);
  assert.equal(rig.host.count(SHARD), 1);
});

test('an update brings along the backend that the page asked for', async () => {
  const old = await firstVersion();
  await tell(old.worker, { type: 'precache-group', group: 'webgl' });
  const webgl = 'runtime/0123456789abcdef/backend-webgl.js';
  /** @type {import('./fakes.js').SiteFiles} */
  const files = { ...NEW_FILES, [webgl]: ['webgl 2', ['webgl']] };
  const next = serviceWorker({ files, version: 'v2', caches: old.caches });
  await install(next);
  await activate(next);
  assert.deepEqual(next.host.requests.map(({ path }) => path).sort(), ['./', webgl]);
  const third = serviceWorker({ files: FILES, version: 'v3', caches: old.caches });
  await install(third);
  assert.ok((await tell(third.worker, { type: 'status' })).groups.includes('webgl'));
});

test('a new version may lack the backend that an older one was asked for', async () => {
  const old = await firstVersion();
  await tell(old.worker, { type: 'precache-group', group: 'webgl' });
  const files = Object.fromEntries(
    Object.entries(FILES).filter(([path]) => !path.includes('webgl')),
  );
  files['runtime/0123456789abcdef/chunk.js'] = ['shared', ['wasm-plain', 'wasm-simd']];
  const next = serviceWorker({ files, version: 'v2', caches: old.caches });
  await install(next);
  assert.equal((await tell(next.worker, { type: 'status' })).ready, true);
});

test('a window of the old version gets its files, also offline, until it is closed', async () => {
  const old = await firstVersion();
  const { [SHARD]: shard, ...others } = FILES;
  const files = { ...others, 'model/fedcba9876543210/group1-shard1of1.bin': shard };
  const next = serviceWorker({ files, version: 'v2', caches: old.caches });
  await install(next);
  await activate(next);
  next.host.down = true;
  assert.equal(await (await load(next.worker, SHARD))?.text(), FILES[SHARD][0]);
  await tell(next.worker, { type: 'status' });
  assert.ok(await old.caches.has(old.name), 'it is still open');

  // A version that is on its way in the meantime is not among those that go.
  const third = serviceWorker({ files, version: 'v3', caches: old.caches });
  await install(third);
  next.page.open = false;
  await tell(next.worker, { type: 'status' });
  assert.deepEqual(await old.caches.keys(), [next.name, third.name]);
  await assert.rejects(/** @type {Promise<Response>} */ (load(next.worker, SHARD)));
});

for (const [whose, url, controlled, keeps] of /** @type {[string, string, boolean, boolean][]} */ ([
  ['a window of an app in another folder', 'https://example.org/other/', false, false],
  ['a window of an app in a folder below', `${SCOPE}nested/`, false, false],
  ['a window of an app in a folder above', 'https://example.org/', false, false],
  ['a page of ours that was loaded past us', `${SCOPE}?shared#many`, false, true],
  ['a page of ours by its other name', `${SCOPE}index.html`, false, true],
  ['a page of somebody else’s that we control', `${SCOPE}blog/`, true, true],
])) {
  test(`${whose} ${keeps ? 'keeps' : 'does not keep'} old versions`, async () => {
    const old = await firstVersion();
    const next = serviceWorker({ files: NEW_FILES, version: 'v2', caches: old.caches });
    Object.assign(next.page, { url, controlled });
    await install(next);
    await activate(next);
    assert.equal(await old.caches.has(old.name), keeps);
    // And not any longer, once an app below has a service worker of its own, or the window is closed.
    Object.assign(next.page, controlled ? { controlled: false } : { open: false });
    await tell(next.worker, { type: 'status' });
    assert.deepEqual(await old.caches.keys(), [next.name]);
  });
}

test('an update leaves no parts of files behind', async () => {
  const old = await firstVersion();
  const parts = partsCacheName('https://example.org/app/');
  await old.caches.open(parts);
  const next = serviceWorker({ files: NEW_FILES, version: 'v2', caches: old.caches });
  await install(next);
  await activate(next);
  await old.caches.open(parts);
  next.page.open = false;
  await tell(next.worker, { type: 'status' });
  assert.deepEqual(await old.caches.keys(), [next.name]);
});
