import assert from 'node:assert/strict';
import { test } from 'node:test';

import { learningCurve } from '../../../site_templates/app/learner/learning-curve.js';
import { answer, learn } from '../../../site_templates/app/learner/learner.js';
import { drawExamples } from './drawn.js';

const FIVE = { classes: 5, depth: 40, apart: 0.5 };

/** @param {ReturnType<typeof learn>} taught @param {ReturnType<typeof drawExamples>} asked */
function rightOf(taught, asked) {
  const right = asked.filter(({ classIndex, views: [view] }) => {
    const { probabilities } = answer(taught, view);
    return probabilities.indexOf(Math.max(...probabilities)) === classIndex;
  });
  return right.length / asked.length;
}

test('classes that lie apart are told apart, and it says how well', () => {
  const taught = learn(drawExamples({ ...FIVE, photos: 12 }), 5);
  const others = rightOf(taught, drawExamples({ ...FIVE, photos: 100, seed: 2 }));
  const { right, count, interval, confusion } = taught.estimate ?? assert.fail('no estimate');
  assert.ok(others > 0.85, `${others}`);
  assert.equal(count, 60);
  assert.ok(interval[0] <= others && others <= interval[1], `${others} in ${interval}`);
  assert.equal(
    confusion.flat().reduce((sum, n) => sum + n, 0),
    count,
  );
  assert.equal(
    confusion.reduce((sum, row, c) => sum + row[c], 0),
    right,
  );
});

test('the same examples teach the same', () => {
  const examples = drawExamples({ ...FIVE, photos: 6 });
  assert.deepEqual(learn(examples, 5), learn(examples, 5));
  assert.notDeepEqual(learn(examples, 5, 1).estimate, learn(examples, 5, 2).estimate);
});

test('where nothing tells classes apart, the answers are no better than chance, and say so', () => {
  const { estimate, ...taught } = learn(
    drawExamples({ ...FIVE, apart: 0, photos: 20, seed: 7 }),
    5,
  );
  const [low, high] = estimate?.interval ?? assert.fail('no estimate');
  assert.ok(low < 0.2 && high < 0.35, `${low} to ${high}`);
  const [asked] = drawExamples({ ...FIVE, apart: 0, photos: 1, seed: 3 });
  const { probabilities } = answer({ ...taught, estimate }, asked.views[0]);
  assert.ok(Math.max(...probabilities) < 0.5, `${probabilities}`);
});

test('a mistake names the photo and what it was taken for, the surest first', () => {
  const examples = drawExamples({ ...FIVE, apart: 2, photos: 10 });
  const strayed = { ...examples[49], classIndex: 0 };
  const { estimate } = learn([...examples.slice(0, 49), strayed], 5);
  assert.equal(estimate?.mistakes[0].example, 49);
  assert.equal(estimate?.mistakes[0].answer, 4);
  assert.ok((estimate?.mistakes[0].probability ?? 0) > 0.5);
});

test('frames of one burst do not vouch for each other', () => {
  const photos = drawExamples({ ...FIVE, apart: 0, photos: 6 });
  const burst = photos.flatMap((photo) => [photo, photo, photo]);
  const together = learn(burst, 5).estimate;
  const alone = learn(
    burst.map((photo, index) => ({ ...photo, group: index })),
    5,
  ).estimate;
  assert.ok((together?.right ?? 90) < 45, 'held out whole, nothing can be known of a burst');
  assert.ok((alone?.right ?? 0) > 80, 'the frames left in give those away that are held out');
});

test('one example a class is enough for an answer, by the nearest', () => {
  const examples = drawExamples({ ...FIVE, apart: 2, photos: 1 });
  const taught = learn(examples, 5);
  assert.deepEqual([taught.byDirection, taught.estimate, taught.familiarity], [true, null, null]);
  const asked = drawExamples({ ...FIVE, apart: 2, photos: 20, seed: 2 });
  assert.ok(rightOf(taught, asked) > 0.95);
  assert.equal(answer(taught, asked[0].views[0]).unfamiliarity, null);
  const brighter = asked[0].views[0].map((value) => value * 3);
  const [once, thrice] = [asked[0].views[0], brighter].map((view) => answer(taught, view));
  once.probabilities.forEach((one, c) => assert.ok(Math.abs(one - thrice.probabilities[c]) < 1e-6));
});

test('what is unlike all examples is foreign, and what is like them is not', () => {
  const known = { classes: 4, depth: 40, apart: 2 };
  const taught = learn(drawExamples({ ...known, photos: 30 }), 4);
  const foreign = (/** @type {ReturnType<typeof drawExamples>} */ asked) =>
    asked.filter(({ views: [view] }) => (answer(taught, view).unfamiliarity ?? 0) > 1).length;
  assert.ok(foreign(drawExamples({ ...known, photos: 25, seed: 2 })) <= 10);
  // The classes after the fourth have not been learnt.
  const others = drawExamples({ ...known, classes: 8, photos: 25, seed: 2 });
  assert.ok(foreign(others.filter(({ classIndex }) => classIndex >= 4)) >= 60);
});

test('a class with many photos does not drown one with few', () => {
  const apart = { classes: 2, depth: 2, apart: 0.8 };
  const many = drawExamples({ ...apart, photos: 200 }).filter(
    ({ classIndex, group }) => classIndex === 0 || Number(group) < 206,
  );
  const taught = learn(many, 2);
  const asked = drawExamples({ ...apart, photos: 200, seed: 2 });
  for (const own of [0, 1]) {
    const right = rightOf(
      taught,
      asked.filter(({ classIndex }) => classIndex === own),
    );
    assert.ok(right > 0.75, `class ${own}: ${right}`);
  }
});

test('of very many rows, enough of each class are held out', () => {
  const many = { classes: 3, depth: 8, apart: 1 };
  const { estimate } = learn(drawExamples({ ...many, photos: 300 }), 3);
  assert.equal(estimate?.count, 600);
  const own = estimate?.confusion.map((row) => row.reduce((sum, n) => sum + n));
  assert.deepEqual(own, [200, 200, 200]);
});

test('flips and crops count as one photo with it', () => {
  const examples = drawExamples({ ...FIVE, photos: 6 }).map(({ views: [view], ...rest }) => ({
    ...rest,
    views: [view, view.map((value) => value + 0.1)],
  }));
  assert.equal(learn(examples, 5).estimate?.count, 30);
});

test('more photos help, as the learning curve says', () => {
  const examples = drawExamples({ ...FIVE, apart: 0.3, photos: 30 });
  const curve = learningCurve(examples, 5, 100);
  assert.deepEqual(
    curve.map(({ photos, count }) => [photos, count]),
    [1, 2, 5, 10, 20].map((photos) => [photos, 150]),
  );
  assert.ok(curve[4].right > curve[0].right + 20, JSON.stringify(curve));
});

test('examples that cannot be learnt from are refused', () => {
  const examples = drawExamples({ ...FIVE, photos: 3 });
  const with_ = (/** @type {Float32Array} */ view) => [
    ...examples,
    { ...examples[0], views: [view] },
  ];
  assert.throws(() => learn(examples.slice(0, 3), 1), /nothing to tell apart/);
  assert.throws(() => learn([], 2), /Class 0 has no example/);
  assert.throws(() => learn(examples, 6), /Class 5 has no example/);
  assert.throws(() => learn(examples, 4), /no class 4/);
  assert.throws(() => learn(with_(new Float32Array(7)), 5), /7 numbers, another 40/);
  assert.throws(() => learn(with_(new Float32Array(40).fill(NaN)), 5), /no numbers/);
});
