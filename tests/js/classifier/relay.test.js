import assert from 'node:assert/strict';
import { test } from 'node:test';

import { relayedFetch } from '../../../site_templates/app/classifier/relay.js';
import { passOn } from '../../../site_templates/app/page/startup/early-worker.js';

const URLS = ['https://example.org/model/a.bin', 'https://example.org/model/b.bin'];

/**
 * Connect a page, which passes files on, and a worker, and note who fetched what.
 *
 * @param {(url: string) => Promise<Response>} respond
 */
function connected(respond) {
  /** @type {[side: string, url: string][]} */
  const asked = [];
  /** @returns {any} */
  const fetchOn = (/** @type {string} */ side) => (/** @type {string} */ url) => {
    asked.push([side, url]);
    return respond(url);
  };
  const relayed = relayedFetch(fetchOn('worker'));
  const ports = URLS.map((url) => {
    const { port1, port2 } = new MessageChannel();
    passOn(url, port1, fetchOn('page'));
    relayed.expect(url, port2);
    return port1;
  });
  const close = () => ports.forEach((port) => port.close());
  return { asked, ...relayed, close };
}

test('the first plain request for a preloaded file is the page’s to answer', async () => {
  const { asked, fetch, close } = connected(async (url) => new Response(`content of ${url}`));
  const response = await fetch(URLS[0], { cache: 'default' });
  assert.equal(response.status, 200);
  assert.equal(await response.text(), `content of ${URLS[0]}`);
  assert.deepEqual(
    asked,
    URLS.map((url) => ['page', url]),
  );
  close();
});

test('repetitions, parts and other files are fetched by the worker', async () => {
  const { asked, fetch, close } = connected(async () => new Response('content'));
  await (await fetch(URLS[0])).text();
  await fetch(URLS[0]);
  await fetch(URLS[1], { headers: { range: 'bytes=3-' } });
  await fetch(URLS[1], { cache: 'reload' });
  await fetch('https://example.org/other.bin');
  assert.deepEqual(
    asked.map(([side]) => side),
    ['page', 'page', 'worker', 'worker', 'worker', 'worker'],
  );
  close();
});

test('after the end of the relay the worker fetches everything itself', async () => {
  const { asked, fetch, end, close } = connected(async () => new Response('content'));
  end();
  await fetch(URLS[0]);
  assert.deepEqual(asked.at(-1), ['worker', URLS[0]]);
  close();
});

test('errors of the host and of the network arrive', async () => {
  const { fetch, close } = connected(async (url) => {
    if (url === URLS[0]) return new Response('gone', { status: 404 });
    throw new TypeError('no network');
  });
  assert.equal((await fetch(URLS[0])).status, 404);
  await assert.rejects(fetch(URLS[1]), /no network/);
  close();
});

test('a connection that breaks breaks the worker’s stream too', async () => {
  const { fetch, close } = connected(async () => {
    let sent = false;
    const body = new ReadableStream({
      pull(controller) {
        if (sent) controller.error(new TypeError('cut off'));
        else controller.enqueue(Uint8Array.of(1, 2, 3));
        sent = true;
      },
    });
    return new Response(body);
  });
  const reader = (await fetch(URLS[0])).body?.getReader();
  assert.deepEqual((await reader?.read())?.value, Uint8Array.of(1, 2, 3));
  await assert.rejects(async () => reader?.read(), /cut off/);
  close();
});

test('a request that is given up ends at once', async () => {
  const { fetch, close } = connected(() => new Promise(() => {}));
  const controller = new AbortController();
  const response = fetch(URLS[0], { signal: controller.signal });
  controller.abort();
  await assert.rejects(response, { name: 'AbortError' });
  close();
});
