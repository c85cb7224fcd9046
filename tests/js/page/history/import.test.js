import assert from 'node:assert/strict';
import { test } from 'node:test';

import { exported, MOST_FILE } from '../../../../site_templates/app/page/history/exchange.js';
import { importHistory } from '../../../../site_templates/app/page/history/import.js';

/** @typedef {import('../../../../site_templates/app/page/history/store.js').Memory} Memory */

/**
 * @param {number} when
 * @param {string} [name]
 * @returns {Memory}
 */
const memory = (when, name = `${when}.jpg`) => ({
  when,
  name,
  predictions: [{ classIndex: 0, className: 'oak', probability: 0.5 }],
  model: '',
  thumbnail: null,
  embedding: null,
});

/** @param {number} first @param {number} count */
const memories = (first, count) => Array.from({ length: count }, (_, i) => memory(first + i));

/** @param {string} text */
const fileOf = (text) => ({ size: text.length, text: async () => text });

/** @param {readonly Memory[]} answers */
const fileWith = (answers) => fileOf(exported(answers).join(''));

/**
 * A history in memory.
 *
 * @param {readonly Memory[]} [present]
 * @param {object} [more]
 */
function historyOf(present = [], more = {}) {
  /** @type {Memory[]} */
  const kept = [];
  /** @type {any[]} */
  const asked = [];
  /** @type {number[]} */
  const fractions = [];
  const world = {
    most: 10,
    store: {
      entries: async () => /** @type {any[]} */ ([...present]),
      addImported: async (
        /** @type {readonly Memory[]} */ added,
        /** @type {{onProgress?: (kept: number) => void, cancelled?: AbortSignal}} */ options = {},
      ) => {
        options.cancelled?.throwIfAborted();
        options.onProgress?.(added.length);
        kept.push(...added);
        return added.length;
      },
    },
    ask: async (/** @type {any} */ question) => asked.push(question) > 0,
    onProgress: (/** @type {number} */ fraction) => fractions.push(fraction),
    rest: async () => {},
    ...more,
  };
  return { kept, asked, fractions, world };
}

/** @param {readonly Memory[]} answers */
const whens = (answers) => answers.map(({ when }) => when);

test('all that fits is taken without a question, the newest first', async () => {
  const { kept, asked, world } = historyOf(memories(100, 5));
  const outcome = await importHistory(fileWith(memories(0, 5)), world);
  assert.deepEqual(outcome, { added: 5, known: 0, refused: 0, unfitting: 0 });
  assert.deepEqual(whens(kept), [4, 3, 2, 1, 0]);
  assert.deepEqual(asked, []);
});

test('what is there already, and what is in the file twice, is taken once', async () => {
  const { kept, world } = historyOf([memory(1)]);
  const file = fileWith([memory(1), memory(2), memory(3), memory(2), memory(2)]);
  const outcome = await importHistory(file, world);
  assert.deepEqual(outcome, { added: 2, known: 3, refused: 0, unfitting: 0 });
  assert.deepEqual(whens(kept), [3, 2]);
});

test('a damaged answer does not keep its whole twin out', async () => {
  const damaged = { ...memory(7), predictions: /** @type {any} */ ('?') };
  const { kept, world } = historyOf();
  const outcome = await importHistory(fileWith([damaged, memory(7), damaged]), world);
  assert.deepEqual(outcome, { added: 1, known: 1, refused: 1, unfitting: 0 });
  assert.deepEqual(kept, [memory(7)]);
});

test('where not all fit, the person is asked, and the newest are taken', async () => {
  const { kept, asked, world } = historyOf(memories(100, 6));
  const outcome = await importHistory(fileWith(memories(0, 30)), world);
  assert.deepEqual(asked, [{ fitting: 4, offered: 30 }]);
  assert.deepEqual(outcome, { added: 4, known: 0, refused: 0, unfitting: 26 });
  assert.deepEqual(whens(kept), [29, 28, 27, 26]);
});

test('damaged answers take nobody’s place', async () => {
  const damaged = memories(100, 20).map((each) => ({ ...each, model: /** @type {any} */ (7) }));
  const { kept, world } = historyOf(memories(1000, 8));
  const outcome = await importHistory(fileWith([...damaged, ...memories(0, 3)]), world);
  assert.deepEqual(outcome, { added: 2, known: 0, refused: 20, unfitting: 1 });
  assert.deepEqual(whens(kept), [2, 1]);
});

test('a no leaves everything as it was, and so does a full history', async () => {
  const refusing = historyOf(memories(100, 6), { ask: async () => false });
  assert.equal(await importHistory(fileWith(memories(0, 30)), refusing.world), 'cancelled');
  assert.deepEqual(refusing.kept, []);
  const full = historyOf(memories(100, 10));
  assert.equal(await importHistory(fileWith(memories(0, 30)), full.world), 'full');
  assert.deepEqual(full.asked, []);
});

test('an import can be cancelled at any step, and keeps nothing then', async () => {
  for (const step of [1, 2, 3]) {
    const cancelling = new AbortController();
    let rests = 0;
    const { kept, world } = historyOf([], {
      most: 1000,
      cancelled: cancelling.signal,
      rest: async () => {
        rests += 1;
        if (rests === step) cancelling.abort();
      },
    });
    assert.equal(await importHistory(fileWith(memories(0, 150)), world), 'cancelled');
    assert.deepEqual(kept, []);
    assert.equal(rests, step);
  }
  const { kept, world } = historyOf();
  const cancelled = AbortSignal.abort();
  const options = { ...world, cancelled };
  assert.equal(await importHistory(fileWith(memories(0, 1)), options), 'cancelled');
  assert.deepEqual(kept, []);
});

test('progress goes from nothing to all, and never back', async () => {
  const { fractions, world } = historyOf([], { most: 1000 });
  await importHistory(fileWith(memories(0, 500)), world);
  assert.ok(fractions.length > 5);
  assert.deepEqual(
    fractions,
    [...fractions].sort((a, b) => a - b),
  );
  assert.deepEqual([fractions[0], fractions.at(-1)], [0, 1]);
});

test('a hundred thousand answers are looked at only as far as there is room', async () => {
  let looked = 0;
  const { kept, asked, world } = historyOf([], { most: 50, rest: async () => (looked += 1) });
  const outcome = await importHistory(fileWith(memories(0, 100_000)), world);
  assert.deepEqual(asked, [{ fitting: 50, offered: 100_000 }]);
  assert.deepEqual(outcome, { added: 50, known: 0, refused: 0, unfitting: 99_950 });
  assert.equal(kept[0].when, 99_999);
  assert.ok(looked <= 2, String(looked));
});

test('a file that is too large is not even read, and one of nonsense is told from a history', async () => {
  const { world } = historyOf();
  const large = { size: MOST_FILE + 1, text: async () => assert.fail('it was read') };
  assert.equal(await importHistory(large, world), 'too-large');
  assert.equal(await importHistory(fileOf('[1, 2]'), world), 'no-history');
});

for (const text of [
  '{"format":"classifier-pwa-history","version":1,"answers":[null,1,"x",[],{}]}',
  '{"format":"classifier-pwa-history","version":1,"answers":[{"when":1,"name":{}}]}',
  '{"format":"classifier-pwa-history","version":1,"answers":[{"when":"1","name":"a"}]}',
]) {
  test(`of ${text.slice(50)} nothing is taken`, async () => {
    const { kept, world } = historyOf();
    const outcome = /** @type {any} */ (await importHistory(fileOf(text), world));
    assert.deepEqual([outcome.added, kept.length], [0, 0]);
    assert.ok(outcome.refused > 0);
  });
}
