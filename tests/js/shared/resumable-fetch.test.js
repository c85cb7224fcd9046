import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import { CachedParts, partsCacheName } from '../../../site_templates/app/shared/partial-files.js';
import { sha256Hex } from '../../../site_templates/app/shared/sha256.js';
import { Transfer, wishOf } from '../../../site_templates/app/shared/resumable-fetch.js';
import { FakeCaches } from '../sw/fakes.js';

const ADDRESS = 'https://example.org/app/model/0123456789abcdef/shard.bin';
const ROOT = 'https://example.org/app/';
const SIZE = 10_000_000;
const content = Uint8Array.from({ length: SIZE }, (_, i) => (i * i) % 251);
const file = { size: SIZE, sha256: createHash('sha256').update(content).digest('hex') };

/** @param {Uint8Array<ArrayBuffer>} bytes @returns {ReadableStream} that breaks after its bytes */
function breaking(bytes) {
  return new ReadableStream({
    start: (controller) => controller.enqueue(bytes),
    pull: (controller) => controller.error(new TypeError('network changed')),
  });
}

/**
 * A host that knows ranges, unless told otherwise, on a connection that carries so many bytes at a time.
 *
 * @param {{carries?: number, ranges?: boolean, bytes?: Uint8Array<ArrayBuffer>}} [options]
 */
function host({ carries = Infinity, ranges = true, bytes = content } = {}) {
  /** @type {[RequestCache | undefined, string | null][]} */
  const requests = [];
  /** @type {(() => Response | Promise<Response>)[]} */
  const faults = [];
  let sent = 0;
  /** @param {string} _url @param {RequestInit} init */
  async function fetch(_url, init) {
    const range = new Headers(init.headers).get('range');
    requests.push([init.cache, range]);
    const fault = faults.shift();
    if (fault) return fault();
    const first = ranges && range ? Number(range.slice(6, -1)) : 0;
    const rest = bytes.slice(first);
    const headers = { 'content-range': `bytes ${first}-${bytes.length - 1}/${bytes.length}` };
    sent += Math.min(rest.length, carries);
    const body = rest.length > carries ? breaking(rest.slice(0, carries)) : rest;
    return new Response(body, first ? { status: 206, headers } : {});
  }
  return { fetch, requests, faults, sent: () => sent };
}

/**
 * @param {ReturnType<typeof host>} from
 * @param {{caches?: FakeCaches, checkpoint?: number, stall?: number, handOver?: boolean,
 *   signal?: AbortSignal}} [options]
 */
function transfer(
  from,
  { caches = new FakeCaches(), checkpoint = 0, stall = 10_000, handOver = false, signal } = {},
) {
  /** @type {number[]} */
  const pauses = [];
  let counted = 0;
  const running = new Transfer(file, {
    fetch: from.fetch,
    sha256: (bytes) => sha256Hex(bytes, crypto.subtle),
    pause: async (repetition) => {
      pauses.push(repetition);
    },
    parts: new CachedParts(/** @type {any} */ (caches), ROOT),
    checkpoint,
    stall,
    handOver,
    signal,
    onBytes: (bytes) => {
      counted += bytes;
    },
  }).run([
    { url: ADDRESS, cache: 'force-cache' },
    { url: ADDRESS, cache: 'reload' },
  ]);
  return { running, caches, pauses, counted: () => counted };
}

/** @param {FakeCaches} caches */
function keptParts(caches) {
  return [...(caches.all.get(partsCacheName(ROOT)) ?? [])].length;
}

for (const [carries, most] of [
  [300_000, 40],
  [64_000, 160],
]) {
  test(`10 MB arrive over a connection that drops each ${carries} bytes, none of them twice`, async () => {
    const from = host({ carries });
    const { running, caches, pauses, counted } = transfer(from);
    assert.deepEqual(await running, content);
    assert.equal(from.sent(), SIZE);
    assert.ok(from.requests.length <= most);
    assert.deepEqual(pauses, [], 'what helps is repeated at once');
    assert.equal(counted(), SIZE);
    assert.equal(keptParts(caches), 0, 'parts of a whole file are deleted');
  });
}

test('a visit that ended goes on at the next one with the bytes that had come', async () => {
  const first = host({ carries: 300_000 });
  first.faults.push(() => new Response(breaking(content.slice(0, 123_456))));
  first.faults.push(() => Promise.reject(new TypeError('Failed to fetch')));
  first.faults.push(() => Promise.reject(new TypeError('Failed to fetch')));
  const visit = transfer(first);
  await assert.rejects(visit.running, { name: 'TransferError', reason: 'unreachable' });
  assert.equal(visit.counted(), 0);
  assert.deepEqual(visit.pauses, [1]);
  const second = host();
  const next = transfer(second, { caches: visit.caches });
  assert.deepEqual(await next.running, content);
  assert.deepEqual(second.requests, [['no-store', 'bytes=123456-']]);
  assert.equal(next.counted(), SIZE);
});

test('a host without ranges sends the whole again, and that is understood', async () => {
  const from = host({ ranges: false });
  from.faults.push(() => new Response(breaking(content.slice(0, 500_000))));
  const { running, counted } = transfer(from);
  assert.deepEqual(await running, content);
  assert.deepEqual(
    from.requests.map(([, range]) => range),
    [null, 'bytes=500000-'],
  );
  assert.equal(counted(), SIZE);
});

test('a host without ranges on a connection that always drops is given up', async () => {
  const from = host({ ranges: false, carries: 300_000 });
  await assert.rejects(transfer(from).running, { reason: 'unreachable' });
  assert.ok(from.requests.length <= 4);
});

/** @type {[string, () => Response][]} */
const WRONG_PARTS = [
  ['206 with another range', () => part('bytes 0-9999999/10000000')],
  ['206 with another size', () => part('bytes 500000-9999999/10000001')],
  ['206 without a range', () => part('')],
  ['416', () => new Response(null, { status: 416 })],
];

/** @param {string} range */
function part(range) {
  return new Response(content.slice(0, 5), { status: 206, headers: { 'content-range': range } });
}

for (const [name, answer] of WRONG_PARTS) {
  test(`${name} for the rest: the file starts over`, async () => {
    const from = host();
    from.faults.push(() => new Response(breaking(content.slice(0, 500_000))), answer);
    assert.deepEqual(await transfer(from).running, content);
    assert.deepEqual(from.requests, [
      ['force-cache', null],
      ['no-store', 'bytes=500000-'],
      ['reload', null],
    ]);
  });
}

test('a passing 500 for the rest loses nothing', async () => {
  const from = host();
  from.faults.push(
    () => new Response(breaking(content.slice(0, 500_000))),
    () => new Response('', { status: 500 }),
  );
  assert.deepEqual(await transfer(from).running, content);
  assert.equal(from.requests.at(-1)?.[1], 'bytes=500000-');
});

test('parts that do not belong together are noticed by the hash of the whole', async () => {
  const from = host();
  from.faults.push(() => new Response(breaking(new Uint8Array(500_000))));
  const { running, caches } = transfer(from);
  assert.deepEqual(await running, content);
  assert.deepEqual(
    from.requests.map(([, range]) => range),
    [null, 'bytes=500000-', null],
  );
  assert.equal(keptParts(caches), 0);
});

test('a silent connection is ended and taken up again', async () => {
  const from = host();
  const silent = new ReadableStream({ start: (c) => c.enqueue(content.slice(0, 500_000)) });
  from.faults.push(() => new Response(silent));
  // A fake has to do what a browser does: end the body with its request.
  const { fetch } = from;
  from.fetch = async (url, init) => {
    const response = await fetch(url, init);
    const reader = response.body?.getReader();
    const { signal } = init;
    const body = new ReadableStream({
      async pull(controller) {
        const aborted = new Promise((_, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason));
        });
        const { done, value } = await Promise.race([reader?.read(), aborted]);
        if (done) controller.close();
        else controller.enqueue(value);
      },
    });
    return new Response(body, response);
  };
  assert.deepEqual(await transfer(from, { stall: 50 }).running, content);
  assert.equal(from.requests.at(-1)?.[1], 'bytes=500000-');
});

test('of a transfer that is ended, nothing is kept', async () => {
  const from = host({ carries: 300_000 });
  const ending = new AbortController();
  from.faults.push(() => {
    const bytes = content.slice(0, 300_000);
    return new Response(
      new ReadableStream({
        start: (controller) => controller.enqueue(bytes),
        pull(controller) {
          ending.abort();
          controller.error(new TypeError('network changed'));
        },
      }),
    );
  });
  const { running, caches, counted } = transfer(from, {
    checkpoint: 10_000,
    signal: ending.signal,
  });
  await assert.rejects(running);
  assert.deepEqual([keptParts(caches), from.requests.length, counted()], [0, 1, 0]);
});

test('what has come is kept while it comes: the tab may close at any moment', async () => {
  const from = host();
  /** @type {(reason: unknown) => void} */
  let fail = () => {};
  const open = new ReadableStream({
    start(controller) {
      controller.enqueue(content.slice(0, 200_000));
      fail = (reason) => controller.error(reason);
    },
  });
  from.faults.push(() => new Response(open));
  const { running, caches } = transfer(from);
  while (keptParts(caches) === 0) {
    await new Promise((resolve) => {
      setTimeout(resolve, 1);
    });
  }
  const next = host();
  assert.deepEqual(await transfer(next, { caches }).running, content);
  assert.equal(next.sent(), SIZE - 200_000);
  fail(new TypeError('tab closed'));
  await running;
});

for (const [name, faults] of /** @type {[string, (() => Response)[]][]} */ ([
  ['came in pieces', [() => new Response(breaking(content.slice(0, 500_000)))]],
  ['was wrong at first', [() => new Response('<!doctype html>')]],
  [
    'may not be cached',
    [() => new Response(content, { headers: { 'cache-control': 'no-store' } })],
  ],
])) {
  test(`a file that ${name} is handed over, and not downloaded twice`, async () => {
    const from = host();
    from.faults.push(...faults);
    const { running, caches } = transfer(from, { handOver: true });
    await running;
    const serviceWorker = host();
    assert.deepEqual(await transfer(serviceWorker, { caches }).running, content);
    assert.deepEqual(serviceWorker.requests, []);
    assert.equal(keptParts(caches), 0);
  });
}

test('a file that the HTTP cache has is kept no second time', async () => {
  const { running, caches } = transfer(host(), { handOver: true, checkpoint: 10_000 });
  await running;
  assert.equal(keptParts(caches), 0);
});

test('a full disk keeps no part and stops no download', async () => {
  const caches = new FakeCaches();
  caches.quota = 0;
  assert.deepEqual(await transfer(host({ carries: 5_000_000 }), { caches }).running, content);
});

test('storage that cannot be opened stops no download', async () => {
  const broken = /** @type {any} */ ({
    has: () => Promise.reject(new DOMException('', 'SecurityError')),
  });
  assert.deepEqual(await transfer(host(), { caches: broken }).running, content);
});

for (const [value, wish] of /** @type {[string, number][]} */ ([
  ['120', 120_000],
  [' 3 ', 3000],
  ['0', 0],
  ['-5', 0],
  ['1.5', 0],
  ['soon', 0],
  ['', 0],
  ['Fri, 31 Dec 1999 23:59:59 GMT', 0],
])) {
  test(`a host that says "${value}" wants ${wish} ms`, () => {
    assert.equal(wishOf(new Response('', { headers: { 'retry-after': value } })), wish);
  });
}

test('a host may name the time from which it wants to be asked again', () => {
  const later = new Date(Date.now() + 60_000).toUTCString();
  const wish = wishOf(new Response('', { headers: { 'retry-after': later } }));
  assert.ok(wish > 50_000 && wish <= 60_000);
  assert.equal(wishOf(new Response('')), 0);
});
