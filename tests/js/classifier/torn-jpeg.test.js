import assert from 'node:assert/strict';
import { test } from 'node:test';

import { decodeBlob } from '../../../site_templates/app/classifier/bitmap.js';
import { decodeWithEnd } from '../../../site_templates/app/classifier/torn-jpeg.js';

/** @typedef {{pixels: Uint8Array, closed: boolean, close: () => void}} FakeBitmap */

/**
 * A decoder of files that consist of a first byte, `length` pixels and 0xff 0xd9: what is missing of them
 * is filled up with zeros, what is too much left out.
 *
 * @param {number} length
 */
function decoder(length) {
  /** @type {FakeBitmap[]} */
  const made = [];
  const decode = async (/** @type {Blob} */ file) => {
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (bytes.at(-1) !== 0xd9 || bytes.at(-2) !== 0xff) throw new DOMException('', 'InvalidState');
    const pixels = new Uint8Array(length);
    pixels.set(bytes.slice(1, -2).slice(0, length));
    const bitmap = { pixels, closed: false, close: () => void (bitmap.closed = true) };
    made.push(bitmap);
    return /** @type {any} */ (bitmap);
  };
  return { decode, made };
}

const read = (/** @type {any} */ bitmap) => [bitmap.pixels];

for (const [name, file, length] of /** @type {[string, number[], number][]} */ ([
  ['the marker', [1, 2, 3, 4], 3],
  ['half of the marker', [1, 2, 3, 4, 0xff], 3],
  ['the marker, with rubbish in its place', [1, 2, 3, 4, 0, 0], 3],
])) {
  test(`a file that lacks ${name} is decoded, and nothing else stays open`, async () => {
    const { decode, made } = decoder(length);
    const bitmap = await decodeWithEnd(new Blob([Uint8Array.from(file)]), decode, read);
    assert.deepEqual([.../** @type {any} */ (bitmap).pixels], [2, 3, 4]);
    assert.deepEqual(
      made.filter(({ closed }) => !closed),
      [bitmap],
    );
  });
}

test('a file that lacks pixels as well stays refused, and nothing stays open', async () => {
  const { decode, made } = decoder(4);
  const file = new Blob([Uint8Array.of(1, 2, 3, 4)]);
  assert.equal(await decodeWithEnd(file, decode, read), null);
  assert.ok(made.every(({ closed }) => closed));
});

test('only JPEG files are tried once more, and those that stay damaged are told as such', async () => {
  let attempts = 0;
  const decode = async () => {
    attempts += 1;
    throw new DOMException('', 'InvalidStateError');
  };
  await assert.rejects(decodeBlob(new Blob([Uint8Array.of(0xff, 0xd8, 0xff)]), decode), {
    message: 'This JPEG file is damaged.',
  });
  assert.equal(attempts, 2);
});
