import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { coverGeometry } from '../../../site_templates/app/classifier/geometry.js';
import { StripResizer } from '../../../site_templates/app/classifier/resize.js';

const fixtures = new URL('../../fixtures/resize/resize.json', import.meta.url);

/**
 * The same bytes as `pixel` in make_resize_fixtures.py.
 *
 * @param {number} count
 */
function pixels(count) {
  return Uint8ClampedArray.from({ length: count }, (_, i) => {
    return ((Math.imul(i, 2654435761) + 97) >>> 0) >>> 24;
  });
}

/**
 * Resize a whole RGBA photo, handing it over in strips of `stripRows` rows.
 *
 * @param {Uint8ClampedArray} rgba
 * @param {number} width
 * @param {number} height
 * @param {import('../../../site_templates/app/classifier/geometry.js').Geometry} geometry
 * @param {number} stripRows
 */
function resize(rgba, width, height, geometry, stripRows) {
  const resizer = new StripResizer(width, height, geometry);
  const { x, y, width: columns, height: rows } = resizer.region;
  for (let done = 0; done < rows; done += stripRows) {
    const count = Math.min(stripRows, rows - done);
    const strip = new Uint8ClampedArray(4 * columns * count);
    for (let row = 0; row < count; row++) {
      const from = 4 * ((y + done + row) * width + x);
      strip.set(rgba.subarray(from, from + 4 * columns), 4 * row * columns);
    }
    resizer.addRows(strip, count);
  }
  return resizer;
}

for (const fixture of JSON.parse(readFileSync(fixtures, 'utf8'))) {
  const { name, width, height, resized, step, values } = fixture;
  const geometry = coverGeometry(width, height, fixture);

  test(`${name}: the resized photo has the reference's size`, () => {
    assert.deepEqual([geometry.resizedHeight, geometry.resizedWidth], resized);
  });

  for (const stripRows of [1, 7, Infinity]) {
    test(`${name}: equals tf.image.resize, in strips of ${stripRows} rows`, () => {
      const photo = pixels(4 * width * height);
      const result = resize(photo, width, height, geometry, stripRows).pixels;
      assert.equal(result.length, 3 * fixture.crop[0] * fixture.crop[1]);
      values.forEach((/** @type {number} */ value, /** @type {number} */ i) => {
        assert.ok(
          Math.abs(result[i * step] - value) < 0.01,
          `value ${i * step} is ${result[i * step]}, TensorFlow has ${value}`,
        );
      });
    });
  }
}

test('a white photo stays white at any size', () => {
  for (const [width, height] of [
    [1, 1],
    [3, 1000],
    [640, 480],
    [4001, 17],
  ]) {
    const sizes = { resize: [36, 36], crop: [32, 32] };
    const white = new Uint8ClampedArray(4 * width * height).fill(255);
    const geometry = coverGeometry(width, height, sizes);
    for (const value of resize(white, width, height, geometry, 5).pixels) {
      assert.ok(Math.abs(value - 255) < 1e-3, `${width}×${height}: ${value}`);
    }
  }
});

test('only the part of a panorama that the crop shows is asked for', () => {
  const geometry = coverGeometry(10000, 500, { resize: [256, 256], crop: [224, 224] });
  const { region } = new StripResizer(10000, 500, geometry);
  assert.ok(region.width < 450, `${region.width} columns`);
  assert.ok(region.x > 4700 && region.x + region.width < 5300);
});
