import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isSure } from '../../../site_templates/app/page/certainty.js';

for (const [what, best, uncertainty, below, expected] of /** @type {const} */ ([
  ['clear', 0.9, 0.1, 0, true],
  ['a majority, the rest spread', 0.6, 0.9, 0, true],
  ['one of many', 0.2, 0.8, 0, false],
  ['no majority, but few candidates', 0.4, 0.4, 0, true],
  ['less than the person wants', 0.6, 0.1, 0.7, false],
  ['as much as the person wants', 0.7, 0.1, 0.7, true],
])) {
  test(`${what}: ${expected ? 'sure' : 'not sure'}`, () => {
    assert.equal(isSure({ predictions: [{ probability: best }], uncertainty }, below), expected);
  });
}

test('no prediction at all is never sure', () => {
  assert.equal(isSure({ predictions: [], uncertainty: 0 }, 0), false);
});
