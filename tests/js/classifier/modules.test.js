import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import { renewModules } from '../../../site_templates/app/classifier/modules.js';

const BASE = 'https://example.org/trees/';
const CONTENTS = {
  'app/1/classifier/worker.js': 'serve()',
  'runtime/2/tf.js': 'tf',
  'runtime/2/chunk-AB12.js': 'shared',
  'runtime/2/backend-wasm.js': 'wasm',
  'runtime/2/backend-webgl.js': 'webgl',
  'runtime/2/tfjs-backend-wasm.wasm': 'binary',
  'model/3/model.json': '{}',
};
const WORKER = 'app/1/classifier/worker.js';
const LOOKED_AT = Object.keys(CONTENTS).slice(0, 4);

/** @param {(path: string) => boolean} wanted */
function records(wanted) {
  const entries = Object.entries(CONTENTS).filter(([path]) => wanted(path));
  return Object.fromEntries(
    entries.map(([path, content]) => [
      path,
      { size: content.length, sha256: createHash('sha256').update(content).digest('hex') },
    ]),
  );
}

const site = {
  runtime: 'runtime/2/',
  files: records((path) => path !== WORKER),
  workerModules: records((path) => path === WORKER),
};

/**
 * @param {Record<string, string[]>} [wrong] what comes first for some paths
 * @param {string} [base]
 * @param {string | null} [controller] address of the service worker in charge
 */
async function look(wrong = {}, base = BASE, controller = null) {
  /** @type {{path: string, cache: RequestCache | undefined}[]} */
  const requests = [];
  const fetch = async (/** @type {string} */ url, /** @type {RequestInit} */ { cache } = {}) => {
    const path = url.slice(base.length);
    requests.push({ path, cache });
    const content = wrong[path]?.shift() ?? Reflect.get(CONTENTS, path);
    return content === 'gone' ? new Response('', { status: 404 }) : new Response(content);
  };
  const renewed = await renewModules(
    { base, site },
    {
      fetch: /** @type {any} */ (fetch),
      origin: 'https://example.org',
      serviceWorker: { controller: controller ? { scriptURL: controller } : null },
      sleep: async () => {},
    },
  );
  return { renewed, requests };
}

test('what each worker runs is looked at once, as the HTTP cache has it', async () => {
  const { renewed, requests } = await look();
  assert.equal(renewed, false);
  assert.deepEqual(requests.map(({ path }) => path).sort(), [...LOOKED_AT].sort());
  assert.ok(requests.every(({ cache }) => cache === 'default'));
});

for (const path of [WORKER, 'runtime/2/tf.js']) {
  for (const wrong of ['alters', 'gone', '']) {
    test(`${path} as ${wrong || 'nothing'} is fetched anew, and told`, async () => {
      const { renewed, requests } = await look({ [path]: [wrong] });
      assert.equal(renewed, true);
      const again = requests.filter((request) => request.path === path);
      assert.deepEqual(
        again.map(({ cache }) => cache),
        ['default', 'reload'],
      );
    });
  }
}

test('what stays wrong is an error', async () => {
  await assert.rejects(look({ [WORKER]: ['alters', 'alters'] }), { code: 'model-damaged' });
});

test('where the own service worker answers, it has looked', async () => {
  const { renewed, requests } = await look({}, BASE, `${BASE}sw.js`);
  assert.deepEqual([renewed, requests], [false, []]);
  const parent = await look({}, BASE, 'https://example.org/sw.js');
  assert.equal(
    parent.requests.length,
    LOOKED_AT.length,
    'that of an app in a parent folder has not',
  );
});

test('no worker runs code of another origin', async () => {
  const { requests } = await look({}, 'https://elsewhere.example/');
  assert.deepEqual(requests, []);
});
