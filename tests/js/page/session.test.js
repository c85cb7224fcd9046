import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  errorCode,
  isLive,
  showsLive,
  INITIAL_SESSION,
  pageState,
  reduce,
  trigger,
} from '../../../site_templates/app/page/session.js';

/** @typedef {import('../../../site_templates/app/page/session.js').SessionEvent} SessionEvent */

/** @param {SessionEvent[]} events */
const after = (...events) => events.reduce(reduce, INITIAL_SESSION);

/** @type {SessionEvent} */
const MODEL = { type: 'model-ready', backend: 'wasm' };
/** @type {SessionEvent} */
const NO_MODEL = { type: 'model-failed', code: 'model-unreachable' };
/** @type {SessionEvent} */
const CAMERA = { type: 'camera-live', switchable: false };
/** @type {SessionEvent} */
const NO_CAMERA = { type: 'camera-failed', code: 'camera-none' };
/** @type {SessionEvent} */
const PHOTO = { type: 'photo-taken' };
/** @type {SessionEvent} */
const LEFT = { type: 'photo-left' };

/**
 * @param {number} id
 * @returns {SessionEvent}
 */
const answered = (id, className = 'tench') => ({
  type: 'answered',
  id,
  predictions: [{ classIndex: 0, className, probability: 0.9 }],
  certainty: 'sure',
  milliseconds: 40,
  backend: 'wasm',
});

/**
 * @param {number} id
 * @returns {SessionEvent}
 */
const failed = (id) => ({ type: 'answer-failed', id, code: 'not-an-image' });

/** @type {[string, SessionEvent[], string, string][]} */
const STORIES = [
  ['nothing yet', [], 'loading', 'wait'],
  ['camera before model', [CAMERA], 'loading', 'shoot'],
  ['photo before model', [CAMERA, PHOTO], 'loading', 'back'],
  ['photo, then model', [CAMERA, PHOTO, MODEL], 'busy', 'back'],
  ['model before camera', [MODEL], 'ready', 'wait'],
  ['both', [MODEL, CAMERA], 'ready', 'shoot'],
  ['photo', [MODEL, CAMERA, PHOTO], 'busy', 'back'],
  ['answer', [MODEL, CAMERA, PHOTO, answered(1)], 'result', 'back'],
  ['back', [MODEL, CAMERA, PHOTO, answered(1), LEFT], 'ready', 'wait'],
  ['back, camera again', [MODEL, CAMERA, PHOTO, answered(1), LEFT, CAMERA], 'ready', 'shoot'],
  ['bad photo', [MODEL, CAMERA, PHOTO, failed(1)], 'error', 'back'],
  ['bad, then good photo', [MODEL, CAMERA, PHOTO, failed(1), PHOTO], 'busy', 'back'],
  ['no camera', [MODEL, NO_CAMERA], 'ready', 'choose'],
  ['no camera, answer', [MODEL, NO_CAMERA, PHOTO, answered(1)], 'result', 'choose-another'],
  ['no model', [CAMERA, NO_MODEL], 'error', 'shoot'],
  ['no model, tried again', [CAMERA, NO_MODEL, { type: 'model-loading' }], 'loading', 'shoot'],
];

for (const [story, events, state, action] of STORIES) {
  test(`${story}: ${state}, and the trigger would ${action}`, () => {
    const session = after(...events);
    assert.equal(pageState(session), state);
    assert.equal(trigger(session), action);
  });
}

test('a newer photo makes an older answer void', () => {
  const waiting = after(MODEL, CAMERA, PHOTO, PHOTO);
  assert.equal(reduce(waiting, answered(1)), waiting);
  assert.equal(reduce(waiting, failed(1)), waiting);
  assert.equal(pageState(reduce(waiting, answered(2))), 'result');
});

test('an answer after the person went back is void, also for the next photo', () => {
  const gone = after(MODEL, CAMERA, PHOTO, LEFT);
  assert.equal(reduce(gone, answered(1)), gone);
  const next = reduce(gone, PHOTO);
  assert.equal(reduce(next, answered(1)), next);
});

test('the error is told by code until the next photo', () => {
  const bad = after(MODEL, PHOTO, failed(1));
  assert.equal(errorCode(bad), 'not-an-image');
  assert.equal(errorCode(reduce(bad, PHOTO)), '');
  assert.equal(errorCode(after(NO_MODEL)), 'model-unreachable');
});

test('a drop without a photo leaves everything as it was, but for the message', () => {
  const before = after(MODEL, CAMERA, PHOTO, answered(1));
  const refused = reduce(before, { type: 'photo-refused', code: 'no-file' });
  assert.equal(pageState(refused), 'result');
  assert.equal(errorCode(refused), 'no-file');
  assert.equal(errorCode(reduce(refused, PHOTO)), '');
});

test('a message about a drop goes with the next thing that the person does', () => {
  /** @type {SessionEvent} */
  const refused = { type: 'photo-refused', code: 'no-file' };
  /** @type {SessionEvent[]} */
  const next = [
    PHOTO,
    LEFT,
    { type: 'photos-elsewhere' },
    { type: 'live-wanted', wanted: true },
    { type: 'covered', by: 'page' },
    { type: 'covered', by: 'screen' },
    { type: 'covered', by: 'dialog' },
  ];
  for (const event of next) assert.equal(errorCode(after(MODEL, refused, event)), '', event.type);
  assert.equal(errorCode(after(MODEL, refused, { type: 'covered', by: 'scroll' })), 'no-file');
});

test('the backend that answered last is the one that counts', () => {
  const session = after({ type: 'model-ready', backend: 'webgl' }, PHOTO, answered(1));
  assert.equal(session.model.backend, 'wasm');
});

/** @type {SessionEvent} */
const LIVE = { type: 'live-wanted', wanted: true };

test('live is what was wanted while model, camera and viewfinder are free for it', () => {
  assert.equal(isLive(after(MODEL, CAMERA)), false);
  assert.equal(isLive(after(LIVE, CAMERA)), false);
  assert.equal(isLive(after(MODEL, LIVE)), false);
  assert.equal(isLive(after(MODEL, CAMERA, LIVE)), true);
  assert.equal(isLive(after(MODEL, CAMERA, LIVE, PHOTO)), false);
  assert.equal(isLive(after(MODEL, CAMERA, LIVE, PHOTO, LEFT)), false);
  assert.equal(isLive(after(MODEL, CAMERA, LIVE, PHOTO, LEFT, CAMERA)), true);
  assert.equal(isLive(after(MODEL, CAMERA, LIVE, { type: 'covered', by: 'page' })), false);
});

test('what a live camera saw stays while its picture is out of view only because of scrolling', () => {
  const SCROLLED = /** @type {const} */ ({ type: 'covered', by: 'scroll' });
  const BACK = /** @type {const} */ ({ type: 'uncovered', by: 'scroll' });
  assert.equal(showsLive(after(MODEL, CAMERA)), false);
  assert.equal(showsLive(after(MODEL, CAMERA, LIVE)), true);
  const scrolled = after(MODEL, CAMERA, LIVE, SCROLLED);
  assert.deepEqual([isLive(scrolled), showsLive(scrolled)], [false, true]);
  assert.equal(showsLive(after(MODEL, CAMERA, LIVE, SCROLLED, BACK)), true);
  assert.equal(showsLive(after(MODEL, CAMERA, LIVE, SCROLLED, PHOTO)), false);
  assert.equal(
    showsLive(after(MODEL, CAMERA, LIVE, SCROLLED, { type: 'covered', by: 'page' })),
    false,
  );
});

test('what was told of a live camera is old after a photo or a pause', () => {
  /** @type {SessionEvent} */
  const told = { type: 'live-words', words: 'tench' };
  assert.deepEqual(after(MODEL, CAMERA, LIVE, told).live.announced, { words: 'tench' });
  for (const event of [CAMERA, LEFT, LIVE]) {
    assert.equal(after(MODEL, CAMERA, LIVE, told, event).live.announced, null);
  }
});

test('a failure ends the live mode and is told', () => {
  const failure = after(MODEL, CAMERA, LIVE, { type: 'live-failed', code: 'other' });
  assert.equal(isLive(failure), false);
  assert.equal(errorCode(failure), 'other');
});

test('a model of which nothing comes is quiet until it does, fails or is there', () => {
  /** @type {import('../../../site_templates/app/page/session.js').SessionEvent[]} */
  const ends = [
    { type: 'model-progress', loaded: 1, total: 2 },
    { type: 'model-ready', backend: 'wasm' },
    { type: 'model-failed', code: 'model-unreachable' },
    { type: 'model-loading' },
  ];
  const quiet = reduce(INITIAL_SESSION, { type: 'model-quiet' });
  assert.equal(quiet.model.quiet, true);
  for (const end of ends) assert.equal(reduce(quiet, end).model.quiet, false, end.type);
  const ready = reduce(INITIAL_SESSION, { type: 'model-ready', backend: 'wasm' });
  assert.equal(reduce(ready, { type: 'model-quiet' }).model.quiet, false);
});
