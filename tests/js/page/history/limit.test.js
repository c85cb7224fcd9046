import assert from 'node:assert/strict';
import { test } from 'node:test';

import { MOST, toForget } from '../../../../site_templates/app/page/history/limit.js';

/** @param {number} id @param {number} when @param {boolean} [imported] */
const entry = (id, when, imported = false) => ({ id, when, imported });

test('nothing goes while there is room', () => {
  assert.deepEqual(toForget([entry(1, 5), entry(2, 6)], 1, 3), []);
  assert.deepEqual(toForget([], 1), []);
});

test('the oldest goes first, whatever came in first', () => {
  assert.deepEqual(toForget([entry(1, 30), entry(2, 10), entry(3, 20)], 2, 3), [2, 3]);
});

test('what was imported goes before anything of the person’s own', () => {
  const entries = [entry(1, 1), entry(2, 2), entry(3, 90, true), entry(4, 80, true)];
  assert.deepEqual(toForget(entries, 3, 4), [4, 3, 1]);
});

test('answers of an earlier version of the app are the person’s own', () => {
  assert.deepEqual(toForget([{ id: 1, when: 1 }, entry(2, 9, true)], 1, 2), [2]);
});

test('of equal age is what came first: a clock may stand', () => {
  assert.deepEqual(toForget([entry(2, 7), entry(1, 7), entry(3, 7)], 1, 3), [1]);
});

test('a full history makes room for one by one', () => {
  const entries = Array.from({ length: MOST }, (_, i) => entry(i, MOST - i));
  assert.deepEqual(toForget(entries, 1), [MOST - 1]);
});
