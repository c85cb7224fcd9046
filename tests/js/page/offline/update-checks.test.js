import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  LOOK_AGAIN_MS,
  LOOK_EVERY_MS,
  keepLooking,
} from '../../../../site_templates/app/page/offline/update-checks.js';

function world() {
  let looks = 0;
  let clock = 0;
  /** @type {() => void} */
  let tick = () => {};
  const page = Object.assign(new EventTarget(), { hidden: false });
  const connection = new EventTarget();
  keepLooking(
    async () => {
      looks += 1;
      throw new TypeError('Failed to fetch');
    },
    {
      page,
      connection,
      now: () => clock,
      repeat: (each) => {
        tick = each;
      },
    },
  );
  return {
    looks: () => looks,
    wait: (/** @type {number} */ milliseconds) => (clock += milliseconds),
    tick: () => tick(),
    online: () => connection.dispatchEvent(new Event('online')),
    /** @param {boolean} hidden */
    turn(hidden) {
      page.hidden = hidden;
      page.dispatchEvent(new Event('visibilitychange'));
    },
  };
}

test('who comes back to the page after a while gets a look, and who leaves it does not', () => {
  const it = world();
  it.wait(LOOK_AGAIN_MS);
  it.turn(true);
  assert.equal(it.looks(), 0);
  it.turn(false);
  assert.equal(it.looks(), 1);
});

test('a network that is back gets a look', () => {
  const it = world();
  it.wait(LOOK_AGAIN_MS);
  it.online();
  assert.equal(it.looks(), 1);
});

test('coming and going does not make it look again and again', () => {
  const it = world();
  it.turn(false);
  it.online();
  assert.equal(it.looks(), 0, 'the browser has just looked');
  it.wait(LOOK_AGAIN_MS);
  it.turn(false);
  it.turn(false);
  it.online();
  assert.equal(it.looks(), 1);
});

test('a page that stays open looks every few hours, also after looks that failed', () => {
  const it = world();
  for (let passed = 0; passed < 3 * LOOK_EVERY_MS; passed += LOOK_AGAIN_MS) {
    it.wait(LOOK_AGAIN_MS);
    it.tick();
  }
  assert.equal(it.looks(), 3);
});

const TEN_YEARS_MS = 10 * 365 * 24 * 60 * 60 * 1000;

test('a clock that is set back ten years keeps nobody from looking, nor makes it look all the time', () => {
  const it = world();
  it.wait(-TEN_YEARS_MS);
  it.tick();
  assert.equal(it.looks(), 1);
  it.turn(false);
  it.tick();
  assert.equal(it.looks(), 1);
  for (let passed = 0; passed < 2 * LOOK_EVERY_MS; passed += LOOK_AGAIN_MS) {
    it.wait(LOOK_AGAIN_MS);
    it.tick();
  }
  assert.equal(it.looks(), 3);
});

test('a clock that is set forward ten years, and back again, is looked at as it is', () => {
  const it = world();
  it.wait(TEN_YEARS_MS);
  it.turn(false);
  assert.equal(it.looks(), 1);
  it.wait(-TEN_YEARS_MS);
  it.turn(false);
  assert.equal(it.looks(), 2);
  it.turn(false);
  assert.equal(it.looks(), 2);
});
