import assert from 'node:assert/strict';
import { test } from 'node:test';

import { backendCandidates, gpuKind } from '../../../site_templates/app/classifier/backend.js';

/** @typedef {import('../../../site_templates/app/classifier/backend.js').Capabilities} Capabilities */

/** @type {Capabilities} */
const everything = { webgpu: 'hardware', webgl: 'hardware', wasm: true, simd: true };
/** @type {Capabilities} */
const nothing = { webgpu: 'none', webgl: 'none', wasm: false, simd: false };

/**
 * @param {Capabilities} capabilities
 * @param {string} [wanted]
 */
function names(capabilities, wanted) {
  return backendCandidates(capabilities, wanted).map(({ backend }) => backend);
}

test('graphics cards come first, plain JavaScript only where there is nothing else', () => {
  assert.deepEqual(names(everything), ['webgpu', 'webgl', 'wasm']);
  assert.deepEqual(names({ ...everything, webgpu: 'none' }), ['webgl', 'wasm']);
  assert.deepEqual(names({ ...nothing, wasm: true }), ['wasm']);
  assert.deepEqual(names({ ...nothing, webgl: 'hardware' }), ['webgl', 'cpu']);
  assert.deepEqual(names(nothing), ['cpu']);
});

test('graphics computed in software are used only when asked for', () => {
  /** @type {Capabilities} */
  const software = { ...everything, webgpu: 'software', webgl: 'software' };
  assert.deepEqual(names(software), ['wasm']);
  assert.deepEqual(names(software, 'webgl'), ['webgl']);
  assert.deepEqual(names(software, 'webgpu'), ['webgpu']);
});

test('a backend that is asked for is the only candidate, or there is none', () => {
  assert.deepEqual(names(everything, 'cpu'), ['cpu']);
  assert.deepEqual(names(everything, 'wasm'), ['wasm']);
  assert.deepEqual(names(nothing, 'webgl'), []);
  assert.deepEqual(names(everything, 'abacus'), []);
});

test('WebAssembly comes with the binary that the browser can run', () => {
  const binary = (/** @type {boolean} */ simd) =>
    backendCandidates({ ...nothing, wasm: true, simd })[0].binary;
  assert.equal(binary(true), 'tfjs-backend-wasm-simd.wasm');
  assert.equal(binary(false), 'tfjs-backend-wasm.wasm');
});

test('renderers that compute on the CPU are told from graphics cards', () => {
  for (const renderer of [
    'ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)',
    'llvmpipe (LLVM 15.0.7, 256 bits)',
    'ANGLE (Microsoft, Microsoft Basic Render Driver Direct3D11 vs_5_0 ps_5_0)',
    'Apple Software Renderer',
  ]) {
    assert.equal(gpuKind(renderer), 'software', renderer);
  }
  for (const renderer of ['Apple GPU', 'Adreno (TM) 650', 'ANGLE (NVIDIA GeForce RTX 3060)']) {
    assert.equal(gpuKind(renderer), 'hardware', renderer);
  }
});
