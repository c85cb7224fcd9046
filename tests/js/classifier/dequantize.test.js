import assert from 'node:assert/strict';
import { test } from 'node:test';

import { dequantize, half } from '../../../site_templates/app/classifier/dequantize.js';

const OURS = { dtype: 'int8', scales: 'float16', original_dtype: 'float32' };
// Two channels with the scales 0.5 and 2, then three rows of integers.
const KERNEL = Uint8Array.of(0x00, 0x38, 0x00, 0x40, 1, 0xff, 127, 0x81, 0, 3);
const WEIGHTS = [0.5, -2, 63.5, -254, 0, 6];
const ENTRIES = [
  { name: 'scalar', shape: [], dtype: 'float32' },
  { name: 'kernel', shape: [1, 3, 2], dtype: 'float32', quantization: OURS },
  { name: 'half', shape: [2], dtype: 'float32', quantization: { dtype: 'float16' } },
  { name: 'flag', shape: [3], dtype: 'bool' },
];
const ALL = Uint8Array.of(0, 0, 128, 63, ...KERNEL, 0, 60, 0, 64, 1, 0, 1);

/** @param {number[]} cuts */
function cut(...cuts) {
  return [0, ...cuts].map((start, i) => ALL.slice(start, cuts[i]).buffer);
}

for (const shards of [cut(), cut(4, 14, 18), cut(1, 7, 8, 20)]) {
  test(`integers become weights, wherever ${shards.length} shards are cut`, () => {
    const { entries, contents } = dequantize(ENTRIES, shards);
    assert.deepEqual(
      entries.map(({ name, quantization }) => [name, quantization?.dtype]),
      [
        ['scalar', undefined],
        ['kernel', undefined],
        ['half', 'float16'],
        ['flag', undefined],
      ],
    );
    assert.ok(!('quantization' in entries[1]), 'TF.js takes the key alone for a quantization');
    assert.deepEqual([...new Float32Array(contents[0])], [1]);
    assert.deepEqual([...new Float32Array(contents[1])], WEIGHTS);
    assert.deepEqual([...new Uint8Array(contents[2])], [0, 60, 0, 64]);
    assert.deepEqual([...new Uint8Array(contents[3])], [1, 0, 1]);
  });
}

test('what TF.js reads itself passes as it is', () => {
  const entries = ENTRIES.filter(({ name }) => name !== 'kernel');
  const shards = cut(5);
  const result = dequantize(entries, shards);
  assert.deepEqual(result.entries, entries);
  assert.equal(result.contents, shards);
});

test('weights that end too early are refused', () => {
  const short = [ALL.slice(0, 12).buffer];
  assert.throws(() => dequantize(ENTRIES, short), { name: 'RangeError', message: /kernel/ });
});

test('half precision is read as the platform reads it', () => {
  const view = new DataView(new ArrayBuffer(2));
  for (let bits = 0; bits < 65536; bits++) {
    view.setUint16(0, bits);
    assert.ok(Object.is(half(bits), view.getFloat16(0)), bits.toString(16));
  }
});
