import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createRooms } from '../../../site_templates/app/page/rooms.js';

const settled = () =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/** A window of which only the address counts. */
function windowAt(hash = '') {
  /** @type {(() => void)[]} */
  const listeners = [];
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
    },
  };
  return page;
}

function roomsAt(hash = '', failures = 0) {
  /** @type {string[]} */
  const calls = [];
  let left = failures;
  const door = (/** @type {string} */ name) => async () => {
    left -= 1;
    if (left >= 0) throw new TypeError('out of reach');
    return {
      enter: () => calls.push(`enter ${name}`),
      leave: () => calls.push(`leave ${name}`),
    };
  };
  const page = windowAt(hash);
  const rooms = createRooms({
    doors: { many: door('many'), history: door('history') },
    show: (name) => calls.push(`show ${name}`),
    page: /** @type {any} */ (page),
  });
  return { rooms, calls, page };
}

test('a room is entered and left, and its address says so', async () => {
  const { rooms, calls, page } = roomsAt();
  rooms.open('many');
  await settled();
  assert.equal(page.location.hash, '#many');
  assert.equal(rooms.current, 'many');
  rooms.close();
  await settled();
  assert.equal(rooms.current, '');
  assert.deepEqual(calls, ['show many', 'enter many', 'show ', 'leave many']);
});

test('an address with a room leads into it at once', async () => {
  const { rooms, calls } = roomsAt('history');
  await rooms.follow();
  assert.deepEqual(calls, ['show history', 'enter history']);
});

test('a room that cannot be had may be tried again', async () => {
  const { rooms, calls, page } = roomsAt('', 1);
  rooms.open('history');
  await settled();
  assert.equal(page.location.hash, '');
  assert.equal(rooms.current, '');
  assert.deepEqual(calls, []);
  rooms.open('history');
  await settled();
  assert.deepEqual(calls, ['show history', 'enter history']);
});

for (const hash of ['', 'elsewhere', 'constructor']) {
  test(`"${hash}" is no room`, async () => {
    const { rooms, calls } = roomsAt(hash);
    await rooms.follow();
    assert.equal(rooms.current, '');
    assert.deepEqual(calls, []);
  });
}
