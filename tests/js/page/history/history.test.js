import assert from 'node:assert/strict';
import { test } from 'node:test';

import { bytesOf, databaseName } from '../../../../site_templates/app/page/history/store.js';
import { search } from '../../../../site_templates/app/page/history/search.js';
import { cosine, mostSimilar } from '../../../../site_templates/app/page/history/similar.js';

/**
 * @param {number} id
 * @param {string} name
 * @param {...string} classes
 */
const entry = (id, name, ...classes) => ({
  id,
  when: 0,
  name,
  predictions: classes.map((className) => ({ classIndex: 0, className, probability: 0.5 })),
  model: 'model/0/',
  bytes: 0,
});

const ENTRIES = [
  entry(1, 'IMG_1.jpg', 'Café', 'cup'),
  entry(2, '', 'oak'),
  entry(3, 'Oak.png', 'elm'),
];

for (const [query, ids] of /** @type {[string, number[]][]} */ ([
  ['', [1, 2, 3]],
  ['cafe', [1]],
  ['OAK', [2, 3]],
  ['oak elm', [3]],
  ['img monday', [1]],
  ['monday  oak', [2, 3]],
  ['teapot', []],
])) {
  test(`a search for "${query}"`, () => {
    const names = search(ENTRIES, query, () => 'Monday, 1 June').map(({ id }) => id);
    assert.deepEqual(names, ids);
  });
}

/** @param {...number} values */
const vector = (...values) => new Float32Array(values);

test('similarity is the cosine of the angle', () => {
  assert.ok(Math.abs(cosine(vector(1, 2), vector(2, 4)) - 1) < 1e-6);
  assert.equal(cosine(vector(1, 0), vector(0, 1)), 0);
  assert.equal(cosine(vector(1, 0), vector(-1, 0)), -1);
  assert.equal(cosine(vector(0, 0), vector(1, 1)), 0);
});

test('the most similar come first; what cannot be compared is left out', () => {
  const found = mostSimilar(
    vector(1, 0),
    [
      { item: 'other model', embedding: vector(1, 0, 0) },
      { item: 'none', embedding: null },
      { item: 'far', embedding: vector(0, 1) },
      { item: 'near', embedding: vector(1, 0.1) },
      { item: 'same', embedding: vector(2, 0) },
    ],
    2,
  );
  assert.deepEqual(
    found.map(({ item }) => item),
    ['same', 'near'],
  );
});

test('the size of a history counts pictures, embeddings and words, in bytes', () => {
  const plain = { ...entry(1, 'a.jpg', 'oak'), bytes: 1000 };
  const words = JSON.stringify(plain).length;
  assert.equal(bytesOf([plain]), 1000 + words);
  // Three bytes each in UTF-8.
  assert.equal(bytesOf([{ ...plain, name: 'a日本.jpg' }]), 1000 + words + 6);
});

test('two apps on one origin have a database each', () => {
  assert.notEqual(databaseName('https://example.org/a/'), databaseName('https://example.org/b/'));
});
