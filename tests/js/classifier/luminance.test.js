import assert from 'node:assert/strict';
import { test } from 'node:test';

import { toLuminance } from '../../../site_templates/app/classifier/preprocess.js';

test('a gray photo has the luminance in all three channels', () => {
  const pixels = Float32Array.of(255, 0, 0, 10, 10, 10, 0, 100, 200);
  toLuminance(pixels);
  const rounded = Array.from(pixels, (value) => Math.round(value * 100) / 100);
  assert.deepEqual(rounded, [76.25, 76.25, 76.25, 10, 10, 10, 81.5, 81.5, 81.5]);
});
