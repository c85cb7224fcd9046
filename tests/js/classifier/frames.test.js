import assert from 'node:assert/strict';
import { test } from 'node:test';

import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';

import { FrameReader } from '../../../site_templates/app/classifier/frames.js';
import { photoGeometry } from '../../../site_templates/app/classifier/geometry.js';
import { StripResizer } from '../../../site_templates/app/classifier/resize.js';

/** @typedef {import('../../../site_templates/app/classifier/geometry.js').Sizes} Sizes */

/** @type {Sizes} */
const SIZES = { resize: [18, 18], crop: [16, 16] };
const { cast, matMul, reshape, transpose } = tf;
const FUNCTIONS = { cast, fromPixels: tf.browser.fromPixels, matMul, reshape, transpose };

/**
 * @param {number} width
 * @param {number} height
 * @returns {any} what `fromPixels` takes outside of browsers, too
 */
function picture(width, height) {
  const data = Uint8Array.from({ length: 4 * width * height }, (_, i) =>
    i % 4 === 3 ? 255 : (i * 2654435761) >>> 24,
  );
  return { width, height, data };
}

/**
 * @param {{width: number, height: number, data: Uint8Array}} picture
 * @param {Sizes} sizes
 */
function resized({ width, height, data }, sizes) {
  const resizer = new StripResizer(width, height, photoGeometry(width, height, sizes));
  const { x, y, width: columns, height: rows } = resizer.region;
  const region = new Uint8Array(4 * columns * rows);
  for (let row = 0; row < rows; row++) {
    const start = 4 * ((y + row) * width + x);
    region.set(data.subarray(start, start + 4 * columns), 4 * row * columns);
  }
  resizer.addRows(region, rows);
  return resizer.pixels;
}

const reader = (sizes = SIZES) => new FrameReader(/** @type {any} */ (tf), FUNCTIONS, sizes);

for (const way of /** @type {Partial<Sizes>[]} */ ([
  {},
  { fit: 'stretch', resize: [16, 16] },
  { fit: 'pad', resize: [16, 16] },
  { resampling: 'canvas', resize: [16, 16] },
])) {
  for (const [width, height] of [
    [40, 30],
    [31, 64],
    [16, 9],
  ]) {
    test(`a frame of ${width} by ${height} is read as the CPU reads it: ${JSON.stringify(way)}`, async () => {
      const frame = picture(width, height);
      const sizes = { ...SIZES, ...way };
      const frames = reader(sizes);
      const sample = await frames.sample(frame);
      const reference = resized(frame, sizes);
      assert.equal(sample?.length, reference.length);
      reference.forEach((value, i) => assert.ok(Math.abs(value - (sample?.[i] ?? NaN)) < 1e-3));
      frames.compare(sample, reference);
      assert.notEqual(frames.trusted, false);
      frames.dispose();
    });
  }
}

test('what one frame leaves behind is the filters for the next, of whatever size', async () => {
  const before = tf.memory().numTensors;
  const frames = reader();
  for (const [width, height] of [
    [40, 30],
    [40, 30],
    [30, 40],
  ]) {
    await frames.sample(picture(width, height));
    assert.equal(tf.memory().numTensors, before + 2);
  }
  frames.dispose();
  assert.equal(tf.memory().numTensors, before);
});

test('a frame of one colour proves nothing, but may give a bad GPU away', () => {
  const black = new Float32Array(12);
  const frames = reader();
  frames.compare(black, black);
  assert.equal(frames.trusted, null);
  frames.compare(Float32Array.of(0, 255, 255), Float32Array.of(0, 255, 255));
  assert.equal(frames.trusted, true);
  const bad = reader();
  bad.compare(
    black.map(() => 16),
    black,
  );
  assert.equal(bad.trusted, false);
});

test('a GPU that reads otherwise, or not at all, is not trusted', () => {
  const reference = Float32Array.of(0, 100, 200, 255);
  for (const [sample, trusted] of /** @type {[number[] | null, boolean][]} */ ([
    [[0, 100, 200, 255], true],
    [[0, 100.5, 200, 255], true],
    [[1, 101, 201, 254], false],
    [[0, 104, 200, 255], false],
    [[0, NaN, 200, 255], false],
    [[0, 100, 200], false],
    [null, false],
  ])) {
    const frames = reader();
    frames.compare(sample, reference);
    assert.equal(frames.trusted, trusted, String(sample));
  }
});
