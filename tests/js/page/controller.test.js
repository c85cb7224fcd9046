import assert from 'node:assert/strict';
import { test } from 'node:test';

import './english.js';
import { ClassifierError } from '../../../site_templates/app/classifier/errors.js';
import { CameraError } from '../../../site_templates/app/page/camera/camera.js';
import { QUIET_MS } from '../../../site_templates/app/shared/page-timeouts.js';
import { createController } from '../../../site_templates/app/page/controller.js';
import { createLive } from '../../../site_templates/app/page/live/live.js';
import { found } from '../../../site_templates/app/page/intake/photo-files.js';

/** @typedef {import('../../../site_templates/app/page/session.js').Session} Session */

const LIMITS = { sureFrom: 0.3, classes: 5, activation: 'softmax' };
const SITE = { ...LIMITS, title: 'Test', version: '0', topK: 3, threshold: 0.1, grayscale: false };
const LIVE = { stream: {}, facing: null, switchable: false };
const PREDICTIONS = [
  { classIndex: 4, className: 'tench', probability: 0.6 },
  { classIndex: 2, className: 'robin', probability: 0.05 },
];

/**
 * A page without a browser: what it shows, and levers for camera and model.
 *
 * @param {{start?: (choice: any) => Promise<any>, classify?: (source: any, options: any) => Promise<any>,
 *   load?: (onProgress: (progress: {loaded: number, total: number}) => void) => Promise<void>,
 *   resting?: () => boolean}} [world]
 */
function pageWith({ start = async () => LIVE, classify, load = async () => {}, resting } = {}) {
  /** @type {Session[]} */
  const shown = [];
  /** @type {string[]} */
  const calls = [];
  const kept = new Map();
  const view = {
    render: (/** @type {Session} */ session) => shown.push(session),
    describeModel: () => calls.push('describe'),
    showCamera: () => calls.push('show-camera'),
    showTools: () => calls.push('tools'),
    freezeCamera: () => ({}),
    showFile: () => calls.push('show-file'),
    releasePhoto: () => calls.push('release'),
    openPicker: () => calls.push('pick'),
    liveFrame: () => /** @type {any} */ ({}),
    showLive: () => calls.push('frame'),
    showSpeed: () => {},
  };
  const camera = {
    start: (/** @type {any} */ choice) => {
      calls.push(`start ${JSON.stringify(choice)}`);
      return start(choice);
    },
    stop: () => calls.push('stop'),
    next: async () => ({ facing: 'user' }),
    describe: async () => ({ ...LIVE, switchable: true }),
    setTorch: async (/** @type {boolean} */ on) => on,
    setZoom: async () => true,
  };
  const classifier = {
    metadata: {},
    backend: 'wasm',
    classify: classify ?? (async () => ({ predictions: PREDICTIONS })),
  };
  const wakeLock = {
    hold: (/** @type {string} */ reason) => calls.push(`hold ${reason}`),
    release: (/** @type {string} */ reason) => calls.push(`release ${reason}`),
  };
  const preferences = { limits: LIMITS, grayscale: false };
  const controller = createController({
    site: SITE,
    camera: /** @type {any} */ (camera),
    view: /** @type {any} */ (view),
    settings: {
      get: (name) => kept.get(name) ?? null,
      set: (name, value) => void kept.set(name, value),
    },
    preferences,
    followLive: createLive({ site: SITE, preferences, view, wakeLock, resting, browser: {} }),
    loadClassifier: async (onProgress) => {
      await load(onProgress);
      return /** @type {any} */ (classifier);
    },
    onReady: () => calls.push('ready'),
    onBackend: (backend) => calls.push(`backend ${backend}`),
    onAnswer: (_seer, answer) => {
      if (!answer) calls.push('seen');
      else calls.push(`answer ${answer.predictions.length}${answer.again ? ' again' : ''}`);
    },
    onMany: (photos) => calls.push(`many ${photos.length}`),
  });
  return { controller, calls, kept, classifier, now: () => /** @type {Session} */ (shown.at(-1)) };
}

/** Let everything that waits for nothing but promises happen. */
const settled = () =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

const photo = found([new File(['x'], 'a.jpg', { type: 'image/jpeg' })]);

test('predictions under the threshold are not listed', async () => {
  const { controller, now } = pageWith();
  await controller.loadModel();
  controller.receive(photo);
  await settled();
  const { answer } = now();
  assert.deepEqual(answer && 'predictions' in answer && answer.predictions, [PREDICTIONS[0]]);
});

test('a photo that waits for the model is answered when it is there', async () => {
  const { controller, now } = pageWith();
  controller.receive(photo);
  assert.equal(now().answer, null);
  await controller.loadModel();
  assert.ok(now().answer);
});

test('a newer photo aborts the older question, and only the newer is answered', async () => {
  /** @type {{source: Blob, signal: AbortSignal, answer: (value: any) => void}[]} */
  const asked = [];
  const { controller, now } = pageWith({
    classify: (source, { signal }) =>
      new Promise((resolve) => {
        asked.push({ source, signal, answer: resolve });
      }),
  });
  await controller.loadModel();
  controller.receive(photo);
  controller.receive(photo);
  assert.deepEqual(
    asked.map(({ signal }) => signal.aborted),
    [true, false],
  );
  asked[1].answer({ predictions: [PREDICTIONS[0]] });
  asked[0].answer({ predictions: [] });
  await settled();
  const { answer } = now();
  assert.equal(answer && 'predictions' in answer && answer.predictions.length, 1);
});

test('after a failed answer the next photo works', async () => {
  let failing = true;
  const { controller, now } = pageWith({
    classify: async () => {
      if (failing) throw Object.assign(new Error('?'), { code: 'not-an-image' });
      return { predictions: PREDICTIONS };
    },
  });
  await controller.loadModel();
  controller.receive(photo);
  await settled();
  assert.deepEqual(now().answer, { error: 'not-an-image' });
  failing = false;
  controller.receive(photo);
  await settled();
  assert.ok(now().answer && !('error' in /** @type {object} */ (now().answer)));
});

test('a model that could not be had may be loaded again', async () => {
  let attempts = 0;
  const { controller, now } = pageWith({
    load: async () => {
      attempts += 1;
      if (attempts === 1) throw new Error('an error without a code');
    },
  });
  await controller.loadModel();
  assert.deepEqual([now().model.phase, now().model.error], ['failed', 'model-failed']);
  await controller.loadModel();
  assert.equal(now().model.phase, 'ready');
});

test('a loading that the person ends, taking the app off the device, is no failure', async () => {
  const { controller, now } = pageWith({
    load: async () => {
      throw new ClassifierError('aborted', 'The call was cancelled.');
    },
  });
  await controller.loadModel();
  assert.equal(now().model.phase, 'loading');
});

test('the trigger shoots, goes back, and picks where there is no camera', async () => {
  const { controller, calls, now } = pageWith();
  controller.trigger();
  assert.equal(calls.length, 0, 'a camera that is still starting has nothing to shoot');
  await controller.startCamera();
  controller.trigger();
  assert.equal(now().photo?.id, 1);
  controller.trigger();
  assert.equal(now().photo, null);
  assert.ok(calls.includes('release'));
  controller.cameraLost('camera-lost');
  controller.trigger();
  assert.equal(calls.at(-1), 'pick');
});

test('the camera stops with the page hidden, and starts when it is needed again', async () => {
  const { controller, calls } = pageWith();
  const starts = () => calls.filter((call) => call.startsWith('start')).length;
  await controller.startCamera();
  controller.hidden();
  assert.equal(calls.at(-1), 'stop');
  controller.visible();
  await settled();
  assert.equal(starts(), 2);
  controller.trigger();
  controller.hidden();
  controller.visible();
  await settled();
  assert.equal(starts(), 2, 'over a frozen photo no camera is needed');
  controller.trigger();
  await settled();
  assert.equal(starts(), 3);
});

test('a person who said no is asked again only when they change it themselves', async () => {
  const { controller, calls } = pageWith({
    start: async () => {
      throw new CameraError('camera-denied');
    },
  });
  const starts = () => calls.filter((call) => call.startsWith('start')).length;
  await controller.startCamera();
  controller.hidden();
  controller.visible();
  controller.cameraPlugged();
  assert.equal(starts(), 1);
  controller.cameraAllowed();
  assert.equal(starts(), 2);
});

test('a camera that is plugged in is taken', async () => {
  const { controller, calls } = pageWith({
    start: async () => {
      throw new CameraError('camera-none');
    },
  });
  await controller.startCamera();
  controller.cameraPlugged();
  assert.equal(calls.filter((call) => call.startsWith('start')).length, 2);
});

test('a camera that was lost or busy is tried again when the person comes back to it', async () => {
  const { controller, calls, now } = pageWith();
  const starts = () => calls.filter((call) => call.startsWith('start')).length;
  await controller.startCamera();
  controller.cameraLost('camera-lost');
  controller.hidden();
  controller.visible();
  await settled();
  assert.equal(starts(), 2);
  controller.trigger();
  controller.cameraLost('camera-lost');
  controller.visible();
  assert.equal(starts(), 2, 'over a frozen photo no camera is needed');
  controller.trigger();
  await settled();
  assert.deepEqual([starts(), now().photo, now().camera.phase], [3, null, 'live']);
});

test('a camera that cannot be switched to is not remembered', async () => {
  const { controller, kept, now } = pageWith({
    start: async ({ facing }) => {
      if (facing === 'user') throw new CameraError('camera-busy');
      return { ...LIVE, switchable: true };
    },
  });
  await controller.startCamera();
  await controller.switchCamera();
  assert.deepEqual([now().camera.error, kept.has('camera')], ['camera-busy', false]);
  await controller.startCamera();
  assert.equal(now().camera.phase, 'live');
});

test('while the other camera starts, and over a photo, there is nothing to switch', async () => {
  const { controller, calls } = pageWith({ start: async () => ({ ...LIVE, switchable: true }) });
  await controller.startCamera();
  await Promise.all([controller.switchCamera(), settled()]);
  const starting = controller.startCamera();
  await controller.switchCamera();
  await starting;
  controller.trigger();
  await controller.switchCamera();
  assert.equal(calls.filter((call) => call.startsWith('start')).length, 3);
});

test('the camera that was switched to is remembered', async () => {
  const { controller, calls, kept } = pageWith({
    start: async () => ({ ...LIVE, switchable: true }),
  });
  await controller.startCamera();
  await controller.switchCamera();
  assert.deepEqual(kept.get('camera'), { facing: 'user' });
  await controller.startCamera();
  assert.equal(calls.filter((call) => call === 'start {"facing":"user"}').length, 2);
});

test('the backend is made known to the offline side, and so is another one later', async () => {
  const { controller, calls, classifier } = pageWith();
  await controller.loadModel();
  const told = () => calls.filter((call) => call.startsWith('backend'));
  assert.deepEqual(told(), ['backend wasm']);
  controller.receive(photo);
  await settled();
  classifier.backend = 'cpu';
  controller.receive(photo);
  await settled();
  assert.deepEqual(told(), ['backend wasm', 'backend cpu']);
});

test('several photos are not for the viewfinder', async () => {
  const { controller, calls, now } = pageWith();
  await controller.loadModel();
  controller.receive([...photo, ...photo]);
  assert.ok(calls.includes('many 2'));
  assert.equal(now().photo, null);
});

test('the loaded classifier is handed on', async () => {
  const { controller, calls } = pageWith();
  assert.ok(!calls.includes('ready'));
  await controller.loadModel();
  assert.ok(calls.includes('ready'));
});

test('an answer is handed on with what counts of it, one to an older photo is not', async () => {
  /** @type {((value: any) => void)[]} */
  const answers = [];
  const { controller, calls } = pageWith({
    classify: () =>
      new Promise((resolve) => {
        answers.push(resolve);
      }),
  });
  await controller.loadModel();
  controller.receive(photo);
  controller.receive(photo);
  answers[0]({ predictions: [] });
  answers[1]({ predictions: PREDICTIONS });
  await settled();
  assert.deepEqual(
    calls.filter((call) => call.startsWith('answer ')),
    ['answer 1'],
  );
});

test('a photo that is looked at again is known to be the same', async () => {
  const { controller, calls } = pageWith();
  await controller.loadModel();
  for (const look of [() => controller.receive(photo), controller.lookAgain]) {
    look();
    await settled();
  }
  controller.receive(found([new File(['x'], 'a.jpg', { type: 'image/jpeg' })]));
  await settled();
  const answers = calls.filter((call) => call.startsWith('answer '));
  assert.deepEqual(answers, ['answer 1', 'answer 1 again', 'answer 1']);
});

test('live looks at nothing while the device is being measured', async () => {
  const { controller, calls } = pageWith({ resting: () => true });
  await controller.loadModel();
  await controller.startCamera();
  controller.setLive(true);
  await settled();
  assert.equal(calls.includes('frame'), false);
  controller.setLive(false);
});

test('live looks at frames until a photo is taken, and goes on when it is left', async () => {
  const { controller, calls, now } = pageWith();
  const frames = () => calls.filter((call) => call === 'frame').length;
  await controller.loadModel();
  await controller.startCamera();
  assert.equal(frames(), 0);
  controller.setLive(true);
  await settled();
  assert.deepEqual([frames(), now().live.announced], [1, { words: 'Most likely: tench' }]);
  assert.ok(calls.includes('hold live'));
  assert.ok(calls.includes('seen'));
  controller.trigger();
  await settled();
  assert.equal(calls.filter((call) => call.endsWith(' live')).at(-1), 'release live');
  controller.trigger();
  await settled();
  assert.equal(frames(), 2);
  controller.hidden();
  assert.equal(calls.filter((call) => call.endsWith(' live')).at(-1), 'release live');
});

test('a frame that fails ends the live mode with a word', async () => {
  const { controller, now } = pageWith({
    classify: async () => {
      throw new Error('no memory');
    },
  });
  await controller.loadModel();
  await controller.startCamera();
  controller.setLive(true);
  await settled();
  assert.deepEqual([now().live.wanted, now().refusal], [false, 'internal']);
});

test('a lens that is chosen by name is started and remembered', async () => {
  const { controller, calls, kept } = pageWith({
    start: async () => ({ ...LIVE, switchable: true }),
  });
  await controller.startCamera();
  await controller.chooseLens('wide');
  assert.ok(calls.includes('start {"deviceId":"wide"}'));
  assert.deepEqual(kept.get('camera'), { deviceId: 'wide' });
});

test('a camera that is plugged in beside the running one is offered', async () => {
  const { controller, calls, now } = pageWith();
  await controller.startCamera();
  controller.cameraPlugged();
  await settled();
  assert.equal(now().camera.switchable, true);
  assert.equal(calls.filter((call) => call === 'tools').length, 2);
  assert.equal(calls.filter((call) => call === 'show-camera').length, 1);
});

test('while nothing comes of the model that is said, and not once all of it has come', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  /** @type {(progress: {loaded: number, total: number}) => void} */
  let come = () => {};
  const { controller, now } = pageWith({
    load: (onProgress) => {
      come = onProgress;
      return new Promise(() => {});
    },
  });
  controller.loadModel();
  t.mock.timers.tick(QUIET_MS);
  assert.equal(now().model.quiet, true);
  come({ loaded: 1, total: 2 });
  assert.equal(now().model.quiet, false);
  t.mock.timers.tick(QUIET_MS - 1);
  come({ loaded: 2, total: 2 });
  t.mock.timers.tick(QUIET_MS);
  assert.equal(now().model.quiet, false);
});
