import assert from 'node:assert/strict';
import { test } from 'node:test';

import { copyPicture, decodeBlob } from '../../../site_templates/app/classifier/bitmap.js';

const BITMAP = /** @type {ImageBitmap} */ (/** @type {unknown} */ ({ width: 2, height: 1 }));

/**
 * A `createImageBitmap` of a browser that knows `imageOrientation` only as "none" and "flipY".
 *
 * @param {ImageBitmapOptions[]} asked
 */
function olderBrowser(asked) {
  return /** @type {any} */ (
    async (/** @type {unknown} */ _, /** @type {ImageBitmapOptions} */ options) => {
      asked.push(options);
      if (options.imageOrientation === 'from-image') throw new TypeError('not a valid enum value');
      return BITMAP;
    }
  );
}

test('a browser that does not know the option for orientation reads photos all the same', async () => {
  /** @type {ImageBitmapOptions[]} */
  const asked = [];
  assert.equal(await decodeBlob(new Blob(['x']), olderBrowser(asked)), BITMAP);
  assert.deepEqual(asked.at(-1), { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
  const canvas = /** @type {any} */ ({});
  assert.equal(await copyPicture(canvas, olderBrowser([])), BITMAP);
});

test('a file that cannot be decoded is tried once', async () => {
  let attempts = 0;
  const decode = async () => {
    attempts += 1;
    throw new DOMException('The source image could not be decoded.', 'InvalidStateError');
  };
  await assert.rejects(decodeBlob(new Blob(['x']), decode), { code: 'not-an-image' });
  assert.equal(attempts, 1);
});
