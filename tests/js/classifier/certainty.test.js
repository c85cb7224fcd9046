import assert from 'node:assert/strict';
import { test } from 'node:test';

import { certaintyOf, isAnswer } from '../../../site_templates/app/classifier/certainty.js';

const LIMITS = { sureFrom: 0.5, classes: 1000, activation: 'softmax' };

/**
 * @param {number[]} probabilities best first
 * @param {number | null} [unfamiliarity]
 */
const answer = (probabilities, unfamiliarity = null) => ({
  predictions: probabilities.map((probability) => ({ probability })),
  unfamiliarity,
});

for (const [what, probabilities, limits, expected] of /** @type {const} */ ([
  ['as much as the limit', [0.5, 0.4], {}, 'sure'],
  ['a little less, the second close', [0.45, 0.4], {}, 'either'],
  ['a little less, the second far', [0.45, 0.1], {}, 'probably'],
  ['two that are sure together', [0.26, 0.25], {}, 'either'],
  ['a first that needs the second', [0.35, 0.16], {}, 'either'],
  ['two that are not', [0.25, 0.2], {}, 'unsure'],
  ['one of many', [0.15, 0.1], {}, 'unsure'],
  ['no majority of three classes', [0.45, 0.4], { classes: 3 }, 'probably'],
  ['two classes, one ahead', [0.65, 0.35], { sureFrom: 0.8, classes: 2 }, 'probably'],
  ['two classes, about even', [0.55, 0.45], { sureFrom: 0.8, classes: 2 }, 'unsure'],
  ['less than the person wants', [0.9, 0.05], { sureFrom: 0.95 }, 'probably'],
  ['nothing is ever sure', [0.99, 0.01], { sureFrom: 1 }, 'probably'],
  ['several labels, one there', [0.6, 0.6], { activation: 'sigmoid' }, 'sure'],
  ['several labels, none there', [0.4, 0.4], { activation: 'sigmoid' }, 'unsure'],
  ['no prediction at all', [], { sureFrom: 0 }, 'unsure'],
])) {
  test(`${what}: ${expected}`, () => {
    const found = certaintyOf(answer([...probabilities]), { ...LIMITS, ...limits });
    assert.equal(found, expected);
  });
}

test('what is unlike all that was learned is foreign, however probable its class', () => {
  assert.equal(certaintyOf(answer([0.99], 1.01), LIMITS), 'foreign');
  assert.equal(certaintyOf(answer([0.99], 1), LIMITS), 'sure');
});

test('a guess is an answer as long as it leads', () => {
  assert.deepEqual(
    /** @type {const} */ (['sure', 'probably', 'either', 'unsure', 'foreign']).map(isAnswer),
    [true, true, true, false, false],
  );
});
