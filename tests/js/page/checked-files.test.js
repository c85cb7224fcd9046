import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fetchChecked, integrityOf } from '../../../site_templates/app/page/checked-files.js';

const BASE = 'https://example.org/trees/index.html';
const FILE = 'https://example.org/trees/app/1/messages/de.json';
const MAP = { integrity: { './app/1/messages/de.json': 'sha256-de' } };

/** @param {object | null} map */
function pageWith(map) {
  const script = map && { textContent: JSON.stringify(map) };
  return /** @type {any} */ ({ baseURI: BASE, querySelector: () => script });
}

test('hashes are those of the import map', () => {
  assert.equal(integrityOf(FILE, pageWith(MAP)), 'sha256-de');
  assert.equal(integrityOf(`${FILE}x`, pageWith(MAP)), undefined);
  assert.equal(integrityOf('https://elsewhere.example/a', pageWith(MAP)), undefined);
  assert.equal(integrityOf(FILE, pageWith({})), undefined);
  assert.equal(integrityOf(FILE, pageWith(null)), undefined, "a page of somebody's own");
});

/** @param {(() => Promise<Response>)[]} answers one after the other */
async function fetched(...answers) {
  /** @type {RequestInit[]} */
  const asked = [];
  const fetch = async (/** @type {unknown} */ _url, /** @type {RequestInit} */ init) => {
    asked.push(init);
    return /** @type {() => Promise<Response>} */ (answers.shift())();
  };
  const response = await fetchChecked(FILE, pageWith(MAP), /** @type {any} */ (fetch));
  return { text: await response.text(), asked };
}

const right = async () => new Response('Hallo');
const refused = async () => Promise.reject(new TypeError('integrity'));

test('what the browser has is taken where it is right, else the network is asked', async () => {
  const first = await fetched(right);
  assert.deepEqual(
    first.asked.map(({ cache, integrity }) => [cache, integrity]),
    [['default', 'sha256-de']],
  );
  for (const wrong of [refused, async () => new Response('', { status: 404 })]) {
    const { text, asked } = await fetched(wrong, right);
    assert.equal(text, 'Hallo');
    assert.equal(asked[1].cache, 'reload');
  }
  await assert.rejects(fetched(refused, refused));
});

test('it is not waited for for ever', async () => {
  const { asked } = await fetched(right);
  assert.ok(asked[0].signal instanceof AbortSignal);
});
