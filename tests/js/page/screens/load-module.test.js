import assert from 'node:assert/strict';
import { test } from 'node:test';

import { loadPart } from '../../../../site_templates/app/page/screens/load-module.js';

const ROOT = 'https://example.org/app/01/';

const PATHS = ['page/part.js', 'page/a.js', 'b.js'];

/** A host whose answers can be made wrong. */
function host() {
  /** @type {string[]} */
  const asked = [];
  /** @type {Map<string, () => Response>} */
  const faults = new Map();
  return {
    asked,
    faults,
    fetch: async (/** @type {string} */ url, /** @type {RequestInit} */ { cache }) => {
      const path = url.slice(ROOT.length);
      asked.push(`${cache} ${path}`);
      const fault = faults.get(path);
      if (fault) return fault();
      return new Response('', {
        status: PATHS.includes(path) ? 200 : 404,
        headers: { 'content-type': 'text/javascript; charset=utf-8' },
      });
    },
  };
}

const PARTS = PATHS.map((path) => ROOT + path);
const ALL = PATHS.map((path) => `default ${path}`);

test('all files are asked for, each once, before the module is imported', async () => {
  const { fetch, asked } = host();
  const load = async () => {
    assert.deepEqual(asked, ALL);
    return 'loaded';
  };
  assert.equal(await loadPart(PARTS, load, fetch), 'loaded');
  assert.deepEqual(asked, ALL);
});

const unreachable = () => {
  throw new TypeError('Failed to fetch');
};
const html = () => new Response('Sign in', { headers: { 'content-type': 'text/html' } });

for (const [fault, answer, code] of /** @type {[string, () => Response, string][]} */ ([
  ['a line that is cut', unreachable, 'unreachable'],
  ['a host that is overloaded', () => new Response('', { status: 503 }), 'unreachable'],
  ['a portal', html, 'unreachable'],
  ['a host that has it no more', () => new Response('', { status: 404 }), 'gone'],
  ['a host that had it once', () => new Response('', { status: 410 }), 'gone'],
])) {
  for (const path of PATHS) {
    test(`${fault} at ${path}: nothing is imported, and it can be tried again`, async () => {
      const { fetch, faults } = host();
      faults.set(path, answer);
      const load = async () => assert.fail('it was imported');
      await assert.rejects(loadPart(PARTS, load, fetch), { code });
      faults.clear();
      assert.equal(await loadPart(PARTS, async () => 'loaded', fetch), 'loaded');
    });
  }
}

test('what the browser has kept of a portal is had past its cache', async () => {
  const { fetch, asked } = host();
  const kept = async (/** @type {string} */ url, /** @type {RequestInit} */ init) =>
    url === PARTS[0] && init.cache === 'default' ? html() : fetch(url, init);
  assert.equal(await loadPart(PARTS, async () => 'loaded', kept), 'loaded');
  const again = asked.filter((each) => each.startsWith('reload'));
  assert.deepEqual(again, ['reload page/part.js', 'reload page/a.js', 'reload b.js']);
});

test('what is damaged in the browser’s cache is had past it, once', async () => {
  const { fetch, asked } = host();
  let attempts = 0;
  const load = async () => {
    attempts += 1;
    if (attempts === 1) throw new SyntaxError('Unexpected end of input');
    return 'loaded';
  };
  assert.equal(await loadPart(PARTS, load, fetch), 'loaded');
  assert.deepEqual(asked, [...ALL, ...ALL.map((each) => each.replace('default', 'reload'))]);
  const broken = async () => {
    throw new SyntaxError('Unexpected end of input');
  };
  await assert.rejects(loadPart(PARTS, broken, fetch), { code: 'unreachable' });
});
