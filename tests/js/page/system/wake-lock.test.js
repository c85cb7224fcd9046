import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createWakeLock } from '../../../../site_templates/app/page/system/wake-lock.js';

const settled = () =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/** A browser whose locks can be counted, and a page that can be hidden. */
function screen() {
  /** @type {{released: boolean, release(): Promise<void>}[]} */
  const locks = [];
  const page = Object.assign(new EventTarget(), { hidden: false });
  const wakeLock = {
    async request() {
      const lock = {
        released: false,
        async release() {
          lock.released = true;
        },
      };
      locks.push(lock);
      return lock;
    },
  };
  const lock = createWakeLock(/** @type {any} */ ({ wakeLock }), /** @type {any} */ (page));
  return { lock, locks, page, held: () => locks.filter(({ released }) => !released).length };
}

test('the screen stays on while there is a reason', async () => {
  const { lock, held } = screen();
  lock.hold('many');
  lock.hold('live');
  await settled();
  assert.equal(held(), 1);
  lock.release('many');
  await settled();
  assert.equal(held(), 1);
  lock.release('live');
  await settled();
  assert.equal(held(), 0);
});

test('a reason that is gone before the browser answered is let go of', async () => {
  const { lock, held } = screen();
  lock.hold('many');
  lock.release('many');
  await settled();
  assert.equal(held(), 0);
});

test('a lock that the browser took away is asked for again when the page is back', async () => {
  const { lock, locks, page, held } = screen();
  lock.hold('many');
  await settled();
  page.hidden = true;
  locks[0].released = true;
  page.dispatchEvent(new Event('visibilitychange'));
  await settled();
  assert.equal(held(), 0);
  page.hidden = false;
  page.dispatchEvent(new Event('visibilitychange'));
  await settled();
  assert.equal(held(), 1);
});

test('a browser without locks, or one that refuses, is no error', async () => {
  const page = /** @type {any} */ (new EventTarget());
  createWakeLock({}, page).hold('many');
  const refusing = { request: () => Promise.reject(new Error('battery')) };
  createWakeLock(/** @type {any} */ ({ wakeLock: refusing }), page).hold('many');
  await settled();
});
