import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import { BACKOFF_MS, RETRY_AFTER_MS } from '../../../site_templates/app/shared/timeouts.js';
import { fetchVerified } from '../../../site_templates/app/classifier/download.js';

const URL_ = 'https://example.org/model/shard.bin';
const content = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
const expected = { size: 1000, sha256: createHash('sha256').update(content).digest('hex') };
const damaged = content.map((byte, i) => (i === 500 ? byte ^ 1 : byte));

/**
 * Return a `fetch` that gives these answers one after the other and remembers the cache modes.
 *
 * @param {(() => Response)[]} answers
 */
function answering(...answers) {
  /** @type {(string | undefined)[]} */
  const caches = [];
  const fetch = async (/** @type {unknown} */ _url, /** @type {RequestInit} */ init = {}) => {
    caches.push(init.cache);
    const answer = answers.shift();
    assert.ok(answer, 'one request too many');
    return answer();
  };
  return { caches, fetch: /** @type {typeof globalThis.fetch} */ (fetch) };
}

const good = () => new Response(content);

test('the right bytes are returned and counted', async () => {
  let counted = 0;
  const { fetch, caches } = answering(good);
  const bytes = await fetchVerified(URL_, expected, (count) => (counted += count), { fetch });
  assert.deepEqual(new Uint8Array(bytes), content);
  assert.equal(counted, 1000);
  assert.deepEqual(caches, ['default']);
});

/** @type {[string, string, () => Response][]} */
const wrong = [
  ['a flipped bit', 'model-damaged', () => new Response(damaged)],
  ['a short file', 'model-damaged', () => new Response(content.subarray(1))],
  ['a long file', 'model-damaged', () => new Response(new Uint8Array(1001))],
  ['no body', 'model-damaged', () => new Response(null)],
  ['a missing file', 'model-unreachable', () => new Response(content, { status: 404 })],
  ['a part', 'model-unreachable', () => new Response(content, { status: 206 })],
  [
    'the page of a captive portal',
    'model-unreachable',
    () => new Response('<html>', { headers: { 'content-type': 'text/html; charset=utf-8' } }),
  ],
  [
    'no network',
    'model-unreachable',
    () => {
      throw new TypeError('Failed to fetch');
    },
  ],
];

for (const [name, code, answer] of wrong) {
  test(`${name} is asked for again past the cache, then refused`, async () => {
    let counted = 0;
    const { fetch, caches } = answering(answer, answer);
    const download = fetchVerified(URL_, expected, (count) => (counted += count), { fetch });
    await assert.rejects(download, { name: 'ClassifierError', code });
    assert.deepEqual(caches, ['default', 'reload']);
    assert.equal(counted, 0, 'useless bytes are taken back');
  });

  test(`${name} from the cache does no harm`, async () => {
    let counted = 0;
    const { fetch } = answering(answer, good);
    await fetchVerified(URL_, expected, (count) => (counted += count), { fetch });
    assert.equal(counted, 1000);
  });
}

test('where there is no crypto.subtle only the length is checked', async () => {
  const { fetch } = answering(() => new Response(damaged));
  const bytes = await fetchVerified(URL_, expected, undefined, { fetch, subtle: null });
  assert.equal(bytes.byteLength, 1000);
});

test('a cancelled download is not asked for again', async () => {
  const { fetch, caches } = answering(() => {
    throw new DOMException('Aborted', 'AbortError');
  });
  const signal = AbortSignal.abort();
  await assert.rejects(fetchVerified(URL_, expected, undefined, { fetch, signal }), {
    code: 'aborted',
  });
  assert.equal(caches.length, 1);
});

test('a host that is busy is left alone, but not for ever', async () => {
  for (const [value, milliseconds] of /** @type {[string, number][]} */ ([
    ['5', 5000],
    ['86400', RETRY_AFTER_MS],
    ['0', BACKOFF_MS],
  ])) {
    /** @type {number[]} */
    const pauses = [];
    const busy = () => new Response('', { status: 503, headers: { 'retry-after': value } });
    const { fetch } = answering(busy, good);
    const sleep = async (/** @type {number} */ pause) => void pauses.push(pause);
    await fetchVerified(URL_, expected, undefined, { fetch, sleep });
    assert.deepEqual(pauses, [milliseconds]);
  }
});
