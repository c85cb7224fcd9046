import assert from 'node:assert/strict';
import { test } from 'node:test';

import { failureOf } from '../../../site_templates/sw/worker.js';
import { FILES, install, load, serviceWorker, tell } from './fakes.js';

const APP = 'app/0123456789abcdef/page/app.js';
const SHARD = 'model/0123456789abcdef/group1-shard1of1.bin';
const WEBGL = 'runtime/0123456789abcdef/backend-webgl.js';

/** @param {Parameters<typeof serviceWorker>[0]} [options] */
async function installed(options) {
  const rig = serviceWorker(options);
  await install(rig);
  rig.host.requests = [];
  return rig;
}

for (const path of ['', 'index.html', '?x=1', 'index.html?x=1']) {
  test(`with the host down, ${path || './'} opens the app`, async () => {
    const { worker, host } = await installed();
    host.down = true;
    const response = await load(worker, path, { mode: 'navigate' });
    assert.equal(response?.status, 200);
    assert.equal(await response?.text(), '<title>Shell</title>');
    assert.equal(host.requests.length, 0);
  });
}

test('files of the app come from the cache, others are left to the browser', async () => {
  const { worker, host } = await installed();
  assert.equal(await (await load(worker, APP))?.text(), 'start()');
  assert.equal(await load(worker, 'site.json'), undefined);
  assert.equal(await load(worker, SHARD, { method: 'HEAD' }), undefined);
  assert.equal(host.requests.length, 0);
});

test('an unknown page is the network’s, and offline.html when that fails', async () => {
  const { worker, host } = await installed();
  host.files['help/'] = 'help';
  const online = await load(worker, 'help/', { mode: 'navigate' });
  assert.equal(await online?.text(), 'help');
  assert.equal((await load(worker, 'nothing', { mode: 'navigate' }))?.status, 404);
  host.down = true;
  const offline = await load(worker, 'deep/er/page', { mode: 'navigate' });
  assert.equal(offline?.status, 503);
  assert.equal(offline?.headers.get('content-type'), 'text/html; charset=utf-8');
  assert.equal(await offline?.text(), '<base href="/app/"><p>offline');
});

test('what is missing in the cache comes from the network', async () => {
  const { worker, host, caches, name } = await installed();
  caches.all.delete(name);
  assert.equal(await (await load(worker, APP))?.text(), 'start()');
  const shell = await load(worker, 'index.html?x', { mode: 'navigate' });
  assert.equal(shell?.status, 404, 'the page that was asked for, as the host has it');
  host.down = true;
  await assert.rejects(load(worker, APP), TypeError);
  assert.equal((await load(worker, '', { mode: 'navigate' }))?.type, 'error');
});

/** @param {(controller: ReadableStreamDefaultController) => void} [end] what comes after the start */
function startOfPage(end) {
  return new Response(
    new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('<title>')),
      pull: end,
    }),
  );
}

test('of a page that breaks off nothing is shown, but the one that says so', async () => {
  const { worker, host, caches, name, store } = await installed();
  caches.all.get(name)?.delete(store.urlOf('./'));
  host.fault('./', () => startOfPage((controller) => controller.error(new TypeError('broke off'))));
  assert.equal((await load(worker, '', { mode: 'navigate' }))?.status, 503);
  const whole = await load(worker, '', { mode: 'navigate' });
  assert.equal(await whole?.text(), '<title>Shell</title>');
});

test('what has come of a page is shown when it takes long', async () => {
  const { worker, host, caches, name, store } = await installed({ pageTimeout: async () => {} });
  caches.all.get(name)?.delete(store.urlOf('./'));
  host.fault('./', () => startOfPage());
  const page = await load(worker, '', { mode: 'navigate' });
  const { value } = (await page?.body?.getReader().read()) ?? {};
  assert.equal(new TextDecoder().decode(value), '<title>');
});

test('storage that cannot be opened leaves the online app working', async () => {
  const { worker, caches } = await installed();
  caches.broken = true;
  assert.equal(await (await load(worker, APP))?.text(), 'start()');
});

test('a file that the page found damaged is fetched past all caches and kept', async () => {
  const { worker, host, caches, name, store } = await installed();
  caches.overwrite(name, store.urlOf(SHARD), 'altered');
  const renewed = await load(worker, SHARD, { cache: 'reload' });
  assert.equal(await renewed?.text(), FILES[SHARD][0]);
  assert.deepEqual(host.requests, [{ path: SHARD, cache: 'reload', range: null }]);
  assert.equal(await (await load(worker, SHARD))?.text(), FILES[SHARD][0]);
});

test('a module or page altered in the cache is never answered with, but fetched again', async () => {
  for (const [path, init] of /** @type {[string, object][]} */ ([
    [APP, {}],
    ['', { mode: 'navigate' }],
  ])) {
    const { worker, caches, name, store, host } = await installed();
    caches.overwrite(name, store.urlOf(path), 'altered');
    const right = FILES[path || './'][0];
    assert.equal(await (await load(worker, path, init))?.text(), right);
    assert.equal(host.requests.length, 1);
    assert.equal(await (await load(worker, path, init))?.text(), right);
    assert.equal(host.requests.length, 1, 'it was put back');
  }
});

test('offline, an altered module is not answered with', async () => {
  const { worker, caches, name, store, host } = await installed();
  caches.overwrite(name, store.urlOf(APP), 'altered');
  host.down = true;
  await assert.rejects(/** @type {Promise<Response>} */ (load(worker, APP)), TypeError);
});

test('what was altered in the cache does not count as there, and the core group mends it', async () => {
  const { worker, caches, name, store, host } = await installed();
  caches.overwrite(name, store.urlOf(SHARD), 'altered');
  assert.equal((await tell(worker, { type: 'status' })).ready, false);
  await tell(worker, { type: 'precache-group', group: 'core' });
  assert.equal((await tell(worker, { type: 'status' })).ready, true);
  assert.deepEqual(
    host.requests.map(({ path }) => path),
    [SHARD],
  );
});

test('a renewal without a network answers with what there is', async () => {
  const { worker, host } = await installed();
  host.down = true;
  const response = await load(worker, SHARD, { cache: 'reload' });
  assert.equal(await response?.text(), FILES[SHARD][0]);
});

test('a backend’s group is fetched when asked for, once, and then part of the status', async () => {
  const { worker, host, page } = await installed();
  assert.ok(!(await tell(worker, { type: 'status' })).groups.includes('webgl'));
  const done = await tell(worker, { type: 'precache-group', group: 'webgl' });
  assert.deepEqual(done, { type: 'precache-group-done', group: 'webgl', ok: true });
  assert.ok((await tell(worker, { type: 'status' })).groups.includes('webgl'));
  await tell(worker, { type: 'precache-group', group: 'webgl' });
  assert.deepEqual(
    host.requests.map(({ path }) => path),
    [WEBGL],
  );
  assert.ok(page.told('progress').length > 0);
});

test('two pages asking at the same moment cause one download', async () => {
  const { worker, host } = await installed();
  const asking = { type: 'precache-group', group: 'webgl' };
  const answers = await Promise.all([tell(worker, asking), tell(worker, asking)]);
  assert.deepEqual(
    answers.map(({ ok }) => ok),
    [true, true],
  );
  assert.equal(host.count(WEBGL), 1);
});

test('a group that cannot be had is reported, and can be had later', async () => {
  const { worker, host } = await installed();
  host.down = true;
  const failed = await tell(worker, { type: 'precache-group', group: 'webgl' });
  assert.equal(failed.ok, false);
  assert.equal(failed.reason, 'unreachable');
  host.down = false;
  assert.equal((await tell(worker, { type: 'precache-group', group: 'webgl' })).ok, true);
});

test('the core group mends what the device needs', async () => {
  const { worker, caches, name, host } = await installed();
  caches.all.delete(name);
  assert.equal((await tell(worker, { type: 'status' })).ready, false);
  assert.equal((await tell(worker, { type: 'precache-group', group: 'core' })).ok, true);
  assert.equal((await tell(worker, { type: 'status' })).ready, true);
  assert.equal(host.count(WEBGL), 0);
});

test('an unknown group is refused', async () => {
  const { worker } = await installed();
  const answer = await tell(worker, { type: 'precache-group', group: 'webnn' });
  assert.equal(answer.ok, false);
  assert.match(answer.detail, /"webnn"/);
});

for (const data of [null, 'status', { type: 'other' }, {}, 7]) {
  test(`a message of ${JSON.stringify(data)} is ignored`, async () => {
    const { worker, calls } = await installed();
    assert.equal(await tell(worker, data), undefined);
    assert.equal(calls.skipWaiting, 0);
  });
}

test('errors of any kind have a reason', () => {
  assert.equal(failureOf(new DOMException('', 'QuotaExceededError')).reason, 'quota');
  assert.deepEqual(failureOf(new Error('x')), { reason: 'internal', detail: 'Error: x' });
  assert.deepEqual(failureOf('x'), { reason: 'internal', detail: 'x' });
  const { reason, file } = failureOf({ reason: 'changed', file: 'index.html' });
  assert.deepEqual([reason, file], ['changed', 'index.html']);
});
