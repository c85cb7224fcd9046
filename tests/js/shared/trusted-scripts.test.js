import assert from 'node:assert/strict';
import { test } from 'node:test';

import { POLICY, scriptUrlMaker } from '../../../site_templates/app/shared/trusted-scripts.js';

const FOLDER = 'https://example.org/trees/app/0123456789abcdef/';

/** Stands in for the browser's factory: marks what went through the policy. */
function fakeFactory() {
  return {
    /** @type {string[]} */
    names: [],
    /** @type {import('../../../site_templates/app/shared/trusted-scripts.js').TrustedTypesFactory['createPolicy']} */
    createPolicy(name, { createScriptURL }) {
      this.names.push(name);
      return { createScriptURL: (url) => ({ trusted: createScriptURL(url) }) };
    },
  };
}

test('the app’s own scripts pass, as what the browser trusts', () => {
  const factory = fakeFactory();
  const make = scriptUrlMaker(FOLDER, factory);
  assert.deepEqual(factory.names, [POLICY]);
  for (const url of [
    `${FOLDER}classifier/worker.js`,
    'https://example.org/trees/sw.js',
    'https://example.org/trees/runtime/0123456789abcdef/wasm-threads.js',
    new URL('./classifier/worker.js', FOLDER),
  ]) {
    assert.deepEqual(make(url), { trusted: String(url) });
  }
});

for (const url of [
  'https://evil.example/trees/app/0123456789abcdef/worker.js',
  'https://example.org/sw.js',
  'https://example.org/trees/runtime/0123456789abcdef/tf.js',
  'https://example.org/runtime/0123456789abcdef/wasm-threads.js',
  'https://example.org/trees/app/ffffffffffffffff/worker.js',
  `${FOLDER}../../model/0/metadata.json`,
  'data:text/javascript,alert(1)',
  'blob:https://example.org/1',
]) {
  test(`no other script passes: ${url}`, () => {
    assert.throws(() => scriptUrlMaker(FOLDER, fakeFactory())(url), TypeError);
    assert.throws(() => scriptUrlMaker(FOLDER, undefined)(url), TypeError);
  });
}

test('a browser without Trusted Types gets the address', () => {
  const url = `${FOLDER}classifier/worker.js`;
  assert.equal(scriptUrlMaker(FOLDER, undefined)(url), url);
});

test('a page whose own policy does not know ours gets the address, and judges it itself', () => {
  const factory = {
    createPolicy() {
      throw new TypeError('Policy "classifier-pwa" disallowed.');
    },
  };
  const url = `${FOLDER}classifier/worker.js`;
  assert.equal(scriptUrlMaker(FOLDER, factory)(url), url);
});
