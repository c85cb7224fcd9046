import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createStorageKeeper } from '../../../../site_templates/app/page/offline/persist.js';

/** @param {boolean} persisted */
function fakeStorage(persisted) {
  return {
    asked: 0,
    persisted: async () => persisted,
    async persist() {
      this.asked += 1;
      return true;
    },
  };
}

test('the browser is asked once, and only after the app was used', async () => {
  const storage = fakeStorage(false);
  /** @type {(value?: unknown) => void} */
  let use = () => {};
  const used = new Promise((resolve) => {
    use = resolve;
  });
  const keep = createStorageKeeper(used, storage);
  const first = keep();
  const second = keep();
  await second;
  assert.equal(storage.asked, 0);
  use();
  await first;
  await keep();
  assert.equal(storage.asked, 1);
});

test('storage that is kept already is not asked for', async () => {
  const storage = fakeStorage(true);
  await createStorageKeeper(Promise.resolve(), storage)();
  assert.equal(storage.asked, 0);
});

test('a browser that refuses or knows no such question disturbs nobody', async () => {
  const refusing = {
    persisted: async () => false,
    persist: async () => {
      throw new TypeError('refused');
    },
  };
  await createStorageKeeper(Promise.resolve(), refusing)();
  await createStorageKeeper(Promise.resolve(), undefined)();
});
