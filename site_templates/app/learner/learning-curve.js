/** How much more photos would help. Pure. */
import { prepare } from './examples.js';
import { dealOut, estimateOf, fewest } from './held-out.js';
import { randomFrom } from './folds.js';
import { choose, place, split } from './penalty.js';
import { fitSoftmax, scoresOf } from './regression.js';

const PHOTOS = [1, 2, 5, 10, 20, 50, 100, 200, 500];

/**
 * Learn from few photos of each class, and ask about those held out, which are the same each time.
 *
 * @param {readonly import('./examples.js').Example[]} examples as `learn`
 * @param {number} classes
 * @param {number} penalty that `learn` chose
 * @param {number} [seed]
 * @returns {{photos: number, right: number, count: number}[]} `photos`: learnt from of each class; the fewest
 *   first; `right` of the `count` asked about
 */
export function learningCurve(examples, classes, penalty, seed = 0) {
  const { rows, table } = prepare(examples, classes);
  const { fold, folds } = dealOut(examples, table, randomFrom(seed));
  const left = Array.from({ length: folds }, (_, held) =>
    examples.filter((_example, index) => fold[table.whole[index]] !== held),
  );
  const most = Math.min(...left.map((some) => fewest(some, classes, (_, index) => index)));
  return PHOTOS.filter((photos) => photos <= most).map((photos) => {
    const scores = new Float64Array(rows.labels.length * classes);
    for (let held = 0; held < folds; held++) {
      const { asked, places } = split(rows, fold, held);
      const learnt = choose(rows, firstOf({ ...table, rows }, fold, held, photos));
      place(scoresOf(fitSoftmax(learnt, penalty), asked, rows.depth), places, classes, scores);
    }
    const { right, count } = estimateOf(scores, 1, table);
    return { photos, right, count };
  });
}

/**
 * @param {import('./examples.js').Table} table
 * @param {Int32Array} fold
 * @param {number} held
 * @param {number} photos
 * @returns {number[]} the rows of the first photos of each class that are not held out
 */
function firstOf({ rows, owner }, fold, held, photos) {
  /** @type {Set<number>[]} */
  const taken = Array.from({ length: rows.classes }, () => new Set());
  return Array.from(owner.keys()).filter((row) => {
    if (fold[row] === held) return false;
    const own = taken[rows.labels[row]];
    if (own.size < photos) own.add(owner[row]);
    return own.has(owner[row]);
  });
}
