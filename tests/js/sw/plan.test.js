import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  cachePrefix,
  deviceGroups,
  entriesOf,
  groupNames,
  isContentAddressed,
  SIMD_PROBE,
} from '../../../site_templates/sw/plan.js';
import { FILES, manifestOf } from './fakes.js';

test('the SIMD probe is a valid module, and no longer one with its SIMD opcode spoiled', () => {
  assert.ok(WebAssembly.validate(new Uint8Array(SIMD_PROBE)));
  const spoiled = SIMD_PROBE.map((byte) => (byte === 253 ? 255 : byte));
  assert.ok(!WebAssembly.validate(new Uint8Array(spoiled)));
});

test('a device keeps the WebAssembly binary that it can run, or none', () => {
  assert.deepEqual(deviceGroups({ validate: () => true }), ['core', 'wasm-simd']);
  assert.deepEqual(deviceGroups({ validate: () => false }), ['core', 'wasm']);
  assert.deepEqual(deviceGroups(undefined), ['core']);
});

test('a file of several groups is planned once', () => {
  const manifest = manifestOf(FILES, 'v');
  const urls = entriesOf(manifest, ['wasm', 'webgl']).map(({ url }) => url);
  assert.deepEqual(urls, [
    'runtime/0123456789abcdef/chunk.js',
    'runtime/0123456789abcdef/plain.wasm',
    'runtime/0123456789abcdef/backend-webgl.js',
  ]);
  assert.deepEqual(groupNames(manifest), new Set(['core', 'wasm', 'wasm-simd', 'webgl']));
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

for (const [ours, theirs] of [
  ['https://example.org/', 'https://example.org/a/'],
  ['https://example.org/a/', 'https://example.org/'],
  ['https://example.org/a/', 'https://example.org/a/b/'],
  ['https://example.org/a/', 'https://example.org/a/|b/'],
  ['https://example.org/a/', 'https://example.org/a|/'],
]) {
  test(`the caches of ${theirs} are not those of ${ours}`, () => {
    assert.ok(!`${cachePrefix(theirs)}0123456789abcdef`.startsWith(cachePrefix(ours)));
  });
}

test('the cache prefix names the path', () => {
  assert.equal(cachePrefix('https://example.org/a/'), 'classifier-pwa|/a/|');
});
