import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createHistoryLater } from '../../../../site_templates/app/page/history/later.js';

/** @param {{wanted?: boolean, failures?: number}} [world] */
function historyWith({ wanted = true, failures = 0 } = {}) {
  /** @type {any[]} */
  const kept = [];
  let loads = 0;
  const later = createHistoryLater({
    wanted: () => wanted,
    async load() {
      loads += 1;
      if (loads <= failures) throw new Error('out of reach');
      return { remember: async (photo) => void kept.push(photo) };
    },
    copy: async (photo) => /** @type {any} */ (`copy of ${photo}`),
  });
  const remember = (/** @type {string} */ photo) =>
    later.remember(/** @type {any} */ (photo), [], false);
  return { later, remember, kept, loads: () => loads };
}

test('nothing is kept, and nothing loaded, for those who want no history', async () => {
  const { remember, later, loads } = historyWith({ wanted: false });
  await remember('a');
  await later.keepWaiting();
  assert.equal(loads(), 0);
});

test('answers wait for a module that cannot be had, in their order', async () => {
  const { remember, later, kept } = historyWith({ failures: 3 });
  await remember('a');
  await remember('b');
  await later.keepWaiting();
  assert.deepEqual(kept, []);
  await later.keepWaiting();
  assert.deepEqual(kept, ['copy of a', 'copy of b']);
  await remember('c');
  assert.deepEqual(kept, ['copy of a', 'copy of b', 'c']);
});

test('of very many that wait, the newest are kept', async () => {
  const { remember, later, kept } = historyWith({ failures: 250 });
  for (let i = 0; i < 250; i += 1) await remember(String(i));
  await later.keepWaiting();
  assert.deepEqual([kept.length, kept[0], kept.at(-1)], [200, 'copy of 50', 'copy of 249']);
});
