import assert from 'node:assert/strict';
import { test } from 'node:test';

import { abilitiesOf, lensesOf } from '../../../../site_templates/app/page/camera/lenses.js';

test('lenses have the names that people know them by', () => {
  const cameras = [
    { deviceId: 'a', label: 'HD Webcam (046d:0825)' },
    { deviceId: 'b', label: 'Back Ultra Wide Camera' },
    { deviceId: 'c', label: '' },
    { deviceId: '', label: '' },
  ];
  assert.deepEqual(lensesOf(cameras), [
    { deviceId: 'a', name: 'HD Webcam' },
    { deviceId: 'b', name: 'Back Ultra Wide Camera' },
    { deviceId: 'c', name: '' },
  ]);
});

/**
 * @param {object} [capabilities]
 * @param {object} [settings]
 */
const track = (capabilities, settings = {}) => ({
  getCapabilities: capabilities && (() => capabilities),
  getSettings: () => settings,
});

test('a light and a zoom are offered where the camera has them', () => {
  const zoom = { min: 1, max: 8, step: 0.1 };
  assert.deepEqual(abilitiesOf(track({ torch: true, zoom }, { zoom: 2 })), {
    torch: true,
    zoom: { ...zoom, value: 2 },
  });
  assert.equal(abilitiesOf(track({ torch: [false, true] })).torch, true);
});

test('and not where it has none, or does not tell', () => {
  const none = { torch: false, zoom: null };
  for (const capabilities of [undefined, {}, { torch: [false] }, { zoom: { min: 1, max: 1 } }]) {
    assert.deepEqual(abilitiesOf(track(capabilities)), none);
  }
});

test('a camera that names no step has a hundred', () => {
  assert.equal(abilitiesOf(track({ zoom: { min: 100, max: 400 } })).zoom?.step, 3);
});
