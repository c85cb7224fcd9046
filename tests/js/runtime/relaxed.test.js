import assert from 'node:assert/strict';
import { test } from 'node:test';

import startWabt from 'wabt';

import { fuseProducts } from '../../../builder/runtime/relaxed.mjs';

const FEATURES = { simd: true, relaxed_simd: true };
const wabt = await startWabt();

/**
 * Compile `body` as a function of four numbers, with its products fused where `fused`, and run it.
 *
 * @param {string} body
 * @param {boolean} fused
 */
async function compute(body, fused) {
  const source = `(module
  (func (export "f") (param f32 f32 f32 f32) (result f32)
    (local v128)
${body}
    f32x4.extract_lane 0))`;
  const plain = wabt.parseWat('plain.wat', source, FEATURES);
  const text = plain.toText({ foldExprs: false, inlineExport: false });
  const { text: changed, count } = fuseProducts(text);
  const parsed = wabt.parseWat('fused.wat', fused ? changed : text, FEATURES);
  const { instance } = await WebAssembly.instantiate(Uint8Array.from(parsed.toBinary({}).buffer));
  const f = /** @type {(...numbers: number[]) => number} */ (instance.exports.f);
  return { count, value: f(2, 3, 5, 7), text: changed };
}

/** @param {number} parameter */
const splat = (parameter) => `    local.get ${parameter}\n    f32x4.splat\n`;

test('a product that is added to a sum is fused, whatever else the function holds', async () => {
  const body = `${splat(3)}    local.set 4
    local.get 4
${splat(0)}${splat(1)}    f32x4.mul
    f32x4.add
    local.tee 4
    local.get 4
${splat(2)}    f32x4.mul
    f32x4.add`;
  const { count, value, text } = await compute(body, true);
  assert.equal(count, 2);
  assert.equal(text.match(/f32x4\.relaxed_madd/g)?.length, 2);
  assert.equal(value, (await compute(body, false)).value);
  assert.equal(value, 7 + 2 * 3 + (7 + 2 * 3) * 5);
});

test('a product that something else happens to stays one', async () => {
  const body = `${splat(3)}${splat(0)}${splat(1)}    f32x4.mul
    f32x4.sub`;
  const { count, value, text } = await compute(body, true);
  assert.equal(count, 0);
  assert.ok(!text.includes('relaxed_madd'));
  assert.equal(value, 7 - 2 * 3);
});
