import assert from 'node:assert/strict';
import { test } from 'node:test';

import { decodeBlob } from '../../../site_templates/app/classifier/bitmap.js';
import { sniffImage } from '../../../site_templates/app/classifier/sniff.js';

/** @param {...(string | number[])} parts */
function bytes(...parts) {
  return Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === 'string' ? Array.from(part, (c) => c.charCodeAt(0)) : part,
    ),
  );
}

const png = (/** @type {number[]} */ ...size) =>
  bytes('\x89PNG\r\n\x1a\n', [0, 0, 0, 13], 'IHDR', size, [8, 2, 0, 0, 0]);
const jpeg = bytes(
  [0xff, 0xd8, 0xff, 0xe1, 0, 6, 1, 2, 3, 4],
  [0xff, 0xff, 0xc4, 0, 3, 9],
  [0xff, 0xc2, 0, 17, 8, 0x23, 0x28, 0x2e, 0xe0, 3],
);

test('formats are told by their magic bytes', () => {
  /** @type {[string | null, Uint8Array][]} */
  const table = [
    ['PNG', png(0, 0, 0, 1, 0, 0, 0, 1)],
    ['JPEG', jpeg],
    ['GIF', bytes('GIF89a')],
    ['WebP', bytes('RIFF', [0, 0, 0, 0], 'WEBPVP8 ')],
    ['HEIC', bytes([0, 0, 0, 24], 'ftypheic')],
    ['HEIC', bytes([0, 0, 0, 24], 'ftypmif1')],
    ['AVIF', bytes([0, 0, 0, 24], 'ftypavif')],
    ['MP4', bytes([0, 0, 0, 24], 'ftypisom')],
    ['TIFF', bytes('II*\0')],
    ['SVG', bytes('  <svg xmlns="http://www.w3.org/2000/svg">')],
    ['SVG', bytes('<?xml version="1.0"?><svg/>')],
    ['PDF', bytes('%PDF-1.7')],
    [null, bytes('hello')],
    [null, bytes()],
  ];
  for (const [format, start] of table) assert.equal(sniffImage(start).format, format);
});

test('the sizes of PNG and JPEG are read from their headers', () => {
  const { width, height } = sniffImage(png(0, 0, 0x2e, 0xe0, 0, 0, 0x23, 0x28));
  assert.deepEqual([width, height], [12000, 9000]);
  assert.deepEqual(sniffImage(jpeg), { format: 'JPEG', width: 12000, height: 9000 });
});

test('a header that is cut off has no size', () => {
  assert.equal(sniffImage(png(0, 0)).width, null);
  for (let length = 3; length < jpeg.length - 1; length++) {
    assert.equal(sniffImage(jpeg.subarray(0, length)).width, null, `${length} bytes`);
  }
});

test('what the browser cannot decode is told by kind', async () => {
  const refuse = () => Promise.reject(new Error('The source image could not be decoded.'));
  /** @type {[string, RegExp, Uint8Array][]} */
  const table = [
    ['not-an-image', /not an image/, bytes('hello')],
    ['not-an-image', /JPEG file is damaged/, bytes([0xff, 0xd8, 0xff, 0xe0])],
    ['unsupported-format', /cannot open HEIC/, bytes([0, 0, 0, 24], 'ftypheic')],
    ['image-too-large', /12000 × 9000/, jpeg],
  ];
  for (const [code, message, content] of table) {
    await assert.rejects(decodeBlob(new Blob([Uint8Array.from(content)]), refuse), {
      code,
      message,
    });
  }
});

test('a picture of gigabytes is refused before it is decoded', async () => {
  const decode = () => assert.fail('decoded');
  const bomb = new Blob([png(0, 0, 0xc3, 0x50, 0, 0, 0xc3, 0x50)]);
  await assert.rejects(decodeBlob(bomb, decode), { code: 'image-too-large' });
});
