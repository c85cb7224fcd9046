import assert from 'node:assert/strict';
import { test } from 'node:test';

import '../english.js';
import { count, EVERYTHING, select } from '../../../../site_templates/app/page/batch/table.js';
import { kinds } from '../../../../site_templates/app/page/batch/batch-texts.js';
import { speak } from '../../../../site_templates/app/page/language/text.js';
import { done, prediction, row } from './rows.js';

const ROWS = [
  done('10.jpg', 0, prediction('oak', 0.6, 4), prediction('elm', 0.3, 2)),
  done('9.jpg', 1, prediction('elm', 0.9, 2)),
  done('8.jpg', 2),
  row('7.jpg', 3, { status: 'failed', error: 'not-an-image' }),
  row('6.jpg', 4),
];

/** @param {Partial<import('../../../../site_templates/app/page/batch/table.js').Selection>} choice */
const chosen = (choice) => select(ROWS, { ...EVERYTHING, ...choice }).map(({ id }) => id);

test('rows add up', () => {
  const { total, done: finished, failed, unsure, classes } = count(ROWS);
  assert.deepEqual(
    { total, finished, failed, unsure },
    { total: 5, finished: 4, failed: 1, unsure: 1 },
  );
  assert.deepEqual(
    [...classes],
    [
      [4, { name: 'oak', count: 1 }],
      [2, { name: 'elm', count: 1 }],
    ],
  );
});

for (const [kind, ids] of /** @type {[string, number[]][]} */ ([
  ['all', [0, 1, 2, 3, 4]],
  ['2', [1]],
  ['unsure', [2]],
  ['failed', [3]],
  ['7', []],
])) {
  test(`the filter ${kind} leaves ${ids.length}`, () => assert.deepEqual(chosen({ kind }), ids));
}

test('a filter of certainty leaves what is at least as certain', () => {
  assert.deepEqual(chosen({ certainty: 0.6 }), [0, 1]);
  assert.deepEqual(chosen({ certainty: 0.61 }), [1]);
});

for (const [
  order,
  ids,
] of /** @type {[import('../../../../site_templates/app/page/batch/table.js').Order, number[]][]} */ ([
  ['added', [0, 1, 2, 3, 4]],
  ['file', [4, 3, 2, 1, 0]],
  ['class', [1, 0, 2, 3, 4]],
  ['certain', [1, 0, 2, 3, 4]],
  ['uncertain', [2, 3, 0, 1, 4]],
  ['slow', [2, 1, 0, 3, 4]],
])) {
  test(`sorted by ${order}`, () => assert.deepEqual(chosen({ order }), ids));
}

test('names come in the order of the language that the page speaks', () => {
  const rows = ['ñu', 'nz', 'oca'].map((name, id) =>
    done(`${name}.jpg`, id, prediction(name, 0.9, id)),
  );
  const orders = () => {
    const { classes } = count(rows);
    return [
      ...['class', 'file'].map((order) =>
        select(rows, { ...EVERYTHING, order: /** @type {any} */ (order) }).map(({ id }) => id),
      ),
      kinds({ total: 3, done: 3, failed: 0, unsure: 0, classes })
        .slice(1)
        .map(([kind]) => Number(kind)),
    ];
  };
  assert.deepEqual(orders(), Array(3).fill([0, 1, 2]));
  // In Spanish "ñ" is a letter of its own, after "n".
  speak('es', { language: '', direction: 'ltr', messages: {} });
  assert.deepEqual(orders(), Array(3).fill([1, 0, 2]));
});

test('sorting leaves the rows themselves in their places', () => {
  const before = [...ROWS];
  chosen({ order: 'file' });
  assert.deepEqual(ROWS, before);
});
