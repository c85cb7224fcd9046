import assert from 'node:assert/strict';
import { test } from 'node:test';

import { endRegistration } from '../../../../site_templates/app/page/system/forget.js';

test('all workers of a registration are told to stop before it is asked to go', async () => {
  /** @type {string[]} */
  const order = [];
  /** @param {string} name */
  const worker = (name) => ({
    postMessage: (/** @type {any} */ { type }) => order.push(`${name} ${type}`),
  });
  const registration = Object.assign(new EventTarget(), {
    installing: worker('installing'),
    waiting: null,
    active: worker('active'),
    unregister: async () => order.push('unregister'),
  });
  await endRegistration(/** @type {any} */ (registration));
  assert.deepEqual(order, ['installing end', 'active end', 'unregister']);
  // An update that the browser was looking for just then comes in after all.
  Object.assign(registration, { installing: worker('late'), active: null });
  registration.dispatchEvent(new Event('updatefound'));
  assert.equal(order.at(-1), 'late end');
});
