import assert from 'node:assert/strict';
import { test } from 'node:test';

import { cachePrefix } from '../../../../site_templates/app/page/system/own_caches.js';

for (const [ours, theirs] of [
  ['https://example.org/', 'https://example.org/a/'],
  ['https://example.org/a/', 'https://example.org/'],
  ['https://example.org/a/', 'https://example.org/a/b/'],
  ['https://example.org/a/', 'https://example.org/a/|b/'],
  ['https://example.org/a/', 'https://example.org/a|/'],
]) {
  test(`the caches of ${theirs} are not those of ${ours}`, () => {
    assert.ok(!`${cachePrefix(theirs)}0123456789abcdef`.startsWith(cachePrefix(ours)));
  });
}

test('the cache prefix names the path', () => {
  assert.equal(cachePrefix('https://example.org/a/'), 'classifier-pwa|/a/|');
});
