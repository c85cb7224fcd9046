import assert from 'node:assert/strict';
import { test } from 'node:test';

import { busyShare, createPace } from '../../../../site_templates/app/page/live/pace.js';

test('a device works at most half of the time, less on a battery that runs low', () => {
  assert.equal(busyShare(null), 1 / 2);
  assert.equal(busyShare({ charging: true, level: 0.1 }), 1 / 2);
  assert.equal(busyShare({ charging: false, level: 0.9 }), 1 / 2);
  assert.equal(busyShare({ charging: false, level: 0.4 }), 1 / 3);
  assert.equal(busyShare({ charging: false, level: 0.1 }), 1 / 5);
});

test('the rest after a frame keeps to the share, however long frames take', () => {
  const pace = createPace(() => 1 / 2);
  assert.equal(pace.took(0, 400).pause, 400);
  assert.equal(createPace(() => 1 / 5).took(0, 100).pause, 400);
});

test('a fast device looks no more often than anybody can read', () => {
  assert.equal(createPace(() => 1 / 2).took(0, 10).pause, 90);
});

test('a device that slows down rests longer at once, and goes back to its rate gradually', () => {
  const pace = createPace(() => 1 / 2);
  pace.took(0, 200);
  assert.equal(pace.took(400, 1400).pause, 1000);
  const { pause } = pace.took(2400, 2600);
  assert.ok(pause > 200 && pause < 400, String(pause));
});

test('the speed is what happens: frames a second with their rests, milliseconds for each', () => {
  const pace = createPace(() => 1 / 2);
  pace.took(0, 50);
  let { speed } = pace.took(250, 300);
  for (let at = 500; at < 5000; at += 250) speed = pace.took(at, at + 50).speed;
  assert.ok(Math.abs(speed.rate - 4) < 0.01, String(speed.rate));
  assert.ok(Math.abs(speed.latency - 50) < 1e-9);
});
