import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readWeights } from '../../../builder/runtime/engine/weights.js';

test('weights are read in all ways in which TF.js stores them', () => {
  const specs = [
    { name: 'plain', shape: [2], dtype: 'float32' },
    { name: 'truth', shape: [1], dtype: 'bool' },
    { name: 'whole', shape: [1, 1], dtype: 'int32' },
    { name: 'half', shape: [6], dtype: 'float32', quantization: { dtype: 'float16' } },
    {
      name: 'byte',
      shape: [2],
      dtype: 'float32',
      quantization: { dtype: 'uint8', scale: 0.5, min: -1 },
    },
    {
      name: 'short',
      shape: [1],
      dtype: 'int32',
      quantization: { dtype: 'uint16', scale: 2, min: 1 },
    },
  ];
  const bytes = [
    new Float32Array([1.5, -2]),
    new Uint8Array([1]),
    new Int32Array([-7]),
    // 1, -2, the smallest above zero, the largest, infinity, zero.
    new Uint16Array([0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00, 0x8000]),
    new Uint8Array([0, 200]),
    new Uint16Array([300]),
  ].flatMap(({ buffer }) => [...new Uint8Array(buffer)]);
  const found = readWeights(specs, [
    new Uint8Array(bytes.slice(0, 11)).buffer,
    new Uint8Array(bytes.slice(11)).buffer,
  ]);
  const values = Object.fromEntries([...found].map(([name, { data }]) => [name, [...data]]));
  assert.deepEqual(values, {
    plain: [1.5, -2],
    truth: [1],
    whole: [-7],
    half: [1, -2, 2 ** -24, 65504, Infinity, -0],
    byte: [-1, 99],
    short: [601],
  });
  assert.deepEqual(found.get('whole')?.shape, [1, 1]);
});

test('weights that end too early, or are of a type that nobody knows, are told', () => {
  const spec = { name: 'kernel', shape: [3], dtype: 'float32' };
  assert.throws(() => readWeights([spec], [new ArrayBuffer(8)]), /end within kernel/);
  const strange = { ...spec, dtype: 'complex64' };
  assert.throws(
    () => readWeights([strange], [new ArrayBuffer(24)]),
    /kernel are of the type complex64/,
  );
});
