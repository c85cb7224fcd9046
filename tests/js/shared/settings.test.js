import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createSettings } from '../../../site_templates/app/shared/settings.js';

/** A Storage in memory. */
function memoryStorage() {
  const kept = new Map();
  return {
    kept,
    /** @param {string} key */
    getItem: (key) => kept.get(key) ?? null,
    /**
     * @param {string} key
     * @param {string} value
     */
    setItem: (key, value) => void kept.set(key, value),
  };
}

test('what is set is kept', () => {
  const storage = memoryStorage();
  createSettings('https://example.org/a/', () => storage).set('camera', { facing: 'user' });
  assert.deepEqual(createSettings('https://example.org/a/', () => storage).get('camera'), {
    facing: 'user',
  });
});

test('two apps on one origin do not share', () => {
  const storage = memoryStorage();
  createSettings('https://example.org/a/', () => storage).set('camera', { facing: 'user' });
  assert.equal(createSettings('https://example.org/b/', () => storage).get('camera'), null);
  assert.deepEqual([...storage.kept.keys()], ['classifier-pwa|/a/|camera']);
});

test('storage that throws, at access too, costs only the memory', () => {
  const settings = createSettings('https://example.org/', () => {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  });
  settings.set('camera', {});
  assert.equal(settings.get('camera'), null);
});

test('what others wrote under the key is not trusted to be JSON', () => {
  const storage = memoryStorage();
  storage.setItem('classifier-pwa|/|camera', '{');
  assert.equal(createSettings('https://example.org/', () => storage).get('camera'), null);
});

test('after the end nothing is kept any more', () => {
  const kept = new Map();
  const settings = createSettings('https://example.org/', () => ({
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
  }));
  settings.set('way', 'wasm');
  settings.end();
  settings.set('grayscale', true);
  assert.deepEqual([...kept.keys()], ['classifier-pwa|/|way']);
});
