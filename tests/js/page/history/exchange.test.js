import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  answersIn,
  exported,
  memoryOf,
} from '../../../../site_templates/app/page/history/exchange.js';

/** @typedef {import('../../../../site_templates/app/page/history/store.js').Memory} Memory */

/**
 * The first bytes of a JPEG of this size: start, frame header.
 *
 * @param {number} width
 * @param {number} height
 */
const jpeg = (width, height) =>
  new Uint8Array([
    ...[0xff, 0xd8, 0xff, 0xc0, 0, 17, 8],
    ...[height >> 8, height & 255, width >> 8, width & 255, 3, 0, 0],
  ]);

/** @type {Memory} */
const MEMORY = {
  when: 1_700_000_000_000,
  name: 'a.jpg',
  predictions: [{ classIndex: 3, className: 'elm', probability: 0.75 }],
  model: 'model/0123456789abcdef/',
  thumbnail: jpeg(128, 128),
  embedding: new Float32Array([0.5, -1.25]),
};

/** @param {string} text of a file */
const read = (text) => answersIn(text)?.map(memoryOf) ?? null;

/** @param {object} changes to the one answer in a file */
function fileWith(changes) {
  const data = JSON.parse(exported([MEMORY]).join(''));
  return JSON.stringify({ ...data, answers: [{ ...data.answers[0], ...changes }] });
}

test('what goes out comes in again', () => {
  const without = { ...MEMORY, thumbnail: null, embedding: null };
  assert.deepEqual(read(exported([MEMORY, without]).join('')), [MEMORY, without]);
});

test('an empty history is one, too', () => {
  assert.deepEqual(read(exported([]).join('')), []);
});

for (const text of [
  '',
  'null',
  '[]',
  '{"format":"classifier-pwa-history"}',
  '{"format":"classifier-pwa-history","version":2,"answers":[]}',
  '{"format":"classifier-pwa-history","version":1,"answers":{"length":1}}',
  '<script>alert(1)</script>',
]) {
  test(`${text || 'nothing'} is no history`, () => assert.equal(read(text), null));
}

const base64 = (/** @type {Uint8Array} */ bytes) => Buffer.from(bytes).toString('base64');
const long = 'x'.repeat(501);

for (const changes of [
  { when: 'yesterday' },
  { when: 1.5 },
  { when: 9e15 },
  { name: 7 },
  { name: long },
  { model: null },
  { predictions: 'elm' },
  { predictions: [null] },
  { predictions: [{ classIndex: 3, className: { toString: 'x' }, probability: 0.5 }] },
  { predictions: [{ classIndex: 3, className: long, probability: 0.5 }] },
  { predictions: [{ classIndex: -1, className: 'elm', probability: 0.5 }] },
  { predictions: [{ classIndex: 3, className: 'elm', probability: 2 }] },
  { predictions: Array.from({ length: 101 }, () => MEMORY.predictions[0]) },
  { thumbnail: 'javascript:alert(1)' },
  { thumbnail: base64(new TextEncoder().encode('<svg onload="alert(1)"/>')) },
  { thumbnail: base64(jpeg(60_000, 60_000)) },
  { thumbnail: base64(new Uint8Array(200_000)) },
  { thumbnail: {} },
  { embedding: base64(new Uint8Array(7)) },
  { embedding: base64(new Uint8Array(new Float32Array([NaN]).buffer)) },
  { embedding: base64(new Uint8Array(40_000)) },
  { embedding: [1, 2] },
]) {
  const shown = JSON.stringify(changes).slice(0, 60);
  test(`an answer with ${shown} is left out`, () => {
    assert.deepEqual(read(fileWith(changes)), [null]);
  });
}

test('fields that nobody asked for are left behind, and prototypes alone', () => {
  const text = fileWith({ id: 1, bytes: 9, extra: 1 }).replace(
    '"answers":[{',
    '"answers":[{"__proto__":{"polluted":true},',
  );
  const [memory] = read(text) ?? [];
  assert.deepEqual(Object.keys(memory ?? {}).sort(), Object.keys(MEMORY).sort());
  assert.equal(/** @type {any} */ ({}).polluted, undefined);
  assert.equal(/** @type {any} */ (memory).polluted, undefined);
});
