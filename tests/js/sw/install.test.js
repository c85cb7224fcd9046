import assert from 'node:assert/strict';
import { test } from 'node:test';

import { percentSteps } from '../../../site_templates/sw/precache.js';
import { FILES, install, load, serviceWorker, tell } from './fakes.js';

/** @typedef {import('./fakes.js').Answer} Answer */

const SHARD = 'model/0123456789abcdef/group1-shard1of1.bin';
const WEIGHTS = FILES[SHARD][0];
const NEEDED = Object.keys(FILES).filter((path) => !/webgl|plain/.test(path));

/** @param {string} text @param {ResponseInit} [init] @returns {Answer} */
const answer = (text, init) => () => new Response(text, init);

/** @type {Answer} */
const offline = () => Promise.reject(new TypeError('Failed to fetch'));

/** @type {Answer} */
const cutOff = () => {
  const stream = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(WEIGHTS.slice(0, 1000)));
    },
    pull(controller) {
      controller.error(new TypeError('network changed'));
    },
  });
  return new Response(stream);
};

/** @type {Answer} */
const opaque = () => /** @type {Response} */ ({ status: 0, type: 'opaque', body: null });

test('an install fetches each file of this device once, and no other backend', async () => {
  const rig = serviceWorker();
  await install(rig);
  assert.deepEqual(rig.host.requests.map(({ path }) => path).sort(), [...NEEDED].sort());
  const { ready, groups, files } = await tell(rig.worker, { type: 'status' });
  assert.deepEqual(
    { ready, groups, files },
    { ready: true, groups: ['core', 'wasm-simd'], files: NEEDED.length },
  );
});

test('stable names are asked for anew, content-addressed ones may come from the HTTP cache', async () => {
  const rig = serviceWorker();
  await install(rig);
  const modes = Object.fromEntries(rig.host.requests.map(({ path, cache }) => [path, cache]));
  assert.equal(modes['./'], 'no-cache');
  assert.equal(modes['offline.html'], 'no-cache');
  assert.equal(modes[SHARD], 'force-cache');
});

test('no more than four fetches run at once', async () => {
  const rig = serviceWorker();
  let running = 0;
  let most = 0;
  for (const path of NEEDED) {
    rig.host.fault(path, async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => {
        setTimeout(resolve, 1);
      });
      running -= 1;
      return new Response(rig.host.files[path]);
    });
  }
  await install(rig);
  assert.equal(most, 4);
});

test('what is stored has the type of the manifest and is no redirect', async () => {
  const headers = {
    'Content-Security-Policy': "default-src 'none'",
    'X-Content-Type-Options': 'nosniff',
  };
  const rig = serviceWorker({ headers });
  rig.host.fault('./', () => {
    const response = new Response(FILES['./'][0]);
    return Object.defineProperty(response, 'redirected', { value: true });
  });
  await install(rig);
  const shell = await load(rig.worker, 'index.html', { mode: 'navigate' });
  assert.ok(shell);
  assert.equal(shell.redirected, false);
  assert.equal(await shell.text(), FILES['./'][0]);
  assert.equal(shell.headers.get('content-type'), 'text/html; charset=utf-8');
  assert.equal(shell.headers.get('x-content-type-options'), 'nosniff');
  assert.equal(shell.headers.get('content-security-policy'), "default-src 'none'");
  const shard = await load(rig.worker, SHARD);
  assert.equal(shard?.headers.get('content-type'), 'application/octet-stream');
  assert.equal(shard?.headers.get('content-length'), '5000');
  assert.equal(shard?.headers.get('content-security-policy'), null);
});

/** @type {Answer} */
const page = () =>
  new Response('<!doctype html><title>Sign in</title>', {
    headers: { 'content-type': 'text/html' },
  });

const BROKEN = 'a connection that breaks';

/** @type {[string, string, Answer][]} what the host does, the reason told, the answer */
const WRONG = [
  ['other bytes of the right length', 'changed', answer('x'.repeat(5000))],
  ['an HTML page with status 200', 'unreachable', page],
  ['a longer file', 'changed', answer(`${WEIGHTS}more`)],
  ['a file cut short', 'changed', answer(WEIGHTS.slice(0, 4999))],
  ['an empty file', 'changed', () => new Response(null)],
  ['404', 'unreachable', answer('gone', { status: 404 })],
  ['404 with the right bytes', 'unreachable', answer(WEIGHTS, { status: 404 })],
  ['500', 'unreachable', answer('oops', { status: 500 })],
  ['206 with the right bytes', 'unreachable', answer(WEIGHTS, { status: 206 })],
  ['an opaque response', 'unreachable', opaque],
  ['no connection', 'unreachable', offline],
  [BROKEN, 'unreachable', cutOff],
];

const USELESS = new Set(WRONG.slice(0, 5).map(([what]) => what));

for (const [what, reason, fault] of WRONG) {
  test(`${what} once: asked again past the HTTP cache, and installed`, async () => {
    const rig = serviceWorker();
    rig.host.fault(SHARD, fault);
    await install(rig);
    const asked = rig.host.requests.filter(({ path }) => path === SHARD);
    assert.deepEqual(
      asked.map(({ cache }) => cache),
      ['force-cache', what === BROKEN ? 'no-store' : 'reload'],
    );
    assert.equal(rig.calls.pauses, USELESS.has(what) ? 0 : 1, 'a broken connection gets time');
    assert.equal(await (await load(rig.worker, SHARD))?.text(), WEIGHTS);
    const { loaded, total } = rig.page.told('progress').at(-1);
    assert.equal(loaded, total);
  });

  test(`${what} twice: not installed, and the page told why (${reason})`, async () => {
    const rig = serviceWorker();
    rig.host.fault(SHARD, fault, fault);
    await assert.rejects(install(rig));
    assert.equal(rig.host.count(SHARD), 2);
    const [failure] = rig.page.told('install-failed');
    assert.equal(failure.reason, reason);
    assert.match(failure.detail, /group1-shard1of1\.bin/);
    assert.equal(failure.file, SHARD);
    assert.equal((await tell(rig.worker, { type: 'status' })).ready, false);
  });
}

test('an install that failed resumes with the files that were verified', async () => {
  const rig = serviceWorker();
  rig.host.fault(SHARD, offline, offline);
  await assert.rejects(install(rig));
  const before = rig.host.requests.length;
  const again = serviceWorker({ caches: rig.caches });
  await install(again);
  assert.equal(before, NEEDED.length + 1);
  assert.deepEqual(
    again.host.requests.map(({ path }) => path),
    [SHARD],
  );
});

test('a file that was altered in the cache is found and fetched again', async () => {
  const rig = serviceWorker();
  await install(rig);
  rig.caches.overwrite(rig.name, rig.store.urlOf(SHARD), 'altered');
  const again = serviceWorker({ caches: rig.caches });
  await install(again);
  assert.deepEqual(
    again.host.requests.map(({ path }) => path),
    [SHARD],
  );
  assert.equal(await (await load(again.worker, SHARD))?.text(), WEIGHTS);
});

test('a full disk ends the install at once, says so, and keeps what it has', async () => {
  const rig = serviceWorker();
  rig.caches.quota = 4000;
  await assert.rejects(install(rig), { name: 'QuotaExceededError' });
  assert.equal(rig.page.told('install-failed')[0].reason, 'quota');
  assert.equal(rig.host.count(SHARD), 1);
  rig.caches.quota = 100_000;
  const again = serviceWorker({ caches: rig.caches });
  await install(again);
  assert.equal(again.host.count('./'), 0);
  assert.equal(again.host.count(SHARD), 1);
});

test('where the browser has too little space, nothing is downloaded, and the page told', async () => {
  const rig = serviceWorker({ space: 4000 });
  await assert.rejects(install(rig), { name: 'QuotaExceededError' });
  assert.equal(rig.host.requests.length, 0);
  const [{ reason, detail }] = rig.page.told('install-failed');
  assert.equal(reason, 'quota');
  assert.match(detail, /\d+ bytes are needed, 4000 are free/);
});

test('what is there already needs no space', async () => {
  const rig = serviceWorker();
  await install(rig);
  await install(serviceWorker({ caches: rig.caches, space: 0 }));
});

test('a disk without any space costs no more than the downloads that were running', async () => {
  const rig = serviceWorker();
  rig.caches.quota = 0;
  await assert.rejects(install(rig), { name: 'QuotaExceededError' });
  assert.ok(rig.host.requests.length <= 4);
});

test('a file of the wrong length is reported as that', async () => {
  const rig = serviceWorker();
  rig.host.files[SHARD] = WEIGHTS.slice(0, 4999);
  await assert.rejects(install(rig), /4999 bytes, expected 5000/);
  rig.host.files[SHARD] = `${WEIGHTS}!`;
  await assert.rejects(install(rig), /longer than 5000 bytes/);
});

test('a cache deleted while it is being filled is not called complete', async () => {
  const rig = serviceWorker();
  rig.host.fault('runtime/0123456789abcdef/simd.wasm', () => {
    rig.caches.all.delete(rig.name);
    return new Response('simd');
  });
  await assert.rejects(install(rig), /deleted while/);
  assert.equal(rig.page.told('install-failed')[0].reason, 'internal');
});

test('progress counts bytes, once per percent, and belongs to this scope', async () => {
  const rig = serviceWorker();
  await install(rig);
  const told = rig.page.told('progress');
  const total = NEEDED.reduce((sum, path) => sum + FILES[path][0].length, 0);
  assert.ok(told.length > 1 && told.length <= 101);
  assert.ok(told.every((message) => message.total === total));
  assert.ok(told.every((message) => message.scope === 'https://example.org/app/'));
  assert.equal(told.at(-1).loaded, total);
});

test('percent steps take back what a failed attempt had counted', () => {
  /** @type {number[]} */
  const reports = [];
  const count = percentSteps(1000, ({ loaded }) => reports.push(loaded));
  for (const bytes of [500, 4, 4, -508, 1000]) count(bytes);
  assert.deepEqual(reports, [500, 0, 1000]);
});
