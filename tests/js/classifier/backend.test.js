import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  backendCandidates,
  gpuKind,
  immediateCandidate,
  alternativesTo,
  threadCounts,
} from '../../../site_templates/app/classifier/backend.js';

/** @typedef {import('../../../site_templates/app/classifier/backend.js').Capabilities} Capabilities */

/** @type {Capabilities} */
const everything = { webgpu: 'hardware', webgl: 'hardware', wasm: 'relaxed-simd', threads: 1 };
/** @type {Capabilities} */
const nothing = { webgpu: 'none', webgl: 'none', wasm: 'none', threads: 1 };

/**
 * @param {Capabilities} capabilities
 * @param {string} [wanted]
 * @param {string} [preferred]
 */
function names(capabilities, wanted, preferred) {
  return backendCandidates(capabilities, wanted, preferred).map(({ variant }) => variant);
}

test('WebAssembly comes first, plain JavaScript only where there is none', () => {
  assert.deepEqual(names(everything), ['wasm', 'webgpu', 'webgl']);
  assert.deepEqual(names({ ...everything, webgpu: 'none' }), ['wasm', 'webgl']);
  assert.deepEqual(names({ ...nothing, wasm: 'plain' }), ['wasm']);
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
  const binary = (/** @type {Capabilities['wasm']} */ wasm, variant = 'wasm') =>
    backendCandidates({ ...nothing, wasm, threads: 2 }, variant)[0]?.binary;
  assert.equal(binary('relaxed-simd'), 'tfjs-backend-wasm-relaxed-simd.wasm');
  assert.equal(binary('simd'), 'tfjs-backend-wasm-simd.wasm');
  assert.equal(binary('plain'), 'tfjs-backend-wasm.wasm');
  assert.equal(binary('relaxed-simd', 'wasm:2'), 'tfjs-backend-wasm-threaded-relaxed-simd.wasm');
  assert.equal(binary('simd', 'wasm:2'), 'tfjs-backend-wasm-threaded-simd.wasm');
  assert.equal(binary('plain', 'wasm:2'), undefined);
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

test('what was measured to be the fastest comes first, if it is still there', () => {
  const isolated = { ...everything, threads: 4 };
  assert.deepEqual(names(everything, undefined, 'webgl'), ['webgl', 'wasm', 'webgpu']);
  assert.deepEqual(names(isolated, undefined, 'wasm:4'), ['wasm:4', 'wasm', 'webgpu', 'webgl']);
  assert.deepEqual(names(everything, undefined, 'wasm:4'), ['wasm', 'webgpu', 'webgl']);
  assert.deepEqual(names(everything, undefined, 'abacus'), ['wasm', 'webgpu', 'webgl']);
});

test('what comes first whatever graphics card there is, is known before one is looked for', () => {
  const first = (/** @type {Capabilities} */ capabilities, wanted = '', preferred = '') =>
    immediateCandidate(capabilities, wanted || undefined, preferred || undefined)?.variant;
  const isolated = { ...everything, threads: 4 };
  assert.equal(first(everything), 'wasm');
  assert.equal(first(isolated, '', 'wasm:4'), 'wasm:4');
  assert.equal(first(isolated, 'wasm:4'), 'wasm:4');
  assert.equal(first(everything, '', 'webgl'), undefined);
  assert.equal(first(everything, 'webgpu'), undefined);
  assert.equal(first(nothing), undefined);
});

test('one variant among several of a backend can be asked for', () => {
  assert.deepEqual(names({ ...everything, threads: 2 }, 'wasm:2'), ['wasm:2']);
  assert.deepEqual(names({ ...everything, threads: 2 }, 'wasm'), ['wasm', 'wasm:2']);
});

test('alternatives are graphics cards and numbers of threads, never software GPUs or plain JavaScript', () => {
  const isolated = { ...everything, threads: 4 };
  assert.deepEqual(alternativesTo(isolated, 'wasm'), ['webgpu', 'webgl', 'wasm:4', 'wasm:2']);
  assert.deepEqual(alternativesTo(isolated, 'webgl'), ['wasm', 'webgpu', 'wasm:4', 'wasm:2']);
  assert.deepEqual(
    alternativesTo({ ...everything, webgpu: 'software', webgl: 'none' }, 'wasm'),
    [],
  );
  assert.deepEqual(alternativesTo(nothing, 'cpu'), []);
  assert.deepEqual(alternativesTo({ ...isolated, wasm: 'plain' }, 'webgpu'), ['wasm', 'webgl']);
});

test('as many threads as cores are tried, and half of them', () => {
  assert.deepEqual(threadCounts(1), []);
  assert.deepEqual(threadCounts(2), [2]);
  assert.deepEqual(threadCounts(6), [6, 3]);
  assert.deepEqual(threadCounts(32), [8, 4]);
});
