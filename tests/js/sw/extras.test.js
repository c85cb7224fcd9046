import assert from 'node:assert/strict';
import { test } from 'node:test';

import { appFolder, preferredFirst, plannedGroups } from '../../../site_templates/sw/plan.js';
import {
  activate,
  dispatch,
  FILES,
  install,
  load,
  manifestOf,
  serviceWorker,
  tell,
} from './fakes.js';

const [FRENCH, GERMAN, ICON] = [
  'app/0123456789abcdef/messages/fr.json',
  'app/0123456789abcdef/messages/de.json',
  'app/0123456789abcdef/icons/icon.svg',
];
const WEBGL = 'runtime/0123456789abcdef/backend-webgl.js';

/** @type {import('./fakes.js').SiteFiles} */
const WITH_EXTRAS = {
  ...FILES,
  [FRENCH]: ['{"fr": 1}', ['extras']],
  [GERMAN]: ['{"de": 1}', ['extras']],
  [ICON]: ['<svg/>', ['extras']],
};

const silent = () => /** @type {Promise<Response>} */ (new Promise(() => {}));
const soon = async () => {};

/** @param {ReturnType<typeof serviceWorker>} rig stops waiting for its host */
async function end({ worker }) {
  await dispatch((event) => worker.onMessage(event), { data: { type: 'end' }, ports: [] });
}

/** @param {import('./fakes.js').Answer} fault */
async function installedWithout(fault) {
  const rig = serviceWorker({ files: WITH_EXTRAS, wait: soon });
  rig.host.fault(ICON, fault, fault, fault);
  await install(rig);
  return rig;
}

test('a version is whole with its extras, which come after all that it needs', async () => {
  const rig = serviceWorker({ files: WITH_EXTRAS });
  await install(rig);
  const paths = rig.host.requests.map(({ path }) => path);
  const extras = [GERMAN, FRENCH, ICON];
  assert.deepEqual(paths.slice(-3), extras, 'and of these the dearest language first');
  const status = await tell(rig.worker, { type: 'status' });
  assert.deepEqual([status.ready, status.extras], [true, true]);
});

test('an extra that does not come keeps no version from being installed', async () => {
  const rig = await installedWithout(silent);
  const status = await tell(rig.worker, { type: 'status' });
  assert.deepEqual([status.ready, status.extras], [true, false]);
  assert.deepEqual(rig.page.told('install-failed'), []);
  await end(rig);
});

test('an extra that cannot be had is told to who asks for it, and had later', async () => {
  const rig = await installedWithout(() => new Response('gone', { status: 404 }));
  const asking = { type: 'precache-group', group: 'extras' };
  rig.host.down = true;
  const failed = await tell(rig.worker, asking);
  assert.deepEqual([failed.ok, failed.reason, failed.file], [false, 'unreachable', ICON]);
  rig.host.down = false;
  rig.host.faults.clear();
  assert.equal((await tell(rig.worker, asking)).ok, true);
  assert.equal((await tell(rig.worker, { type: 'status' })).extras, true);
  assert.equal(await (await load(rig.worker, ICON))?.text(), '<svg/>');
});

test('the core is mended while an extra is being waited for', async () => {
  const rig = await installedWithout(silent);
  rig.caches.all.delete(rig.name);
  assert.equal((await tell(rig.worker, { type: 'precache-group', group: 'core' })).ok, true);
  await end(rig);
});

test('an update takes over the extras that it shares with the old version', async () => {
  const old = serviceWorker({ files: WITH_EXTRAS });
  await install(old);
  await activate(old);
  /** @type {import('./fakes.js').SiteFiles} */
  const files = { ...WITH_EXTRAS, [GERMAN]: ['{"de": 2}', ['extras']] };
  const next = serviceWorker({ files, version: 'v2', caches: old.caches, wait: soon });
  next.host.down = true;
  next.host.files = {};
  await install(next);
  next.page.open = false;
  await activate(next);
  assert.equal(await (await load(next.worker, ICON))?.text(), '<svg/>');
  assert.equal((await tell(next.worker, { type: 'status' })).extras, false);
});

test('a backend that the page has asked for is an extra where there is WebAssembly', async () => {
  const old = serviceWorker();
  await install(old);
  await tell(old.worker, { type: 'precache-group', group: 'webgl' });
  await activate(old);
  /** @type {import('./fakes.js').SiteFiles} */
  const files = { ...FILES, [WEBGL]: ['webgl 2', ['webgl']] };
  for (const [groups, installed] of /** @type {[string[], boolean][]} */ ([
    [['core', 'wasm-simd'], true],
    [['core'], false],
  ])) {
    const next = serviceWorker({ files, version: 'v2', caches: old.caches, groups, wait: soon });
    next.host.fault(
      WEBGL,
      ...Array.from({ length: 4 }, () => () => new Response('', { status: 500 })),
    );
    const done = await install(next).then(
      () => true,
      () => false,
    );
    assert.equal(done, installed);
    old.caches.all.delete(next.name);
  }
});

test('threads are an extra, one thread is needed', () => {
  assert.deepEqual(plannedGroups('relaxed-simd', true), {
    needed: ['core', 'wasm-relaxed-simd'],
    extras: ['extras', 'wasm-relaxed-simd-threads'],
  });
  assert.deepEqual(plannedGroups('none', true), { needed: ['core'], extras: ['extras'] });
});

test('texts and names in the languages of the browser come first', () => {
  const urls = [
    'a/icon.svg',
    'a/messages/de.json',
    'a/classes/zh-Hans.json',
    'a/messages/zh-Hans.json',
  ];
  const entries = urls.map((url) => /** @type {any} */ ({ url }));
  const ordered = preferredFirst(entries, ['zh-CN', 'de-AT']).map(({ url }) => url);
  assert.deepEqual(ordered, [urls[2], urls[3], urls[1], urls[0]]);
});

test('the folder of the app is that of its files', () => {
  assert.equal(appFolder(manifestOf(FILES, 'v')), 'app/0123456789abcdef/');
});

test('a needed file that cannot be had leaves the extras, so that it alone is fetched again', async () => {
  const rig = serviceWorker({ files: WITH_EXTRAS });
  const gone = () => new Response('gone', { status: 404 });
  rig.host.fault('offline.html', gone, gone);
  await assert.rejects(install(rig));
  const again = serviceWorker({ files: WITH_EXTRAS, caches: rig.caches });
  await install(again);
  assert.deepEqual(
    again.host.requests.map(({ path }) => path),
    ['offline.html'],
  );
});
