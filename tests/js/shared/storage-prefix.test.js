import assert from 'node:assert/strict';
import { test } from 'node:test';

import { storagePrefix } from '../../../site_templates/app/shared/storage-prefix.js';

for (const [ours, theirs] of [
  ['https://example.org/', 'https://example.org/a/'],
  ['https://example.org/a/', 'https://example.org/'],
  ['https://example.org/a/', 'https://example.org/a/b/'],
  ['https://example.org/a/', 'https://example.org/a/|b/'],
  ['https://example.org/a/', 'https://example.org/a|/'],
]) {
  test(`what ${theirs} keeps is not taken for what ${ours} keeps`, () => {
    assert.ok(!`${storagePrefix(theirs)}0123456789abcdef`.startsWith(storagePrefix(ours)));
  });
}

test('the prefix names the path', () => {
  assert.equal(storagePrefix('https://example.org/a/'), 'classifier-pwa|/a/|');
});
