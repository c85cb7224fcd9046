import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { photoGeometry, viewOf } from '../../../site_templates/app/classifier/geometry.js';
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
  const geometry = photoGeometry(width, height, fixture);

  test(`${name}: the resized photo has the reference's size`, () => {
    assert.deepEqual([geometry.rows.resized, geometry.columns.resized], resized);
  });

  for (const stripRows of [1, 7, Infinity]) {
    test(`${name}: equals the reference, in strips of ${stripRows} rows`, () => {
      const photo = pixels(4 * width * height);
      const result = resize(photo, width, height, geometry, stripRows).pixels;
      assert.equal(result.length, 3 * fixture.crop[0] * fixture.crop[1]);
      values.forEach((/** @type {number} */ value, /** @type {number} */ i) => {
        assert.ok(
          Math.abs(result[i * step] - value) < 0.01,
          `value ${i * step} is ${result[i * step]}, the reference has ${value}`,
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
    const geometry = photoGeometry(width, height, sizes);
    for (const value of resize(white, width, height, geometry, 5).pixels) {
      assert.ok(Math.abs(value - 255) < 1e-3, `${width}×${height}: ${value}`);
    }
  }
});

test('only the part of a panorama that the crop shows is asked for', () => {
  const geometry = photoGeometry(10000, 500, { resize: [256, 256], crop: [224, 224] });
  const { region } = new StripResizer(10000, 500, geometry);
  assert.ok(region.width < 450, `${region.width} columns`);
  assert.ok(region.x > 4700 && region.x + region.width < 5300);
});

test('people are shown the part of a photo that the network sees, and where it sees it', () => {
  const whole = { x: 0, y: 0, width: 1, height: 1 };
  const sizes = { resize: [200, 100], crop: [200, 100] };
  for (const [view, expected] of /** @type {[ReturnType<typeof viewOf>, object][]} */ ([
    [viewOf(400, 400, sizes), { width: 200, height: 400, within: whole }],
    [viewOf(400, 400, { ...sizes, fit: 'stretch' }), { width: 400, height: 400, within: whole }],
    [
      viewOf(400, 400, { ...sizes, fit: 'pad' }),
      { width: 400, height: 400, within: { x: 0, y: 0.25, width: 1, height: 0.5 } },
    ],
    [
      viewOf(640, 320, { resize: [200, 200], crop: [100, 100], fit: 'stretch' }),
      { width: 320, height: 160, within: whole },
    ],
  ])) {
    assert.deepEqual(view, expected);
  }
});
