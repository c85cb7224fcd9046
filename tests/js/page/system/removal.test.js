import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createRemoval } from '../../../../site_templates/app/page/system/removal.js';

/** Channels of one browser. */
function browser() {
  /** @type {{name: string, channel: any}[]} */
  const all = [];
  return (/** @type {string} */ name) => {
    const channel = {
      /** @type {any} */
      onmessage: null,
      postMessage(/** @type {unknown} */ data) {
        for (const other of all) {
          if (other.name === name && other.channel !== channel) other.channel.onmessage?.({ data });
        }
      },
    };
    all.push({ name, channel });
    return channel;
  };
}

/**
 * @param {ReturnType<typeof browser>} open
 * @param {number} opened
 * @param {string} [root]
 */
function tab(open, opened, root = 'https://example.org/trees/') {
  const seen = { removals: 0 };
  const removal = createRemoval({
    root,
    opened,
    now: () => 1000,
    open,
    onRemoved: () => void (seen.removals += 1),
  });
  return { seen, removal };
}

test('a removal is told to all tabs of the app that are open, and to no other app', () => {
  const open = browser();
  const [one, two] = [tab(open, 100), tab(open, 200)];
  const neighbour = tab(open, 300, 'https://example.org/other/');
  one.removal.announce();
  assert.deepEqual([one.seen.removals, two.seen.removals], [0, 1]);
  assert.equal(neighbour.seen.removals, 0);
});

test('a tab that was opened before it, and is still loading, hears of it later', () => {
  const open = browser();
  tab(open, 100).removal.announce();
  assert.equal(tab(open, 900).seen.removals, 1);
});

test('a tab that was opened afterwards begins anew', () => {
  const open = browser();
  tab(open, 100).removal.announce();
  assert.equal(tab(open, 1100).seen.removals, 0);
});

test('each tab removes what it keeps once', () => {
  const open = browser();
  const [one, two, three] = [tab(open, 100), tab(open, 200), tab(open, 300)];
  one.removal.announce();
  tab(open, 900);
  tab(open, 950);
  two.removal.announce();
  assert.deepEqual([two.seen.removals, three.seen.removals], [1, 1]);
});

test('nonsense on the channel is passed over', () => {
  const open = browser();
  const { seen } = tab(open, 100);
  const stranger = open('classifier-pwa|/trees/|removal');
  for (const data of [null, 'removed', 7, {}, { removed: 'soon' }, { opened: {} }]) {
    stranger.postMessage(data);
  }
  assert.equal(seen.removals, 0);
});
