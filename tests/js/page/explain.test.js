import assert from 'node:assert/strict';
import { test } from 'node:test';

import { evidenceAt, heatPixels } from '../../../site_templates/app/page/explain/heat.js';
import { placeOf } from '../../../site_templates/app/page/explain/place.js';

const WHOLE = { x: 0, y: 0, width: 1, height: 1 };

/** @param {number[][]} rows */
function mapOf(rows, photo = WHOLE) {
  const values = rows.flat();
  const [min, max] = [Math.min(...values), Math.max(...values)];
  return { width: rows[0].length, height: rows.length, values, min, max, photo };
}

const UPPER_RIGHT = mapOf([
  [0, 0, 8],
  [0, 0, 1],
  [0, 0, 0],
]);

test('the place is where the evidence lies', () => {
  assert.equal(placeOf(UPPER_RIGHT), 'upper-right');
  for (const [rows, place] of /** @type {[number[][], string][]} */ ([
    [
      [
        [0, 0],
        [5, 0],
      ],
      'lower-left',
    ],
    [
      [
        [1, 1, 1],
        [1, 9, 1],
        [1, 1, 1],
      ],
      'middle-center',
    ],
    [
      [
        [0, 7, 0],
        [0, 7, 0],
        [0, 0, 0],
      ],
      'upper-center',
    ],
    [
      [
        [7, 8],
        [9, 0],
      ],
      'everywhere',
    ],
    [
      [
        [3, 3],
        [3, 3],
      ],
      'everywhere',
    ],
    [
      [
        [-9, -9],
        [-9, -1],
      ],
      'lower-right',
    ],
  ])) {
    assert.equal(placeOf(mapOf(rows)), place);
  }
});

test('evidence is smooth between the cells, and exact at their centers', () => {
  assert.equal(evidenceAt(UPPER_RIGHT, 5 / 6, 1 / 6), 1);
  assert.equal(evidenceAt(UPPER_RIGHT, 1 / 6, 1 / 6), 0);
  assert.ok(Math.abs(evidenceAt(UPPER_RIGHT, 2 / 3, 1 / 6) - 0.5) < 1e-9);
  assert.equal(evidenceAt(UPPER_RIGHT, 1, 0), 1);
});

test('what lies beside a padded photo is neither shown nor told', () => {
  const rows = [
    [9, 9, 9, 9],
    [8, 0, 0, 0],
    [0, 0, 0, 0],
    [9, 9, 9, 9],
  ];
  const padded = mapOf(rows, { x: 0, y: 0.25, width: 1, height: 0.5 });
  assert.equal(placeOf(padded), 'upper-left');
  assert.ok(Math.abs(evidenceAt(padded, 1 / 8, 1 / 4) - 8 / 9) < 1e-9);
  assert.equal(evidenceAt(padded, 5 / 8, 3 / 4), 0);
});

test('more evidence is lighter and more opaque, in every color vision', () => {
  const ramp = mapOf([Array.from({ length: 64 }, (_, cell) => cell)]);
  const pixels = heatPixels(ramp, 64);
  let last = { light: -1, alpha: -1 };
  for (let x = 0; x < 64; x++) {
    const [red, green, blue, alpha] = pixels.slice(x * 4, x * 4 + 4);
    const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    assert.ok(light >= last.light && alpha >= last.alpha, `pixel ${x}`);
    last = { light, alpha };
  }
  assert.deepEqual([...pixels.slice(63 * 4, 63 * 4 + 3)], [254, 232, 56]);
});
