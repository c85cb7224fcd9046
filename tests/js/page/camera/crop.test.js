import assert from 'node:assert/strict';
import { test } from 'node:test';

import { frameIn, USUAL_CROP } from '../../../../site_templates/app/page/camera/crop.js';

const square = { width: 320, height: 320 };

test('the crop of a camera picture that fills a square view is 7/8 of it', () => {
  for (const camera of [
    { width: 1280, height: 960 },
    { width: 720, height: 1280 },
  ]) {
    const frame = frameIn(square, camera, USUAL_CROP, false);
    assert.deepEqual(frame, { fit: 'cover', width: 280, height: 280 });
  }
});

test('a chosen photo is shown whole, and its crop shrinks with it', () => {
  const frame = frameIn(square, { width: 640, height: 320 }, USUAL_CROP, true);
  assert.deepEqual(frame, { fit: 'contain', width: 140, height: 140 });
});

test('filling the view never cuts off what the network sees', () => {
  const wide = { width: 800, height: 400 };
  const upright = { width: 960, height: 1280 };
  const frame = frameIn(wide, upright, USUAL_CROP, false);
  assert.equal(frame.fit, 'contain');
  assert.ok(frame.width <= wide.width && frame.height <= wide.height);
});

test('a network that looks at a flat rectangle gets a flat frame', () => {
  const crop = { resize: [100, 200], crop: [100, 200] };
  const frame = frameIn(square, { width: 500, height: 500 }, crop, true);
  assert.deepEqual(frame, { fit: 'contain', width: 320, height: 160 });
});
