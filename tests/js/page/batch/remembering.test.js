import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  createRemembering,
  MOST_REMEMBERED,
} from '../../../../site_templates/app/page/batch/remembering.js';

test('of each lot of photos the first are remembered', () => {
  /** @type {string[]} */
  const kept = [];
  const remembering = createRemembering((/** @type {string} */ name) => kept.push(name));
  for (let n = 0; n < MOST_REMEMBERED + 5; n += 1) remembering.answered(`first ${n}`);
  assert.equal(kept.length, MOST_REMEMBERED);
  assert.equal(kept.at(-1), `first ${MOST_REMEMBERED - 1}`);
  remembering.begin();
  remembering.answered('second');
  assert.equal(kept.at(-1), 'second');
});
