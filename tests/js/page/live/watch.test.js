import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createAnnouncer, QUIET } from '../../../../site_templates/app/page/live/live.js';
import { watch } from '../../../../site_templates/app/page/live/watch.js';

test('the next frame is looked at only when the last is answered and the rest is over', async () => {
  const end = new AbortController();
  /** @type {string[]} */
  const calls = [];
  let open = 0;
  await watch({
    signal: end.signal,
    async look() {
      open += 1;
      assert.equal(open, 1);
      calls.push('look');
      await new Promise((resolve) => {
        setTimeout(resolve, 2);
      });
      open -= 1;
      return {};
    },
    onSeen() {
      calls.push('seen');
      return 70;
    },
    async rest(milliseconds) {
      calls.push(`rest ${milliseconds}`);
      if (calls.length === 6) end.abort();
    },
  });
  assert.deepEqual(calls, ['look', 'seen', 'rest 70', 'look', 'seen', 'rest 70']);
});

test('a camera without a frame is asked again after a while', async () => {
  const end = new AbortController();
  await watch({
    signal: end.signal,
    look: () => null,
    onSeen: () => assert.fail('nothing was seen'),
    async rest(milliseconds) {
      assert.ok(milliseconds > 0);
      end.abort();
    },
  });
});

test('what is answered after the end is void, a failure as well', async () => {
  for (const settle of [Promise.resolve({}), Promise.reject(new Error('aborted'))]) {
    const end = new AbortController();
    await watch({
      signal: end.signal,
      look() {
        end.abort();
        return settle;
      },
      onSeen: () => assert.fail('it was ended'),
    });
  }
});

test('a failure ends it, and is told', async () => {
  const { signal } = new AbortController();
  const look = () => Promise.reject(new Error('no memory'));
  await assert.rejects(watch({ signal, look, onSeen: () => 0 }), /no memory/);
});

test('a rest ends at once with the whole', async () => {
  const end = new AbortController();
  const watching = watch({ signal: end.signal, look: async () => ({}), onSeen: () => 1e9 });
  setTimeout(() => end.abort(), 5);
  await watching;
});

test('only a new answer is told, and not before it was quiet for a while', () => {
  /** @type {string[]} */
  const told = [];
  const tell = createAnnouncer((words) => told.push(words));
  tell('cup', 0);
  tell('cup', QUIET + 1);
  tell('plate', QUIET + 2);
  assert.deepEqual(told, ['cup', 'plate']);
  tell('not sure', QUIET + 3);
  tell('cup', QUIET + 4);
  assert.deepEqual(told, ['cup', 'plate']);
  tell('not sure', 2 * QUIET + 2);
  assert.deepEqual(told, ['cup', 'plate', 'not sure']);
});
