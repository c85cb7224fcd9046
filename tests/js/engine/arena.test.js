import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ALIGNMENT, arranged } from '../../../builder/runtime/engine/arena.js';

/** Numbers that look random and are the same each time. @param {number} seed */
function numbers(seed) {
  let state = seed;
  return (/** @type {number} */ limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

test('what is needed at the same time lies apart', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const random = numbers(seed);
    const spans = Array.from({ length: 1 + random(40) }, () => {
      const begin = random(30);
      return { size: 4 + 4 * random(500), begin, end: begin + random(8) };
    });
    const { places, size } = arranged(spans);
    for (const one of spans) {
      const at = places.get(one) ?? NaN;
      assert.equal(at % ALIGNMENT, 0);
      assert.ok(at + one.size <= size);
      for (const other of spans) {
        const there = places.get(other) ?? NaN;
        const isTogether = one.begin <= other.end && other.begin <= one.end;
        const isApart = at + one.size <= there || there + other.size <= at;
        assert.ok(one === other || !isTogether || isApart, `seed ${seed}`);
      }
    }
  }
});

test('what is needed one after the other shares its place', () => {
  const chain = Array.from({ length: 10 }, (_, i) => ({ size: 640, begin: i, end: i + 1 }));
  assert.equal(arranged(chain).size, 2 * 640);
});
