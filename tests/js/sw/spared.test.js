import assert from 'node:assert/strict';
import { test } from 'node:test';

import { storagePrefix } from '../../../site_templates/app/shared/storage-prefix.js';
import { VersionStore } from '../../../site_templates/sw/store.js';
import { FakeCaches, SCOPE } from './fakes.js';

test('a new version leaves photos alone that were shared and not yet taken', async () => {
  const caches = new FakeCaches();
  const prefix = storagePrefix(SCOPE);
  for (const name of ['old', 'new', 'shared']) await caches.open(prefix + name);
  const store = new VersionStore({
    caches: /** @type {any} */ (caches),
    prefix,
    version: 'new',
    scope: SCOPE,
    sha256: async () => '',
    spared: [`${prefix}shared`],
  });
  await store.dropOtherVersions([]);
  assert.deepEqual([...caches.all.keys()], [`${prefix}new`, `${prefix}shared`]);
});
