import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  receiveArrivals,
  takeShared,
} from '../../../../site_templates/app/page/system/arrivals.js';
import {
  keepShared,
  shareCacheName,
} from '../../../../site_templates/app/page/system/shared_photos.js';
import { ShareTarget } from '../../../../site_templates/sw/share.js';
import { FakeCaches, SCOPE } from '../../sw/fakes.js';

const settled = () =>
  new Promise((resolve) => {
    setTimeout(resolve, 20);
  });
const PHOTOS = [
  new File(['one'], 'Straße 1.jpg', { type: 'image/jpeg' }),
  new File(['two'], '2.png', { type: 'image/png' }),
];

const cachesOf = (/** @type {FakeCaches} */ fake) => /** @type {any} */ (fake);

function target(caches = new FakeCaches()) {
  const share = new ShareTarget({
    url: `${SCOPE}share-target`,
    home: `${SCOPE}?shared`,
    field: 'photos',
    keep: (photos) => keepShared(cachesOf(caches), SCOPE, photos),
  });
  return { share, caches };
}

/**
 * @param {ShareTarget} share
 * @param {string} url
 * @param {RequestInit} init
 * @returns {Promise<Response> | undefined}
 */
function ask(share, url, init) {
  /** @type {Promise<Response> | undefined} */
  let answer;
  share.onFetch({
    request: new Request(url, init),
    respondWith: (response) => {
      answer = response;
    },
  });
  return answer;
}

/** @param {File[]} photos */
function formOf(photos) {
  const form = new FormData();
  form.append('title', 'Look');
  for (const photo of photos) form.append('photos', photo);
  return form;
}

test('shared photos reach the page once, with their names, and are gone then', async () => {
  const { share, caches } = target();
  const response = await ask(share, `${SCOPE}share-target`, {
    method: 'POST',
    body: formOf(PHOTOS),
  });
  assert.equal(response?.status, 303);
  assert.equal(response?.headers.get('location'), `${SCOPE}?shared`);
  const taken = await takeShared(cachesOf(caches), SCOPE);
  assert.deepEqual(
    taken.map(({ name, type }) => [name, type]),
    PHOTOS.map(({ name, type }) => [name, type]),
  );
  assert.equal(await taken[0].text(), 'one');
  assert.equal(caches.all.size, 0);
  assert.deepEqual(await takeShared(cachesOf(caches), SCOPE), []);
});

test('a newer share replaces one that nobody took', async () => {
  const { share, caches } = target();
  await ask(share, `${SCOPE}share-target`, { method: 'POST', body: formOf(PHOTOS) });
  await ask(share, `${SCOPE}share-target`, { method: 'POST', body: formOf([PHOTOS[1]]) });
  const taken = await takeShared(cachesOf(caches), SCOPE);
  assert.deepEqual(
    taken.map(({ name }) => name),
    ['2.png'],
  );
});

test('a form that cannot be read or kept still leads to the page', async () => {
  const { share, caches } = target();
  const url = `${SCOPE}share-target`;
  assert.equal((await ask(share, url, { method: 'POST', body: 'torn' }))?.status, 303);
  caches.quota = 1;
  assert.equal((await ask(share, url, { method: 'POST', body: formOf(PHOTOS) }))?.status, 303);
});

test('anything else is not for the share target', () => {
  const { share } = target();
  assert.equal(ask(share, `${SCOPE}share-target`, { method: 'GET' }), undefined);
  assert.equal(ask(share, `${SCOPE}elsewhere`, { method: 'POST' }), undefined);
});

test('two apps on one origin share nothing', () => {
  assert.notEqual(shareCacheName('https://x.example/a/'), shareCacheName('https://x.example/b/'));
});

/** @param {string} search @param {object} more */
function pageAt(search, more) {
  /** @type {string[]} */
  const addresses = [];
  return {
    addresses,
    location: { href: `${SCOPE}${search}` },
    history: {
      replaceState: (/** @type {unknown} */ _s, /** @type {string} */ _t, /** @type {URL} */ to) =>
        addresses.push(to.href),
    },
    ...more,
  };
}

test('the page takes what was shared, and a reload looks for nothing', async () => {
  const caches = new FakeCaches();
  await keepShared(cachesOf(caches), SCOPE, PHOTOS);
  const page = pageAt('?shared#many', { caches });
  /** @type {string[]} */
  const received = [];
  const receive = (/** @type {{path: string}[]} */ photos) =>
    received.push(photos.map(({ path }) => path).join());
  receiveArrivals({ root: SCOPE, receive, page: /** @type {any} */ (page) });
  await settled();
  assert.deepEqual(received, ['Straße 1.jpg,2.png']);
  assert.deepEqual(page.addresses, [`${SCOPE}#many`]);
  receiveArrivals({ root: SCOPE, receive, page: /** @type {any} */ (pageAt('', { caches })) });
  await settled();
  assert.equal(received.length, 1);
});

test('a file opened with the app is received; a launch without one is nothing', async () => {
  /** @type {(launch: any) => void} */
  let launch = () => assert.fail('nobody consumes launches');
  const launchQueue = { setConsumer: (/** @type {typeof launch} */ consume) => (launch = consume) };
  /** @type {any[]} */
  const received = [];
  const page = /** @type {any} */ (pageAt('', { launchQueue }));
  receiveArrivals({ root: SCOPE, receive: (photos) => received.push(photos), page });
  launch({ files: [] });
  launch({ files: [{ getFile: async () => PHOTOS[0] }] });
  await settled();
  assert.equal(received.length, 1);
  assert.equal(received[0][0].file, PHOTOS[0]);
});
