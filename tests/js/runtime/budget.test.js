import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';

const folder = new URL('../../../assets/runtime/', import.meta.url);
const { lean } = JSON.parse(await readFile(new URL('runtime.json', folder), 'utf8'));

/** @type {Map<string, number>} */
const sizes = new Map();
for (const name of [
  ...lean.core,
  ...lean['wasm-relaxed-simd'],
  ...lean['wasm-simd'],
  ...lean.webgl,
]) {
  if (sizes.has(name) || name === 'LICENSES.txt') continue;
  const place = name.endsWith('.js') ? 'lean/' : '';
  sizes.set(name, brotliCompressSync(await readFile(new URL(place + name, folder))).length);
}

/** @param {...string} groups what a device fetches besides the core */
function bytes(...groups) {
  const names = new Set(['core', ...groups].flatMap((group) => lean[group]));
  return [...names].reduce((sum, name) => sum + (sizes.get(name) ?? 0), 0);
}

test('WebAssembly and what drives it come over the wire in 175 KB', () => {
  assert.ok(bytes('wasm-simd') <= 175_000);
  assert.ok(bytes('wasm-relaxed-simd') <= 175_000);
});

test('with WebGL beside it, it is 220 KB', () => {
  assert.ok(bytes('wasm-relaxed-simd', 'webgl') <= 220_000);
});

test('the engine and its planner come in 15 KB', async () => {
  const planner = brotliCompressSync(await readFile(new URL('lean/engine.js', folder))).length;
  for (const name of ['engine-simd.wasm', 'engine-relaxed-simd.wasm']) {
    const kernels = brotliCompressSync(await readFile(new URL(name, folder))).length;
    assert.ok(planner + kernels <= 15_000, `${planner} and ${kernels}`);
  }
});
