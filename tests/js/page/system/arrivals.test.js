import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  receiveArrivals,
  takeShared,
} from '../../../../site_templates/app/page/system/arrivals.js';
import { keepShared, shareCacheName } from '../../../../site_templates/app/shared/shared-photos.js';
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

const yes = async () => true;
const no = async () => false;

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

test('a photo that cannot be kept, or read again, loses no other, and is told by its name', async () => {
  const caches = new FakeCaches();
  const photos = ['1.jpg', '2.jpg', '3\ud800.jpg'].map((name) => new File(['photo'], name));
  const { open } = caches;
  caches.open = async (name) => {
    const cache = await open.call(caches, name);
    const { put, match } = cache;
    return {
      ...cache,
      put: async (url, response) => {
        if (url.endsWith('/0') && response.body) throw new DOMException('', 'QuotaExceededError');
        return put(url, response);
      },
      match: async (key) => {
        const response = await match(key);
        if (response && String(key).endsWith('/1')) {
          response.blob = async () => {
            throw new DOMException('', 'NotReadableError');
          };
        }
        return response;
      },
    };
  };
  await keepShared(cachesOf(caches), SCOPE, photos);
  const taken = await takeShared(cachesOf(caches), SCOPE);
  assert.deepEqual(
    taken.map(({ name, size }) => [name, size]),
    [
      ['1.jpg', 0],
      ['2.jpg', 0],
      ['3\ufffd.jpg', 5],
    ],
  );
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
  receiveArrivals({ root: SCOPE, receive, ask: yes, page: /** @type {any} */ (page) });
  await settled();
  assert.deepEqual(received, ['Straße 1.jpg,2.png']);
  assert.deepEqual(page.addresses, [`${SCOPE}#many`]);
  receiveArrivals({
    root: SCOPE,
    receive,
    ask: yes,
    page: /** @type {any} */ (pageAt('', { caches })),
  });
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
  receiveArrivals({ root: SCOPE, receive: (photos) => received.push(photos), ask: no, page });
  launch({ files: [] });
  launch({ files: [{ name: PHOTOS[0].name, getFile: async () => PHOTOS[0] }] });
  await settled();
  assert.equal(received.length, 1);
  assert.equal(received[0][0].file, PHOTOS[0]);
});

test('of files opened together, one that cannot be read loses no other, and has its name', async () => {
  /** @type {(launch: any) => void} */
  let launch = () => assert.fail('nobody consumes launches');
  const launchQueue = { setConsumer: (/** @type {typeof launch} */ consume) => (launch = consume) };
  /** @type {any[][]} */
  const received = [];
  const page = /** @type {any} */ (pageAt('', { launchQueue }));
  receiveArrivals({ root: SCOPE, receive: (photos) => received.push(photos), ask: no, page });
  const gone = async () => {
    throw new DOMException('', 'NotFoundError');
  };
  launch({
    files: [
      { name: 'one.jpg', getFile: async () => PHOTOS[0] },
      { name: 'gone.jpg', getFile: gone },
      { name: 'two.jpg', getFile: async () => PHOTOS[1] },
    ],
  });
  await settled();
  assert.deepEqual(
    received[0].map(({ file }) => [file.name, file.size]),
    [
      ['Straße 1.jpg', 3],
      ['gone.jpg', 0],
      ['2.png', 3],
    ],
  );
});

test('where the storage of shared photos fails, the person hears that there was none', async () => {
  const caches = {
    has: async () => {
      throw new DOMException('', 'SecurityError');
    },
  };
  /** @type {any[]} */
  const received = [];
  const page = /** @type {any} */ (pageAt('?shared', { caches }));
  receiveArrivals({ root: SCOPE, receive: (photos) => received.push(photos), ask: no, page });
  await settled();
  assert.deepEqual(received, [[]]);
});

test('photos that were shared are looked at only when the person says so', async () => {
  for (const [answer, expected] of /** @type {[boolean, number][]} */ ([
    [true, 1],
    [false, 0],
  ])) {
    const caches = new FakeCaches();
    await keepShared(cachesOf(caches), SCOPE, PHOTOS);
    /** @type {any[]} */
    const [asked, received] = [[], []];
    receiveArrivals({
      root: SCOPE,
      receive: (photos) => received.push(photos),
      ask: async (photos) => {
        asked.push(photos.length);
        assert.equal(received.length, 0);
        return answer;
      },
      page: /** @type {any} */ (pageAt('?shared', { caches })),
    });
    await settled();
    assert.deepEqual([asked, received.length], [[2], expected]);
    assert.equal(caches.all.has(shareCacheName(SCOPE)), false, 'they are gone either way');
  }
});

test('a share without a photo is told without a question', async () => {
  /** @type {any[]} */
  const received = [];
  receiveArrivals({
    root: SCOPE,
    receive: (photos) => received.push(photos),
    ask: () => assert.fail('there is nothing to ask'),
    page: /** @type {any} */ (pageAt('?shared', { caches: new FakeCaches() })),
  });
  await settled();
  assert.deepEqual(received, [[]]);
});
