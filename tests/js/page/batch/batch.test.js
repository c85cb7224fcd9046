import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ClassifierError } from '../../../../site_templates/app/classifier/errors.js';
import { ClassifierPool } from '../../../../site_templates/app/classifier/pool.js';
import { createBatch } from '../../../../site_templates/app/page/batch/batch.js';
import { timeLeft } from '../../../../site_templates/app/page/batch/estimate.js';
import { found } from '../../../../site_templates/app/page/intake/photo-files.js';
import { prediction } from './rows.js';

/** @typedef {import('../../../../site_templates/app/page/batch/batch.js').BatchState} BatchState */

const settled = () =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/** @param {...string} names */
const photos = (...names) => found(names.map((name) => new File([name], name)));

/** A batch whose photos are answered one by one, when the test says so. */
function batchWith({ threshold = 0 } = {}) {
  /** @type {{name: string, answer: () => void, fail: (code: string) => void}[]} */
  const asked = [];
  /** @type {string[]} */
  const phases = [];
  /** @type {BatchState[]} */
  const shown = [];
  /** @type {string[]} */
  const answers = [];
  let broken = false;
  let below = 0;
  const pool = new ClassifierPool(
    /** @type {any} */ ({
      classify: (/** @type {File} */ { name }, /** @type {{signal: AbortSignal}} */ { signal }) =>
        new Promise((resolve, reject) => {
          const timings = { decode: 1, preprocess: 2, inference: 4 };
          const predictions = [prediction(name, 0.5), prediction('rest', 0.1)];
          asked.push({
            name,
            answer: () => resolve({ predictions, timings, unfamiliarity: null }),
            fail: (code) => reject(new ClassifierError(/** @type {any} */ (code), code)),
          });
          signal.addEventListener('abort', () => reject(new ClassifierError('aborted', '')));
        }),
    }),
    [],
  );
  const batch = createBatch({
    async *classifyAll(files, signal) {
      if (broken) throw new ClassifierError('model-unreachable', '');
      yield* pool.classifyAll(files, { signal });
    },
    listed: (predictions) => predictions.filter(({ probability }) => probability >= threshold),
    judge: ({ predictions: [best] }) =>
      best.className !== 'blur' && best.probability >= below ? 'sure' : 'unsure',
    onAnswer: ({ name }, predictions) => answers.push(`${name} ${predictions.length}`),
    show: (state) => shown.push(state),
    onPhase: (phase) => phases.push(phase),
    soon: (redraw) => redraw(),
    clock: () => 0,
  });
  const now = () => /** @type {BatchState} */ (shown.at(-1));
  const names = () => asked.map(({ name }) => name);
  const breakDown = (/** @type {boolean} */ yes) => {
    broken = yes;
  };
  const judge = (/** @type {number} */ probability) => {
    below = probability;
    batch.judgeAnew();
  };
  return { batch, asked, names, phases, now, answers, breakDown, judge };
}

test('photos are answered as the pool has room, each in its row', async () => {
  const { batch, asked, names, phases, now } = batchWith();
  batch.add(photos('a', 'b', 'c', 'd'));
  await settled();
  assert.deepEqual(names(), ['a', 'b']);
  asked[1].answer();
  await settled();
  assert.deepEqual(names(), ['a', 'b', 'c']);
  assert.equal(now().counts.done, 1);
  for (const place of [0, 2, 3]) {
    asked[place].answer();
    await settled();
  }
  assert.deepEqual(phases, ['running', 'idle']);
  assert.deepEqual(
    now().rows.map(({ predictions, milliseconds }) => [predictions[0].className, milliseconds]),
    ['a', 'b', 'c', 'd'].map((name) => [name, 7]),
  );
});

test('a bad photo is told of, and the others go on', async () => {
  const { batch, asked, now } = batchWith();
  batch.add(photos('a', 'b', 'c'));
  await settled();
  asked[0].fail('not-an-image');
  await settled();
  assert.equal(now().rows[0].status, 'failed');
  assert.equal(now().rows[0].error, 'not-an-image');
  assert.equal(asked.length, 3);
});

test('predictions under the threshold do not count', async () => {
  const { batch, asked, now } = batchWith({ threshold: 0.3 });
  batch.add(photos('a'));
  await settled();
  asked[0].answer();
  await settled();
  assert.equal(now().rows[0].predictions.length, 1);
});

test('where it is not sure the predictions are guesses, and count for no class', async () => {
  const { batch, asked, now } = batchWith();
  batch.add(photos('oak', 'blur'));
  await settled();
  asked[0].answer();
  asked[1].answer();
  await settled();
  const { rows, counts } = now();
  assert.deepEqual(
    rows.map(({ certainty, predictions }) => [certainty, predictions.length]),
    [
      ['sure', 2],
      ['unsure', 2],
    ],
  );
  assert.equal(counts.unsure, 1);
  assert.deepEqual(
    [...counts.classes.values()].map(({ name }) => name),
    ['oak'],
  );
});

test('what counts as sure may change, also for answers that are there', async () => {
  const { batch, asked, now, judge } = batchWith();
  batch.add(photos('oak', 'elm', 'ash'));
  await settled();
  for (const { answer } of asked.slice(0, 2)) answer();
  await settled();
  batch.choose({ kind: '0' });
  judge(0.9);
  assert.equal(now().counts.unsure, 2);
  // Its kind is empty: a choice of nothing is none.
  assert.equal(now().selection.kind, 'all');
  batch.choose({ kind: 'unsure' });
  judge(0.95);
  assert.equal(now().selection.kind, 'unsure');
  assert.equal(now().rows.length, 2);
  judge(0);
  assert.deepEqual(
    now().rows.map(({ status, certainty }) => [status, certainty]),
    [
      ['done', 'sure'],
      ['done', 'sure'],
      ['working', 'unsure'],
    ],
  );
});

test('each answer is handed on once, and no failure', async () => {
  const { batch, asked, answers } = batchWith({ threshold: 0.3 });
  batch.add(photos('a', 'b'));
  await settled();
  asked[0].answer();
  asked[1].fail('not-an-image');
  await settled();
  assert.deepEqual(answers, ['a 1']);
});

test('a pause lets what is in hand end, and takes nothing new until it goes on', async () => {
  const { batch, asked, phases, now } = batchWith();
  batch.add(photos('a', 'b', 'c'));
  await settled();
  batch.pause();
  asked[0].answer();
  asked[1].answer();
  await settled();
  assert.equal(now().counts.done, 2);
  assert.equal(asked.length, 2);
  batch.add(photos('d'));
  await settled();
  assert.equal(asked.length, 2);
  batch.resume();
  await settled();
  asked[2].answer();
  asked[3].answer();
  await settled();
  assert.equal(now().counts.done, 4);
  assert.deepEqual(phases, ['running', 'paused', 'running', 'idle']);
});

test('a pause that ends before the photos in hand do loses nothing', async () => {
  const { batch, asked, names, now } = batchWith();
  batch.add(photos('a', 'b', 'c'));
  await settled();
  batch.pause();
  asked[0].answer();
  await settled();
  batch.resume();
  asked[1].answer();
  await settled();
  assert.deepEqual(names(), ['a', 'b', 'c']);
  asked[2].answer();
  await settled();
  assert.equal(now().counts.done, 3);
  assert.equal(now().phase, 'idle');
});

test('what was in hand when the screen was left is taken again', async () => {
  const { batch, asked, names, now } = batchWith();
  batch.add(photos('a', 'b'));
  await settled();
  asked[0].answer();
  await settled();
  batch.halt();
  await settled();
  assert.equal(now().phase, 'paused');
  assert.equal(now().rows[1].status, 'waiting');
  batch.resume();
  await settled();
  assert.deepEqual(names(), ['a', 'b', 'b']);
});

test('without a model the work is paused and can be tried again', async () => {
  const { batch, asked, now, breakDown } = batchWith();
  breakDown(true);
  batch.add(photos('a'));
  await settled();
  assert.deepEqual([now().phase, now().trouble], ['paused', true]);
  breakDown(false);
  batch.resume();
  await settled();
  assert.deepEqual([now().phase, now().trouble], ['running', false]);
  asked[0].answer();
  await settled();
  assert.equal(now().counts.done, 1);
});

test('cancelling aborts what is in hand and keeps what is done', async () => {
  const { batch, asked, names, now } = batchWith();
  batch.add(photos('a', 'b', 'c', 'd'));
  await settled();
  asked[0].answer();
  await settled();
  batch.cancel();
  batch.add(photos('e'));
  await settled();
  assert.deepEqual(names(), ['a', 'b', 'c', 'e']);
  assert.deepEqual(
    now().rows.map(({ path, status }) => [path, status]),
    [
      ['a', 'done'],
      ['e', 'working'],
    ],
  );
});

test('a choice is what is shown and saved', async () => {
  const { batch, asked, now } = batchWith();
  batch.add(photos('a', 'b'));
  await settled();
  asked[0].answer();
  asked[1].fail('internal');
  await settled();
  batch.choose({ kind: 'failed' });
  assert.deepEqual(
    now().rows.map(({ path }) => path),
    ['b'],
  );
  assert.deepEqual(
    batch.chosen().map(({ path }) => path),
    ['b'],
  );
});

test('the time left is told once there is something to go by', () => {
  assert.equal(timeLeft(2, 10, 100), null);
  assert.equal(timeLeft(4, 10, 100), 250);
  assert.equal(timeLeft(4, 0, 100), null);
});
