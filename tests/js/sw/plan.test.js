import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  entriesOf,
  groupNames,
  isContentAddressed,
  plannedGroups,
  storedHeaders,
  usesThreads,
} from '../../../site_templates/sw/plan.js';
import { FILES, manifestOf } from './fakes.js';

test('a device keeps the WebAssembly binary that it can run, or none', () => {
  const needed = (/** @type {Parameters<typeof plannedGroups>[0]} */ wasm) =>
    plannedGroups(wasm, false).needed;
  assert.deepEqual(needed('relaxed-simd'), ['core', 'wasm-relaxed-simd']);
  assert.deepEqual(needed('simd'), ['core', 'wasm-simd']);
  assert.deepEqual(needed('plain'), ['core', 'wasm-plain']);
  assert.deepEqual(needed('none'), ['core']);
});

test('a device that may use threads keeps the binary for them too, among its extras', () => {
  const extras = (/** @type {Parameters<typeof plannedGroups>[0]} */ wasm) =>
    plannedGroups(wasm, true).extras;
  assert.deepEqual(extras('relaxed-simd'), ['extras', 'wasm-relaxed-simd-threads']);
  assert.deepEqual(extras('simd'), ['extras', 'wasm-simd-threads']);
  assert.deepEqual(extras('plain'), ['extras']);
  assert.deepEqual(extras('none'), ['extras']);
  assert.deepEqual(plannedGroups('simd', false).extras, ['extras']);
});

const CHROME = 'Mozilla/5.0 (Linux; Android 10) AppleWebKit/537.36 Chrome/140.0 Safari/537.36';
const IPHONE_CHROME = 'Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 CriOS/140.0 Mobile Safari/604.1';
const IPAD = 'Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15';
const FIREFOX = 'Mozilla/5.0 (X11; Linux) Gecko/20100101 Firefox/140.0';

test('pages are isolated for threads where these can be used, and not on iOS', () => {
  const manifest = { headers: { a: '1' }, isolation: { b: '2' } };
  const device = (/** @type {string} */ userAgent, cores = 4) => ({
    userAgent,
    hardwareConcurrency: cores,
  });
  for (const userAgent of [CHROME, FIREFOX]) {
    assert.deepEqual(storedHeaders(manifest, device(userAgent)), { a: '1', b: '2' });
    assert.deepEqual(storedHeaders(manifest, device(userAgent, 1)), { a: '1' });
  }
  for (const userAgent of [IPHONE_CHROME, IPAD]) {
    assert.deepEqual(storedHeaders(manifest, device(userAgent)), { a: '1' });
  }
  assert.ok(!usesThreads({ isolation: {} }, device(CHROME)));
});

test('a file of several groups is planned once', () => {
  const manifest = manifestOf(FILES, 'v');
  const urls = entriesOf(manifest, ['wasm-plain', 'webgl']).map(({ url }) => url);
  assert.deepEqual(urls, [
    'runtime/0123456789abcdef/chunk.js',
    'runtime/0123456789abcdef/plain.wasm',
    'runtime/0123456789abcdef/backend-webgl.js',
  ]);
  assert.deepEqual(groupNames(manifest), new Set(['core', 'wasm-plain', 'wasm-simd', 'webgl']));
});

for (const [url, expected] of /** @type {[string, boolean][]} */ ([
  ['app/0123456789abcdef/page/app.js', true],
  ['model/0123456789abcdef/model.json', true],
  ['./', false],
  ['offline.html', false],
  ['app/page/app.js', false],
  ['app/0123456789ABCDEF/page/app.js', false],
  ['app/0123456789abcdef', false],
])) {
  test(`${url} is ${expected ? '' : 'not '}content-addressed`, () => {
    assert.equal(isContentAddressed(url), expected);
  });
}
