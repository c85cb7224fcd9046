import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createRouter } from '../../../../site_templates/app/page/screens/router.js';

const settled = () =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/** A window of which only the address counts. */
function windowAt(hash = '') {
  /** @type {(() => void)[]} */
  const listeners = [];
  /** @type {Map<string, () => void>} */
  const others = new Map();
  const page = {
    location: {
      pathname: '/app/',
      search: '',
      fragment: hash,
      get hash() {
        return this.fragment && `#${this.fragment}`;
      },
      set hash(name) {
        this.fragment = name;
        for (const listener of listeners) listener();
      },
    },
    history: {
      pushState(
        /** @type {unknown} */ _state,
        /** @type {string} */ _title,
        /** @type {string} */ url,
      ) {
        assert.equal(url, '/app/');
        page.location.fragment = '';
      },
    },
    addEventListener(/** @type {string} */ type, /** @type {() => void} */ listener) {
      if (type === 'hashchange') listeners.push(listener);
      else others.set(type, listener);
    },
    happen: (/** @type {string} */ type) => others.get(type)?.(),
  };
  return page;
}

function routerAt(hash = '', failures = 0) {
  /** @type {string[]} */
  const calls = [];
  /** @type {(() => void)[]} */
  const soon = [];
  let left = failures;
  /** @type {((value?: unknown) => void)[]} levers of doors that are held */
  const held = [];
  const world = { holding: false };
  /** @param {string} name */
  function door(name) {
    const screen = {
      enter: () => calls.push(`enter ${name}`),
      leave: () => calls.push(`leave ${name}`),
    };
    return async () => {
      if (world.holding) {
        await new Promise((resolve) => {
          held.push(resolve);
        });
      }
      left -= 1;
      if (left >= 0) throw new TypeError('out of reach');
      return screen;
    };
  }
  const page = windowAt(hash);
  const screens = createRouter({
    doors: { many: door('many'), history: door('history') },
    show: (name, view, error) =>
      calls.push(`show ${name}${view === 'open' ? '' : ` ${view}`}${error ? ` ${error}` : ''}`),
    page: /** @type {any} */ (page),
    later: (act) => soon.push(act),
  });
  return {
    screens,
    calls,
    page,
    world,
    /** The moment is over after which a screen says that it is on its way. */
    soon: () => soon.splice(0).forEach((act) => act()),
    letGo: () => held.splice(0).forEach((resolve) => resolve()),
  };
}

test('a screen is entered and left, and its address says so', async () => {
  const { screens, calls, page } = routerAt();
  screens.open('many');
  await settled();
  assert.equal(page.location.hash, '#many');
  assert.equal(screens.current, 'many');
  screens.close();
  await settled();
  assert.equal(screens.current, '');
  assert.deepEqual(calls, ['show many', 'enter many', 'show ', 'leave many']);
});

test('an address with a screen leads into it at once', async () => {
  const { screens, calls } = routerAt('history');
  await screens.follow();
  assert.deepEqual(calls, ['show history', 'enter history']);
});

const FAILED = 'show history failed TypeError: out of reach';

test('a screen that cannot be had says so where it would be, and is tried again', async () => {
  const { screens, calls, page, soon } = routerAt('', 2);
  screens.open('history');
  await settled();
  assert.equal(page.location.hash, '#history');
  assert.equal(screens.current, 'history');
  assert.deepEqual(calls, [FAILED]);
  screens.again();
  await settled();
  page.happen('online');
  await settled();
  assert.deepEqual(calls, [FAILED, FAILED, 'show history', 'enter history']);
  screens.again();
  soon();
  await settled();
  assert.equal(calls.length, 4, 'who is in needs no more');
});

test('a screen that fails at once is not said to be on its way afterwards', async () => {
  const { screens, calls, soon } = routerAt('', 1);
  screens.open('history');
  await settled();
  soon();
  assert.deepEqual(calls, [FAILED]);
});

test('from a screen that cannot be had there is a way back', async () => {
  const { screens, calls } = routerAt('', 1);
  screens.open('history');
  await settled();
  screens.close();
  await settled();
  assert.deepEqual(calls, [FAILED, 'show ']);
  screens.again();
  await settled();
  assert.equal(calls.length, 2);
});

test('a screen that takes long says that it is on its way', async () => {
  const { screens, calls, world, soon, letGo } = routerAt();
  world.holding = true;
  screens.open('many');
  await settled();
  assert.deepEqual(calls, []);
  soon();
  assert.deepEqual(calls, ['show many waiting']);
  letGo();
  await settled();
  assert.deepEqual(calls, ['show many waiting', 'show many', 'enter many']);
});

test('a screen that comes when the person has left is not entered', async () => {
  const { screens, calls, world, soon, letGo } = routerAt();
  world.holding = true;
  screens.open('many');
  screens.close();
  soon();
  letGo();
  await settled();
  assert.deepEqual(calls, ['show ']);
});

test('a screen is asked again for what has come for it, and not entered twice', async () => {
  const { screens, calls } = routerAt();
  screens.open('many');
  await settled();
  await screens.enter();
  assert.deepEqual(calls, ['show many', 'enter many']);
});

for (const hash of ['', 'elsewhere', 'constructor']) {
  test(`"${hash}" is no screen`, async () => {
    const { screens, calls } = routerAt(hash);
    await screens.follow();
    assert.equal(screens.current, '');
    assert.deepEqual(calls, []);
  });
}
