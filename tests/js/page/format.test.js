import assert from 'node:assert/strict';
import { test } from 'node:test';

import './english.js';
import {
  size,
  tenthsPercent,
  downloaded,
  duration,
  percent,
  probabilityAttribute,
} from '../../../site_templates/app/page/format.js';

test('a percentage has two decimals', () => {
  assert.equal(percent(0), '0.00%');
  assert.equal(percent(0.871234), '87.12%');
  assert.equal(percent(1), '100.00%');
});

test('the probability for scripts has no exponent and at least six decimals', () => {
  assert.equal(probabilityAttribute(1e-9), '0.00000000');
  assert.equal(probabilityAttribute(0.1234567), '0.12345670');
  assert.match(probabilityAttribute(1), /^\d\.\d{6,}$/);
});

test('a download counts in one unit, and never beyond its end', () => {
  assert.equal(downloaded(1_234_567, 4_600_000), '1.2 of 4.6 MB');
  assert.equal(downloaded(5_000_000, 4_600_000), '4.6 of 4.6 MB');
  assert.equal(downloaded(1_234_567, 0), '1.2 MB');
});

test('a share that was measured has one decimal', () => {
  assert.equal(tenthsPercent(0.751), '75.1%');
  assert.equal(tenthsPercent(0.50484), '50.5%');
});

test('a duration takes the unit that reads best', () => {
  assert.equal(duration(0.2), '1 ms');
  assert.equal(duration(48.4), '48 ms');
  assert.equal(duration(999.7), '1.0 sec');
  assert.equal(duration(1249), '1.2 sec');
  assert.equal(duration(125_000), '2 min');
});

test('a size takes the unit that reads best', () => {
  assert.equal(size(1), '1 kB');
  assert.equal(size(83_400), '84 kB');
  assert.equal(size(4_560_000), '4.6 MB');
  assert.equal(size(12_340_000_000), '12.3 GB');
});
