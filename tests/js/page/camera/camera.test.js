import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  Camera,
  cameraErrorCode,
  constraintsFor,
  nextChoice,
} from '../../../../site_templates/app/page/camera/camera.js';

class FakeTrack extends EventTarget {
  stopped = false;
  /** @param {MediaTrackSettings} settings */
  constructor(settings) {
    super();
    this.settings = settings;
  }
  getSettings() {
    return this.settings;
  }
  stop() {
    this.stopped = true;
  }
  /** @type {object[]} */
  applied = [];
  /** @param {{advanced: object[]}} constraints */
  async applyConstraints({ advanced }) {
    this.applied.push(...advanced);
  }
}

/** @param {MediaTrackSettings} settings */
function fakeStream(settings = {}) {
  const tracks = [new FakeTrack(settings)];
  return { tracks, getTracks: () => tracks, getVideoTracks: () => tracks };
}

/**
 * A camera in a world that opens what `open` gives.
 *
 * @param {(constraints: MediaStreamConstraints) => Promise<any>} open
 * @param {{count?: number, permission?: string, secure?: boolean}} [world]
 */
function cameraWith(open, { count = 1, permission = 'prompt', secure = true } = {}) {
  /** @type {string[]} */
  const calls = [];
  const devices = Array.from({ length: count }, (_, index) => ({
    kind: 'videoinput',
    deviceId: `camera-${index}`,
  }));
  const mediaDevices = Object.assign(new EventTarget(), {
    getUserMedia: open,
    enumerateDevices: async () => [{ kind: 'audioinput', deviceId: 'microphone' }, ...devices],
  });
  const status = { state: permission, onchange: () => {} };
  const camera = new Camera({
    mediaDevices: /** @type {any} */ (mediaDevices),
    permissions: /** @type {any} */ ({ query: async () => status }),
    secure,
    onLost: (code) => calls.push(code),
    onPlugged: () => calls.push('plugged'),
    onAllowed: () => calls.push('allowed'),
  });
  return { camera, calls, mediaDevices, status };
}

test('the rear camera comes first, and nothing is required of a device', () => {
  const video = /** @type {MediaTrackConstraints} */ (constraintsFor({}).video);
  assert.deepEqual(video.facingMode, { ideal: 'environment' });
  assert.ok(!JSON.stringify(video).includes('exact'));
});

test('a remembered camera is asked for by its id', () => {
  const video = /** @type {MediaTrackConstraints} */ (constraintsFor({ deviceId: 'x' }).video);
  assert.deepEqual(video.deviceId, { exact: 'x' });
  assert.equal(video.facingMode, undefined);
});

test('in place of a remembered camera that is gone, any other is taken', async () => {
  const stream = fakeStream();
  const { camera } = cameraWith(async ({ video }) => {
    const { deviceId } = /** @type {MediaTrackConstraints} */ (video);
    if (deviceId) throw new DOMException('', 'OverconstrainedError');
    return stream;
  });
  const live = await camera.start({ deviceId: 'gone' });
  assert.equal(live?.stream, stream);
});

test('where the error is none of the language’s own, it is told by its name all the same', () => {
  assert.equal(cameraErrorCode({ name: 'OverconstrainedError' }), 'camera-none');
});

test('a change of mind is told once, however often the camera was started', async () => {
  const statuses = /** @type {any[]} */ ([]);
  const { camera, calls } = cameraWith(async () => fakeStream());
  camera.permissions = /** @type {any} */ ({
    query: async () => statuses[statuses.push({ state: 'prompt' }) - 1],
  });
  await camera.start({});
  await camera.start({});
  for (const status of statuses) Object.assign(status, { state: 'granted' }).onchange();
  assert.deepEqual(calls, ['allowed']);
});

test('each way to fail has its code', () => {
  const codes = {
    NotAllowedError: 'camera-denied',
    SecurityError: 'camera-denied',
    NotFoundError: 'camera-none',
    NotReadableError: 'camera-busy',
    TypeError: 'camera-failed',
  };
  for (const [name, code] of Object.entries(codes)) {
    assert.equal(cameraErrorCode(new DOMException('', name)), code);
  }
  assert.equal(cameraErrorCode('?'), 'camera-failed');
});

test('switching goes to the other side where sides are known', () => {
  assert.deepEqual(nextChoice({ facingMode: 'user' }, []), { facing: 'environment' });
  assert.deepEqual(nextChoice({ facingMode: 'environment' }, []), { facing: 'user' });
});

test('switching goes round the list where sides are not known', () => {
  const cameras = [{ deviceId: 'a' }, { deviceId: 'b' }];
  assert.deepEqual(nextChoice({ deviceId: 'a' }, cameras), { deviceId: 'b' });
  assert.deepEqual(nextChoice({ deviceId: 'b' }, cameras), { deviceId: 'a' });
  assert.deepEqual(nextChoice({}, cameras), { deviceId: 'a' });
});

test('a started camera tells its side, and whether there are others', async () => {
  const stream = fakeStream({ facingMode: 'user' });
  const live = await cameraWith(async () => stream, { count: 2 }).camera.start({});
  assert.deepEqual([live?.stream, live?.facing, live?.switchable], [stream, 'user', true]);
  assert.deepEqual(
    live?.lenses.map(({ deviceId }) => deviceId),
    ['camera-0', 'camera-1'],
  );
});

test('starting again stops the running camera first', async () => {
  const streams = [fakeStream(), fakeStream()];
  let opened = 0;
  const { camera } = cameraWith(async () => {
    if (opened === 1) assert.ok(streams[0].tracks[0].stopped);
    opened += 1;
    return streams[opened - 1];
  });
  await camera.start({});
  await camera.start({});
  assert.equal(streams[1].tracks[0].stopped, false);
});

test('a stream that arrives after a stop is stopped at once', async () => {
  const stream = fakeStream();
  const { promise, resolve } = deferred();
  const { camera } = cameraWith(() => promise);
  const started = camera.start({});
  await settled();
  camera.stop();
  resolve(stream);
  assert.equal(await started, null);
  assert.ok(stream.tracks[0].stopped);
});

test('a start that is overtaken while permissions are asked for never touches the device', async () => {
  const { camera } = cameraWith(async () => assert.fail('the camera was started'));
  const started = camera.start({});
  camera.stop();
  assert.equal(await started, null);
});

test('a failure that was overtaken is nobody’s concern', async () => {
  const { promise, reject } = deferred();
  const { camera } = cameraWith(() => promise);
  const started = camera.start({});
  await settled();
  camera.stop();
  reject(new DOMException('', 'AbortError'));
  assert.equal(await started, null);
});

test('a person who said no is not asked again, until they change their mind', async () => {
  let asked = 0;
  const { camera, calls, status } = cameraWith(
    async () => {
      asked += 1;
    },
    { permission: 'denied' },
  );
  await assert.rejects(camera.start({}), { code: 'camera-denied' });
  assert.equal(asked, 0);
  status.state = 'granted';
  status.onchange();
  assert.deepEqual(calls, ['allowed']);
});

test('insecure pages and browsers without cameras are told apart', async () => {
  const insecure = cameraWith(async () => fakeStream(), { secure: false }).camera;
  await assert.rejects(insecure.start({}), { code: 'camera-insecure' });
  const world = {
    mediaDevices: undefined,
    secure: true,
    onLost() {},
    onPlugged() {},
    onAllowed() {},
  };
  await assert.rejects(new Camera(world).start({}), { code: 'camera-unsupported' });
});

test('a camera that goes away says so, one that was stopped does not', async () => {
  const stream = fakeStream();
  const { camera, calls } = cameraWith(async () => stream);
  await camera.start({});
  stream.tracks[0].dispatchEvent(new Event('ended'));
  await settled();
  assert.deepEqual(calls, ['camera-lost']);
  camera.stop();
  stream.tracks[0].dispatchEvent(new Event('ended'));
  await settled();
  assert.deepEqual(calls, ['camera-lost']);
});

test('a camera that is plugged in is told', () => {
  const { calls, mediaDevices } = cameraWith(async () => fakeStream());
  mediaDevices.dispatchEvent(new Event('devicechange'));
  assert.deepEqual(calls, ['plugged']);
});

test('a camera that went with its permission is told as that', async () => {
  const stream = fakeStream();
  const { camera, calls, status } = cameraWith(async () => stream);
  await camera.start({});
  status.state = 'denied';
  stream.tracks[0].dispatchEvent(new Event('ended'));
  await settled();
  assert.deepEqual(calls, ['camera-denied']);
});

test('zoom is asked for only where the page would zoom', () => {
  const video = (/** @type {boolean} */ zoom) =>
    /** @type {any} */ (constraintsFor({}, zoom).video);
  assert.equal('zoom' in video(false), false);
  assert.equal(video(true).zoom, true);
});

test('light and zoom are set on the running track, and what it refuses is told', async () => {
  const stream = fakeStream();
  const { camera } = cameraWith(async () => stream);
  assert.equal(await camera.setTorch(true), false, 'no camera, no light');
  await camera.start({});
  assert.equal(await camera.setTorch(true), true);
  assert.equal(await camera.setZoom(2), true);
  assert.deepEqual(stream.tracks[0].applied, [{ torch: true }, { zoom: 2 }]);
  stream.tracks[0].applyConstraints = async () => {
    throw new DOMException('', 'OverconstrainedError');
  };
  assert.equal(await camera.setTorch(true), false);
});

/** Let everything that waits for nothing but promises happen. */
const settled = () =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/** A promise with its levers. */
function deferred() {
  /** @type {(value: any) => void} */
  let resolve = () => {};
  /** @type {(reason: any) => void} */
  let reject = () => {};
  const promise = new Promise((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
