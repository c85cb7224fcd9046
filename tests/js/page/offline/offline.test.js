import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  QUIET_MS,
  REGISTER_MS,
  REPLY_MS,
  START_MS,
} from '../../../../site_templates/app/shared/page-timeouts.js';
import { AGAIN_MS, startOffline } from '../../../../site_templates/app/page/offline/offline.js';

const BASE = 'https://example.org/app/index.html?x=1';
const SCOPE = 'https://example.org/app/';
const SCRIPT = `${SCOPE}sw.js`;
const READY = { ready: true, groups: ['core', 'wasm-simd'] };

/** A service worker as the page sees it; `answers` say what it replies, by message type. */
class FakeWorker extends EventTarget {
  /** @type {any[]} */
  received = [];
  scriptURL = SCRIPT;

  /** @param {string} state @param {Record<string, (message: any) => any>} [answers] */
  constructor(state, answers = {}) {
    super();
    this.state = state;
    /** @type {Record<string, (message: any) => any>} */
    this.answers = { status: () => READY, ...answers };
  }

  /** @param {any} message @param {MessagePort[]} [ports] */
  postMessage(message, [port] = []) {
    this.received.push(message);
    const answer = this.answers[message.type];
    if (answer) port?.postMessage(answer(message));
  }

  /** @param {string} state */
  become(state) {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }

  /** @param {string} type */
  asked(type) {
    return this.received.filter((message) => message.type === type);
  }
}

class FakeRegistration extends EventTarget {
  scope = SCOPE;
  /** @type {FakeWorker | null} */
  installing = null;
  /** @type {FakeWorker | null} */
  waiting = null;
  /** @type {FakeWorker | null} */
  active = null;

  unregistered = 0;

  async unregister() {
    this.unregistered += 1;
  }

  /** @param {FakeWorker} worker */
  found(worker) {
    this.installing = worker;
    this.dispatchEvent(new Event('updatefound'));
  }
}

class FakeContainer extends EventTarget {
  /** @type {FakeWorker | null} */
  controller = null;
  /** @type {any[]} */
  registered = [];
  registration = new FakeRegistration();
  /** @type {Error | null} */
  refusal = null;

  /** @param {string} url @param {object} options */
  async register(url, options) {
    this.registered.push({ url, ...options });
    if (this.refusal) throw this.refusal;
    return this.registration;
  }

  /** @param {FakeWorker | null} worker */
  control(worker) {
    this.controller = worker;
    this.dispatchEvent(new Event('controllerchange'));
  }

  /** @param {object} data */
  send(data) {
    this.dispatchEvent(new MessageEvent('message', { data: { scope: SCOPE, ...data } }));
  }
}

const soon = globalThis.setTimeout;
/** What is only done later keeps no test waiting. @type {any} */
const later = (/** @type {Parameters<typeof soon>} */ ...args) => {
  const timer = soon(...args);
  timer.unref();
  return timer;
};
globalThis.setTimeout = later;

/** Let promises and message ports do what they have to do. */
async function settle() {
  for (let i = 0; i < 10; i += 1) {
    await new Promise((resolve) => {
      soon(resolve);
    });
  }
}

/** @param {Partial<Parameters<typeof startOffline>[0]>} [options] */
function start(options = {}) {
  const container = new FakeContainer();
  const connection = new EventTarget();
  /** @type {any[]} */
  const states = [];
  /** @type {any[]} */
  const progress = [];
  /** @type {(() => Promise<unknown>)[]} */
  const looks = [];
  /** @type {(() => void)[]} */
  const updates = [];
  let reloads = 0;
  const run = () =>
    startOffline({
      container: /** @type {any} */ (container),
      base: BASE,
      onState: (state) => states.push(state),
      onProgress: (bytes) => progress.push(bytes),
      onUpdate: (apply) => updates.push(apply),
      reload: () => {
        reloads += 1;
      },
      fetch: async () => new Response(),
      connection,
      keepChecking: (look) => {
        looks.push(look);
      },
      ...options,
    });
  return { container, connection, states, progress, updates, looks, reloads: () => reloads, run };
}

/** @param {any[]} states */
const names = (states) => states.map(({ state }) => state);

test('a browser without service workers: failed, and said why', async () => {
  /** @type {any[]} */
  const states = [];
  // Node has a navigator, and no service workers in it, as a page at an insecure address.
  const offline = startOffline({ onState: (state) => states.push(state), base: BASE });
  await offline.ensureBackend('webgl');
  await offline.retry();
  assert.deepEqual(states, Array(2).fill({ state: 'failed', reason: 'unsupported' }));
});

test('a browser that lets the site keep nothing is told from one that can’t, and from a host that fails', async () => {
  /** @type {any[]} */
  const told = [];
  startOffline({ onState: (state) => told.push(state), base: BASE, blocked: () => true });
  const { container, states, run } = start({ blocked: () => true });
  container.refusal = new DOMException('denied', 'NotSupportedError');
  run();
  await settle();
  assert.deepEqual([told[0].reason, states.at(-1).reason], ['blocked', 'blocked']);
});

test('an app that is withdrawn while it is open stops promising to work offline', async () => {
  const { container, connection, states, looks, run } = start();
  container.registration.active = new FakeWorker('activated');
  const offline = run();
  await settle();
  assert.deepEqual(names(states), ['pending', 'ready']);
  container.send({ type: 'withdrawn', scope: `${SCOPE}nested/` });
  assert.equal(states.at(-1).state, 'ready', 'another app is');
  container.send({ type: 'withdrawn' });
  assert.deepEqual([states.at(-1).state, states.at(-1).reason], ['failed', 'withdrawn']);
  const before = states.length;
  connection.dispatchEvent(new Event('online'));
  looks[0]();
  await offline.retry();
  await settle();
  assert.equal(states.length, before);
  assert.equal(container.registered.length, 1, 'it is not registered anew');
});

test('an app that is withdrawn while the page still asks is not called ready by an older answer', async () => {
  const { container, states, run } = start();
  const worker = new FakeWorker('activated');
  /** @type {(() => void)[]} */
  const late = [];
  worker.postMessage = (message, [port] = []) => void late.push(() => port?.postMessage(READY));
  container.registration.active = worker;
  run();
  container.send({ type: 'withdrawn' });
  await settle();
  late.forEach((answer) => answer());
  await settle();
  assert.deepEqual([states.at(-1).state, states.at(-1).reason], ['failed', 'withdrawn']);
});

test('a first visit registers only when the page has loaded, and is ready when activated', async () => {
  /** @type {() => void} */
  let loaded = () => {};
  const after = new Promise((resolve) => {
    loaded = () => resolve(undefined);
  });
  const rig = start({ after });
  const worker = new FakeWorker('installing');
  rig.container.registration.installing = worker;
  rig.run();
  await settle();
  assert.deepEqual(rig.container.registered, []);
  loaded();
  await settle();
  assert.deepEqual(rig.container.registered, [
    { url: 'sw.js', scope: './', updateViaCache: 'none' },
  ]);
  assert.deepEqual(names(rig.states), ['pending']);
  worker.become('installed');
  rig.container.registration.installing = null;
  rig.container.registration.active = worker;
  worker.become('activating');
  await settle();
  assert.deepEqual(names(rig.states), ['pending']);
  worker.become('activated');
  rig.container.control(worker);
  await settle();
  assert.deepEqual(names(rig.states), ['pending', 'ready']);
  assert.equal(rig.reloads(), 0, 'being claimed on the first visit is no update');
  assert.deepEqual(rig.updates, []);
});

test('a page whose model cannot be loaded still gets ready for offline', async () => {
  const rig = start({ after: Promise.reject(new Error('no model')) });
  rig.container.registration.active = new FakeWorker('activated');
  rig.run();
  await settle();
  assert.deepEqual(names(rig.states), ['pending', 'ready']);
});

test('a later visit registers at once, and is not called ready before the backend is known', async () => {
  /** @type {() => void} */
  let loaded = () => {};
  const after = new Promise((resolve) => {
    loaded = () => resolve(undefined);
  });
  const rig = start({ after, compiles: false });
  const worker = new FakeWorker('activated', {
    'precache-group': ({ group }) => ({ group, ok: true }),
  });
  rig.container.registration.active = worker;
  rig.container.controller = worker;
  const offline = rig.run();
  await settle();
  assert.equal(rig.container.registered.length, 1);
  assert.deepEqual(names(rig.states), ['pending']);
  offline.ensureBackend('webgl');
  loaded();
  await settle();
  assert.deepEqual(names(rig.states), ['pending', 'ready']);
  assert.deepEqual(worker.asked('precache-group'), [{ type: 'precache-group', group: 'webgl' }]);
});

for (const backend of ['webgl', 'webgpu', 'cpu']) {
  test(`without WebAssembly, a page that comes to run on ${backend} needs its files`, async () => {
    const rig = start({ compiles: false });
    const worker = new FakeWorker('activated', {
      'precache-group': ({ group }) => ({ group, ok: true }),
    });
    rig.container.registration.active = worker;
    const offline = rig.run();
    await settle();
    await offline.ensureBackend(backend);
    assert.deepEqual(names(rig.states), ['pending', 'ready', 'pending', 'ready']);
    assert.equal(worker.asked('precache-group')[0].group, backend);
    await offline.ensureBackend(backend);
    assert.equal(rig.states.length, 4);
  });
}

test('a page that comes to run on a GPU stays ready while its files are on their way', async () => {
  const rig = start();
  /** @type {(done: object) => void} */
  let bring = () => {};
  const worker = new FakeWorker('activated');
  worker.postMessage = (message, [port] = []) => {
    worker.received.push(message);
    if (message.type === 'status') port.postMessage(READY);
    else bring = (done) => port.postMessage(done);
  };
  rig.container.registration.active = worker;
  const offline = rig.run();
  await settle();
  const changed = offline.ensureBackend('webgl');
  await settle();
  assert.equal(worker.asked('precache-group')[0].group, 'webgl');
  bring({ ok: true });
  await changed;
  const told = rig.states.map(({ state, extras }) => [state, extras]);
  assert.deepEqual(told, [
    ['pending', undefined],
    ['ready', 'ready'],
    ['ready', 'pending'],
    ['ready', 'ready'],
  ]);
});

test('WebAssembly needs nothing beyond what every device keeps', async () => {
  const rig = start();
  const worker = new FakeWorker('activated');
  rig.container.registration.active = worker;
  const offline = rig.run();
  await offline.ensureBackend('wasm');
  await settle();
  assert.deepEqual(names(rig.states), ['pending', 'ready']);
  assert.deepEqual(worker.asked('precache-group'), []);
});

test('a backend that is on the device already is not asked for', async () => {
  const rig = start();
  const worker = new FakeWorker('activated', {
    status: () => ({ ...READY, groups: ['core', 'wasm-simd', 'webgl'] }),
  });
  rig.container.registration.active = worker;
  await rig.run().ensureBackend('webgl');
  await settle();
  assert.equal(rig.states.at(-1).state, 'ready');
  assert.deepEqual(worker.asked('precache-group'), []);
});

test('a version that lost files is mended before it is called ready', async () => {
  const rig = start();
  const worker = new FakeWorker('activated', {
    status: () => ({ ready: false, groups: [] }),
    'precache-group': ({ group }) => ({ group, ok: true }),
  });
  rig.container.registration.active = worker;
  rig.run();
  await settle();
  assert.deepEqual(worker.asked('precache-group'), [{ type: 'precache-group', group: 'core' }]);
  assert.equal(rig.states.at(-1).state, 'ready');
});

test('a group that cannot be had: failed with its reason, ready after a retry', async () => {
  let ok = false;
  const rig = start();
  rig.container.registration.active = new FakeWorker('activated', {
    status: () => ({ ready: false, groups: [] }),
    'precache-group': () => ({ ok, reason: 'unreachable', detail: '404' }),
  });
  const offline = rig.run();
  await settle();
  assert.deepEqual(rig.states.at(-1), { state: 'failed', reason: 'unreachable', detail: '404' });
  ok = true;
  await offline.retry();
  assert.deepEqual(names(rig.states), ['pending', 'failed', 'pending', 'ready']);
});

test('an attempt that a newer one overtook has no say any more', async () => {
  const rig = start();
  /** @type {any[]} */
  const answers = [];
  const worker = new FakeWorker('activated', { status: () => ({ ready: false, groups: [] }) });
  worker.postMessage = (message, [port] = []) => {
    if (message.type === 'status') port.postMessage({ ready: false, groups: [] });
    else answers.push((/** @type {object} */ done) => port.postMessage(done));
  };
  rig.container.registration.active = worker;
  const offline = rig.run();
  await settle();
  const retried = offline.retry();
  await settle();
  answers[1]({ ok: true });
  await retried;
  answers[0]({ ok: false, reason: 'unreachable' });
  await settle();
  assert.deepEqual(names(rig.states), ['pending', 'pending', 'ready']);
});

test('a service worker that cannot be registered: failed, ready after a retry', async () => {
  const rig = start();
  rig.container.refusal = new TypeError('404');
  const offline = rig.run();
  await settle();
  assert.deepEqual(rig.states.at(-1), {
    state: 'failed',
    reason: 'registration-failed',
    detail: 'TypeError: 404',
  });
  rig.container.refusal = null;
  rig.container.registration.active = new FakeWorker('activated');
  await offline.retry();
  assert.equal(rig.states.at(-1).state, 'ready');
});

/** @param {'before' | 'after'} order */
async function failedInstall(order) {
  const rig = start();
  const worker = new FakeWorker('installing');
  rig.container.registration.installing = worker;
  rig.run();
  await settle();
  const explain = () =>
    rig.container.send({ type: 'install-failed', reason: 'damaged', detail: 'shard' });
  if (order === 'before') explain();
  worker.become('redundant');
  await settle();
  if (order === 'after') explain();
  return rig;
}

for (const order of /** @type {('before' | 'after')[]} */ (['before', 'after'])) {
  test(`an install that fails, explained ${order} its end: failed with the reason`, async () => {
    const rig = await failedInstall(order);
    assert.deepEqual(rig.states.at(-1), { state: 'failed', reason: 'damaged', detail: 'shard' });
  });
}

test('a network that comes back causes a new attempt, after a failure only', async () => {
  const rig = await failedInstall('before');
  rig.container.registration.installing = null;
  rig.container.registration.active = new FakeWorker('activated');
  rig.connection.dispatchEvent(new Event('online'));
  await settle();
  assert.deepEqual(names(rig.states), ['pending', 'failed', 'pending', 'ready']);
  rig.connection.dispatchEvent(new Event('online'));
  await settle();
  assert.equal(rig.states.length, 4);
});

test('a page with an older whole version is ready while an update fails', async () => {
  const rig = start();
  const old = new FakeWorker('activated');
  rig.container.registration.active = old;
  rig.container.controller = old;
  const next = new FakeWorker('installing');
  rig.container.registration.installing = next;
  rig.run();
  await settle();
  rig.container.send({ type: 'install-failed', reason: 'damaged' });
  next.become('redundant');
  await settle();
  assert.deepEqual(names(rig.states), ['pending', 'ready']);
  assert.deepEqual(rig.updates, []);
});

test('progress is passed on, that of other apps is not', async () => {
  const rig = start();
  rig.container.registration.installing = new FakeWorker('installing');
  rig.run();
  await settle();
  rig.container.send({ type: 'progress', loaded: 1, total: 2 });
  rig.container.send({ type: 'progress', loaded: 9, total: 9, scope: `${SCOPE}nested/` });
  rig.container.dispatchEvent(new MessageEvent('message', { data: null }));
  assert.deepEqual(rig.progress, [{ loaded: 1, total: 2 }]);
});

function controlledPage() {
  const rig = start();
  const old = new FakeWorker('activated');
  rig.container.registration.active = old;
  rig.container.controller = old;
  return { ...rig, registration: rig.container.registration, old };
}

test('an update that waits already is offered, and applied once when accepted', async () => {
  const { container, registration, updates, reloads, run } = controlledPage();
  const next = new FakeWorker('installed');
  registration.waiting = next;
  run();
  await settle();
  assert.equal(updates.length, 1);
  assert.deepEqual(next.received, [], 'nothing happens before the person accepts');
  updates[0]();
  updates[0]();
  await settle();
  assert.deepEqual(next.received, [{ type: 'skip-waiting' }]);
  assert.equal(reloads(), 0);
  container.control(next);
  assert.equal(reloads(), 1);
});

test('an update found later is offered when it is installed', async () => {
  const { registration, updates, run } = controlledPage();
  run();
  await settle();
  const next = new FakeWorker('installing');
  registration.found(next);
  assert.equal(updates.length, 0);
  registration.installing = null;
  registration.waiting = next;
  next.become('installed');
  assert.equal(updates.length, 1);
});

test('an update that is being installed when the page opens is offered too', async () => {
  const { registration, updates, run } = controlledPage();
  const next = new FakeWorker('installing');
  registration.installing = next;
  run();
  await settle();
  next.become('installed');
  assert.equal(updates.length, 1);
});

test('accepted in another tab: this tab goes on, and reloads when its person agrees', async () => {
  const { container, registration, updates, reloads, run } = controlledPage();
  run();
  await settle();
  const next = new FakeWorker('activated');
  registration.active = next;
  container.control(next);
  assert.equal(reloads(), 0);
  assert.equal(updates.length, 1);
  updates[0]();
  await settle();
  assert.equal(reloads(), 1);
});

test('a page that another app controlled is claimed by its own: no update', async () => {
  const rig = start();
  const parent = new FakeWorker('activated');
  parent.scriptURL = 'https://example.org/sw.js';
  rig.container.controller = parent;
  const own = new FakeWorker('activated');
  rig.container.registration.active = own;
  rig.run();
  await settle();
  rig.container.control(own);
  assert.deepEqual(rig.updates, []);
  assert.equal(rig.reloads(), 0);
});

test('the first worker becoming installed is no update', async () => {
  const rig = start();
  const worker = new FakeWorker('installing');
  rig.container.registration.installing = worker;
  rig.run();
  await settle();
  worker.become('installed');
  assert.deepEqual(rig.updates, []);
});

test('once the app is being taken off the device, nothing is registered any more', async () => {
  const ending = new AbortController();
  const rig = start({ signal: ending.signal });
  const offline = rig.run();
  ending.abort();
  await settle();
  await offline.retry();
  rig.connection.dispatchEvent(new Event('online'));
  await rig.looks[0]();
  assert.deepEqual([rig.container.registered, rig.states], [[], []]);
});

test('a registration that the end overtakes is taken back', async () => {
  const ending = new AbortController();
  const rig = start({ signal: ending.signal });
  const worker = new FakeWorker('installing');
  rig.container.registration.installing = worker;
  rig.container.register = async () => {
    ending.abort();
    return rig.container.registration;
  };
  rig.run();
  await settle();
  assert.deepEqual(worker.received, [{ type: 'end' }]);
  assert.equal(rig.container.registration.unregistered, 1);
  assert.deepEqual(names(rig.states), ['pending']);
});

test('a script that cannot be registered is fetched past the HTTP cache, and tried again', async () => {
  /** @type {any[]} */
  const fetched = [];
  const rig = start({
    fetch: async (...args) => {
      fetched.push(args);
      rig.container.refusal = null;
      throw new TypeError('of no importance');
    },
  });
  rig.container.refusal = new DOMException('wrong type', 'SecurityError');
  rig.container.registration.active = new FakeWorker('activated');
  rig.run();
  await settle();
  assert.deepEqual(
    fetched.map(([url, { cache }]) => [url, cache]),
    [[SCRIPT, 'reload']],
  );
  assert.equal(rig.container.registered.length, 2);
  assert.deepEqual(names(rig.states), ['pending', 'ready']);
});

/** @param {any[]} states */
const told = (states) => states.map(({ state, extras, waiting }) => [state, extras ?? waiting]);

test('extras that are still to come keep no app from being ready, and are brought', async () => {
  const rig = start();
  const worker = new FakeWorker('activated', {
    status: () => ({ ...READY, extras: false }),
    'precache-group': () => ({ ok: true }),
  });
  rig.container.registration.active = worker;
  rig.run();
  await settle();
  assert.deepEqual(worker.asked('precache-group'), [{ type: 'precache-group', group: 'extras' }]);
  assert.deepEqual(told(rig.states), [
    ['pending', undefined],
    ['ready', 'pending'],
    ['ready', 'ready'],
  ]);
});

test('extras that cannot be had are told, and tried again without a word', async (t) => {
  const rig = start();
  let ok = false;
  const worker = new FakeWorker('activated', {
    status: () => ({ ...READY, extras: false }),
    'precache-group': () => ({ ok, reason: 'unreachable' }),
  });
  rig.container.registration.active = worker;
  t.mock.timers.enable({ apis: ['setTimeout'] });
  rig.run();
  await settle();
  assert.deepEqual(told(rig.states).at(-1), ['ready', 'failed']);
  t.mock.timers.tick(AGAIN_MS);
  await settle();
  assert.equal(worker.asked('precache-group').length, 2);
  ok = true;
  t.mock.timers.tick(AGAIN_MS);
  await settle();
  assert.equal(worker.asked('precache-group').length, 2, 'each time later');
  t.mock.timers.tick(AGAIN_MS);
  await settle();
  assert.deepEqual(told(rig.states).at(-1), ['ready', 'ready']);
  assert.equal(rig.states.filter(({ state }) => state === 'pending').length, 1);
});

test('a failure is mended by itself, and nothing is said before it is', async (t) => {
  const rig = start();
  rig.container.refusal = new TypeError('503');
  t.mock.timers.enable({ apis: ['setTimeout'] });
  rig.run();
  await settle();
  rig.container.refusal = null;
  rig.container.registration.active = new FakeWorker('activated');
  t.mock.timers.tick(AGAIN_MS);
  await settle();
  assert.deepEqual(names(rig.states), ['pending', 'failed', 'ready']);
});

test('a host that keeps silent about the script: failed in time, ready when it speaks', async (t) => {
  const rig = start();
  /** @type {(registration: any) => void} */
  let speak = () => {};
  rig.container.register = () =>
    new Promise((resolve) => {
      speak = resolve;
    });
  t.mock.timers.enable({ apis: ['setTimeout'] });
  rig.run();
  await settle();
  t.mock.timers.tick(REGISTER_MS);
  await settle();
  assert.deepEqual(names(rig.states), ['pending', 'failed']);
  assert.equal(rig.states[1].reason, 'registration-failed');
  rig.container.registration.active = new FakeWorker('activated');
  rig.container.register = async () => rig.container.registration;
  speak(rig.container.registration);
  await settle();
  assert.deepEqual(names(rig.states), ['pending', 'failed', 'ready']);
});

test('a host that speaks only after the app was removed is not listened to', async (t) => {
  const ending = new AbortController();
  const rig = start({ signal: ending.signal });
  /** @type {(registration: any) => void} */
  let speak = () => {};
  rig.container.register = () =>
    new Promise((resolve) => {
      speak = resolve;
    });
  t.mock.timers.enable({ apis: ['setTimeout'] });
  rig.run();
  await settle();
  t.mock.timers.tick(REGISTER_MS);
  await settle();
  ending.abort();
  speak(rig.container.registration);
  await settle();
  assert.equal(rig.container.registration.unregistered, 1);
});

test('a service worker that keeps silent is failed in time, one that works is waited for', async (t) => {
  for (const [signs, expected] of /** @type {[boolean, string][]} */ ([
    [false, 'failed'],
    [true, 'pending'],
  ])) {
    const rig = start();
    const worker = new FakeWorker('activated');
    /** @type {MessagePort | undefined} */
    let port;
    worker.postMessage = (_, [given] = []) => {
      port = given;
    };
    rig.container.registration.active = worker;
    t.mock.timers.enable({ apis: ['setTimeout'] });
    rig.run();
    await settle();
    for (let i = 0; i < 4; i += 1) {
      if (signs) port?.postMessage({ type: 'working' });
      await settle();
      t.mock.timers.tick(REPLY_MS / 2);
      await settle();
    }
    assert.equal(rig.states.at(-1).state, expected);
    port?.postMessage(READY);
    await settle();
    t.mock.timers.reset();
  }
});

test('an install that shows no sign of life is failed in time', async (t) => {
  const rig = start();
  rig.container.registration.installing = new FakeWorker('installing');
  t.mock.timers.enable({ apis: ['setTimeout'] });
  rig.run();
  await settle();
  t.mock.timers.tick(REPLY_MS / 2);
  rig.container.send({ type: 'working' });
  t.mock.timers.tick(REPLY_MS / 2);
  await settle();
  assert.equal(rig.states.at(-1).state, 'pending');
  t.mock.timers.tick(REPLY_MS);
  await settle();
  assert.equal(rig.states.at(-1).state, 'failed');
});

test('while nothing comes, that is said; the next bytes end it', async (t) => {
  const rig = start();
  rig.container.registration.installing = new FakeWorker('installing');
  t.mock.timers.enable({ apis: ['setTimeout'] });
  rig.run();
  await settle();
  t.mock.timers.tick(QUIET_MS);
  assert.deepEqual(told(rig.states).at(-1), ['pending', true]);
  rig.container.send({ type: 'progress', loaded: 1, total: 2 });
  assert.deepEqual(told(rig.states).at(-1), ['pending', undefined]);
  assert.deepEqual(rig.progress, [{ loaded: 1, total: 2 }]);
});

test('which file was altered on the way is passed on', async () => {
  const rig = start();
  rig.container.registration.active = new FakeWorker('activated', {
    status: () => ({ ready: false, groups: [] }),
    'precache-group': () => ({ ok: false, reason: 'changed', file: 'index.html', detail: 'x' }),
  });
  rig.run();
  await settle();
  const { reason, file } = rig.states.at(-1);
  assert.deepEqual([reason, file], ['changed', 'index.html']);
});

test('no deadline leaves anyone in the dark for half a minute', () => {
  assert.ok(Math.max(QUIET_MS, REGISTER_MS, REPLY_MS, START_MS) < 30_000);
});
