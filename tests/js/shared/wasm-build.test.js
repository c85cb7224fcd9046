import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  RELAXED_MODULE,
  SIMD_MODULE,
  wasmBuild,
} from '../../../site_templates/app/shared/wasm-build.js';

for (const [name, module] of Object.entries({ SIMD_MODULE, RELAXED_MODULE })) {
  test(`${name} is a valid module, and none with its opcodes spoiled`, () => {
    assert.ok(WebAssembly.validate(Uint8Array.from(module)));
    const spoiled = module.map((byte) => (byte === 253 ? 255 : byte));
    assert.ok(!WebAssembly.validate(Uint8Array.from(spoiled)));
  });
}

test('a browser runs the newest build that it understands', () => {
  const relaxed = (/** @type {Uint8Array} */ bytes) => bytes.length === RELAXED_MODULE.length;
  assert.equal(wasmBuild({ validate: () => true }), 'relaxed-simd');
  assert.equal(wasmBuild({ validate: (bytes) => !relaxed(bytes) }), 'simd');
  assert.equal(wasmBuild({ validate: () => false }), 'plain');
  assert.equal(wasmBuild(undefined), 'none');
});
