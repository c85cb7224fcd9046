import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  BACKENDS,
  backendNamed,
  buildFor,
  groupOf,
} from '../../../site_templates/app/shared/backends.js';

/** @param {Partial<import('../../../site_templates/app/shared/backends.js').Backend>} more */
const row = (more) => ({ ...BACKENDS.cpu, ...more });

test('a browser runs the best build that a backend has and it understands', () => {
  const both = row({ builds: { 'relaxed-simd': { binary: 'a' }, plain: { binary: 'b' } } });
  assert.equal(buildFor(both, 'relaxed-simd'), 'relaxed-simd');
  assert.equal(buildFor(both, 'simd'), 'plain');
  assert.equal(buildFor(both, 'none'), null);
  assert.equal(buildFor(row({ builds: { simd: { binary: 'a' } } }), 'relaxed-simd'), 'simd');
  assert.equal(buildFor(row({ builds: { simd: { binary: 'a' } } }), 'plain'), null);
  assert.equal(buildFor(row({}), 'relaxed-simd'), null);
});

test('groups are named after backend, build and threads', () => {
  assert.equal(groupOf('webgl'), 'webgl');
  assert.equal(groupOf('wasm', 'simd'), 'wasm-simd');
  assert.equal(groupOf('wasm', 'relaxed-simd', true), 'wasm-relaxed-simd-threads');
});

test('a name that no row has is none, whatever objects inherit', () => {
  assert.equal(backendNamed('webgl'), BACKENDS.webgl);
  assert.equal(backendNamed('abacus'), undefined);
  assert.equal(backendNamed('toString'), undefined);
});
