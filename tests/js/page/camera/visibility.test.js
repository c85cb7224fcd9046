/** The camera runs only while its picture can be seen: every state of the page × everything that happens. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Camera } from '../../../../site_templates/app/page/camera/camera.js';
import { createController } from '../../../../site_templates/app/page/controller.js';
import { found } from '../../../../site_templates/app/page/intake/photo-files.js';
import {
  isCameraRunning,
  isPictureVisible,
  mayStartCamera,
  withCameraInView,
} from '../../../../site_templates/app/page/camera/visibility.js';
import { INITIAL_SESSION, reduce } from '../../../../site_templates/app/page/session.js';

/**
 * @typedef {import('../../../../site_templates/app/page/camera/visibility.js').Cover} Cover
 * @typedef {import('../../../../site_templates/app/page/session.js').Session} Session
 * @typedef {import('../../../../site_templates/app/page/session.js').SessionEvent} SessionEvent
 */

/** @type {Record<Cover, true>} all of them: TypeScript says so when one is missing */
const ALL_COVERS = { page: true, screen: true, dialog: true, scroll: true, end: true };
const COVERS = /** @type {Cover[]} */ (Object.keys(ALL_COVERS));
const FAILURES = ['denied', 'none', 'busy', 'lost', 'insecure', 'unsupported', 'failed'];

/** @type {{[Type in SessionEvent['type']]: Extract<SessionEvent, {type: Type}>[]}} */
const EVENTS = {
  'model-loading': [{ type: 'model-loading' }],
  'model-progress': [{ type: 'model-progress', loaded: 1, total: 2 }],
  'model-quiet': [{ type: 'model-quiet' }],
  'model-ready': [{ type: 'model-ready', backend: 'wasm' }],
  'model-failed': [{ type: 'model-failed', code: 'model-failed' }],
  'camera-starting': [{ type: 'camera-starting' }],
  'camera-live': [{ type: 'camera-live', switchable: true }],
  'camera-failed': FAILURES.map((code) => ({ type: 'camera-failed', code: `camera-${code}` })),
  'camera-allowed': [{ type: 'camera-allowed' }],
  'camera-plugged': [{ type: 'camera-plugged' }],
  covered: COVERS.map((by) => ({ type: 'covered', by })),
  uncovered: COVERS.map((by) => ({ type: 'uncovered', by })),
  'live-wanted': [true, false].map((wanted) => ({ type: 'live-wanted', wanted })),
  'live-words': [{ type: 'live-words', words: 'oak' }],
  'live-backend': [{ type: 'live-backend', backend: 'cpu' }],
  'live-failed': [{ type: 'live-failed', code: 'internal' }],
  'photo-taken': [{ type: 'photo-taken' }],
  'photo-refused': [{ type: 'photo-refused', code: 'no-file' }],
  'photos-elsewhere': [{ type: 'photos-elsewhere' }],
  'photo-left': [{ type: 'photo-left' }],
  answered: [
    {
      type: 'answered',
      id: 1,
      predictions: [],
      certainty: 'sure',
      milliseconds: 1,
      backend: 'wasm',
    },
  ],
  'answer-failed': [{ type: 'answer-failed', id: 1, code: 'not-an-image' }],
};

/** @returns {Generator<Session>} every combination of what the rule looks at, as a page could have it */
function* sessions() {
  /** @type {Session['camera'][]} */
  const cameras = [
    .../** @type {const} */ (['off', 'starting', 'live']).map((phase) => ({
      phase,
      error: '',
      switchable: true,
    })),
    ...FAILURES.map((code) => ({
      phase: /** @type {const} */ ('failed'),
      error: `camera-${code}`,
      switchable: true,
    })),
  ];
  for (const camera of cameras) {
    for (const photo of [null, { id: 1 }]) {
      for (let chosen = 0; chosen < 2 ** COVERS.length; chosen += 1) {
        const covers = COVERS.filter((_, place) => chosen & (1 << place));
        yield withCameraInView({ ...INITIAL_SESSION, camera, photo, covers, photos: 1 });
      }
    }
  }
}

test('no state and no event leads to a camera that runs unseen, or that may start unseen', () => {
  let pairs = 0;
  for (const session of sessions()) {
    for (const event of Object.values(EVENTS).flat()) {
      const next = reduce(session, event);
      const unseen = next.photo !== null || next.covers.length > 0;
      const told = JSON.stringify([session.camera, session.covers, session.photo, event]);
      assert.equal(isPictureVisible(next), !unseen, told);
      assert.ok(!(unseen && isCameraRunning(next)), told);
      assert.ok(!(unseen && mayStartCamera(next)), told);
      pairs += 1;
    }
  }
  assert.ok(pairs > 20_000, String(pairs));
});

/** Let everything that waits for nothing but promises happen. */
const settled = () =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

const PHOTO = found([new File(['x'], 'a.jpg', { type: 'image/jpeg' })]);
const SITE = {
  title: 'Test',
  version: '0',
  topK: 3,
  threshold: 0,
  sureFrom: 0.5,
  classes: 3,
  activation: 'softmax',
  grayscale: false,
};

/** The page's controller with the real camera, on a device whose light can be looked at. */
function device() {
  /** @type {{stopped: boolean, end(): void}[]} */
  const tracks = [];
  /** @type {(() => void)[]} */
  const waiting = [];
  /** @type {Session} */
  let session = INITIAL_SESSION;
  /** @type {Set<Cover>} what the test itself has laid over the picture */
  const covers = new Set();
  const world = {
    /** What `getUserMedia` does: give a stream, wait for a word, or fail with an error of this name. */
    answer: 'stream',
    permission: { state: 'prompt', onchange: () => {} },
  };

  const isSeen = () => covers.size === 0 && session.photo === null;

  function stream() {
    const target = new EventTarget();
    const track = Object.assign(target, {
      stopped: false,
      stop: () => void (track.stopped = true),
      end: () => target.dispatchEvent(new Event('ended')),
      getSettings: () => ({ deviceId: 'one' }),
    });
    tracks.push(track);
    return { getTracks: () => [track], getVideoTracks: () => [track] };
  }

  const mediaDevices = Object.assign(new EventTarget(), {
    async getUserMedia() {
      assert.ok(isSeen(), 'the camera was asked for while nobody could see its picture');
      if (world.answer === 'stream') return stream();
      if (world.answer !== 'wait') throw new DOMException('', world.answer);
      await new Promise((resolve) => {
        waiting.push(() => resolve(undefined));
      });
      return stream();
    },
    enumerateDevices: async () => [1, 2].map((id) => ({ kind: 'videoinput', deviceId: `${id}` })),
  });
  const camera = new Camera({
    mediaDevices: /** @type {any} */ (mediaDevices),
    permissions: /** @type {any} */ ({ query: async () => world.permission }),
    secure: true,
    onLost: (code) => controller.cameraLost(code),
    onPlugged: () => controller.cameraPlugged(),
    onAllowed: () => controller.cameraAllowed(),
  });
  const controller = createController({
    site: SITE,
    camera,
    view: /** @type {any} */ ({
      render: (/** @type {Session} */ next) => (session = next),
      describeModel() {},
      showCamera() {},
      showTools() {},
      freezeCamera: () => ({}),
      nextFrame: async () => false,
      showFile() {},
      releasePhoto() {},
      openPicker() {},
    }),
    settings: { get: () => null, set() {} },
    preferences: { limits: { sureFrom: 0, classes: 3, activation: 'softmax' }, grayscale: false },
    followLive() {},
    loadClassifier: async () =>
      /** @type {any} */ ({ backend: 'wasm', classify: async () => ({ predictions: [] }) }),
    onReady() {},
    onBackend() {},
    onAnswer() {},
    onMany() {},
  });

  return {
    controller,
    world,
    tracks,
    session: () => session,
    plug: () => mediaDevices.dispatchEvent(new Event('devicechange')),
    allow() {
      world.permission.state = 'granted';
      world.permission.onchange();
    },
    /** Streams that were waited for arrive. */
    arrive: () => waiting.splice(0).forEach((resolve) => resolve()),
    /** @param {Cover} by */
    cover(by) {
      covers.add(by);
      controller.hidden(by);
    },
    /** @param {Cover} by */
    uncover(by) {
      covers.delete(by);
      controller.visible(by);
    },
    /** @param {string} told */
    check(told) {
      const on = tracks.filter(({ stopped }) => !stopped).length;
      assert.ok(on <= 1, `${told}: ${on} cameras run`);
      assert.ok(on === 0 || isSeen(), `${told}: a camera runs unseen`);
    },
  };
}

/** @typedef {ReturnType<typeof device>} Device */

/** @type {[string, (device: Device) => unknown][]} how the camera is */
const CAMERAS = [
  ['not started', () => {}],
  ['live', ({ controller }) => controller.visible()],
  [
    'starting',
    ({ controller, world }) => {
      world.answer = 'wait';
      controller.visible();
    },
  ],
  [
    'lost',
    async ({ controller, tracks }) => {
      controller.visible();
      await settled();
      tracks[0].end();
    },
  ],
  .../** @type {[string, (device: Device) => unknown][]} */ (
    ['NotAllowedError', 'NotFoundError', 'NotReadableError', 'TypeError'].map((name) => [
      `failed with ${name}`,
      async ({ controller, world }) => {
        world.answer = name;
        if (name === 'NotAllowedError') world.permission.state = 'denied';
        controller.visible();
        await settled();
        world.answer = 'stream';
      },
    ])
  ),
];

/** @type {[string, (device: Device) => unknown][]} what keeps the picture from being seen */
const VIEWS = [
  ['in view', () => {}],
  ...COVERS.map(
    (by) =>
      /** @type {[string, (device: Device) => unknown]} */ ([
        `behind: ${by}`,
        ({ cover }) => cover(by),
      ]),
  ),
  [
    'behind: page and screen',
    ({ cover }) => {
      cover('page');
      cover('screen');
    },
  ],
  ['behind a photo', ({ controller }) => controller.receive(PHOTO)],
  [
    'behind a photo and a dialog',
    ({ controller, cover }) => {
      controller.receive(PHOTO);
      cover('dialog');
    },
  ],
];

/** @type {[string, (device: Device) => unknown][]} what may happen then */
const HAPPENINGS = [
  ['the camera is allowed', ({ allow }) => allow()],
  ['a camera is plugged in', ({ plug }) => plug()],
  ['the camera ends', ({ tracks }) => tracks.at(-1)?.end()],
  ['a stream arrives late', ({ arrive }) => arrive()],
  ['the camera is tried again', ({ controller }) => controller.startCamera()],
  ['another camera is switched to', ({ controller }) => controller.switchCamera()],
  ['a lens is chosen', ({ controller }) => controller.chooseLens('2')],
  ['the trigger is pressed', ({ controller }) => controller.trigger()],
  ['a photo comes', ({ controller }) => controller.receive(PHOTO)],
  ['many photos come', ({ controller }) => controller.receive([...PHOTO, ...PHOTO])],
  ['something else is dropped', ({ controller }) => controller.receive([])],
  ['the model arrives', ({ controller }) => controller.loadModel()],
  ['all files have arrived', ({ controller }) => controller.filesArrived()],
  ['live is switched on', ({ controller }) => controller.setLive(true)],
  ['the photo is looked at again', ({ controller }) => controller.lookAgain()],
  ...COVERS.flatMap(
    (by) =>
      /** @type {[string, (device: Device) => unknown][]} */ ([
        [`${by} comes over it`, ({ cover }) => cover(by)],
        [`${by} goes`, ({ uncover }) => uncover(by)],
      ]),
  ),
];

for (const [camera, begin] of CAMERAS) {
  for (const [view, cover] of VIEWS) {
    test(`camera ${camera}, ${view}: whatever happens, none runs unseen`, async () => {
      for (const [what, happen] of HAPPENINGS) {
        const it = device();
        await begin(it);
        await settled();
        await cover(it);
        await settled();
        it.check('before');
        // Not waited for: a start may wait for a stream.
        happen(it);
        it.check(`at once when ${what}`);
        await settled();
        it.check(`when ${what}`);
        it.arrive();
        await settled();
        it.check(`when ${what}, and a stream arrives`);
        // And there is always a way back to it.
        it.world.answer = 'stream';
        it.allow();
        it.plug();
        for (const by of COVERS) it.uncover(by);
        if (it.session().photo) it.controller.trigger();
        await settled();
        await settled();
        it.check('in the end');
        assert.equal(it.session().camera.phase, 'live', `${what}: no way back`);
      }
    });
  }
}

test('the rule notices a camera that runs unseen', async () => {
  const it = device();
  it.controller.visible();
  await settled();
  it.check('seen');
  it.controller.hidden = () => {};
  it.cover('page');
  assert.throws(() => it.check('unseen'), /runs unseen/);
});
