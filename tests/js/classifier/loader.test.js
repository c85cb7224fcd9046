import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createLoader } from '../../../site_templates/app/classifier/loader.js';

/** @typedef {import('../../../site_templates/app/classifier/types.js').OnProgress} OnProgress */

const OPTIONS = /** @type {any} */ ({ base: 'https://example.org/', site: { model: 'model/m/' } });
const ALIKE = structuredClone(OPTIONS);
const OTHER = { ...OPTIONS, preferred: 'wasm:2' };

function loading() {
  /** @type {{options: unknown, onProgress: OnProgress, resolve: (engine: any) => void,
   *   reject: (error: Error) => void}[]} */
  const loads = [];
  const loader = createLoader(
    (options, onProgress) =>
      new Promise((resolve, reject) => {
        loads.push({ options, onProgress, resolve, reject });
      }),
  );
  return { loads, loader };
}

test('what was begun is taken up, and tells how far it is', async () => {
  const { loads, loader } = loading();
  loader.begin(OPTIONS);
  loads[0].onProgress({ loaded: 1, total: 9 });
  loads[0].onProgress({ loaded: 4, total: 9 });
  /** @type {unknown[]} */
  const told = [];
  const engine = loader.load(ALIKE, (progress) => told.push(progress));
  loads[0].onProgress({ loaded: 9, total: 9 });
  loads[0].resolve('engine');
  assert.equal(await engine, 'engine');
  assert.equal(loads.length, 1);
  assert.deepEqual(told, [
    { loaded: 4, total: 9 },
    { loaded: 9, total: 9 },
  ]);
});

test('what fails before anyone asks for it is told to whoever does', async () => {
  const { loads, loader } = loading();
  loader.begin(OPTIONS);
  loads[0].reject(new Error('out of reach'));
  await new Promise((resolve) => {
    setTimeout(resolve);
  });
  await assert.rejects(
    loader.load(ALIKE, () => {}),
    /out of reach/,
  );
});

test('another wish loads anew, and frees what was begun for nothing', async () => {
  const { loads, loader } = loading();
  loader.begin(OPTIONS);
  const engine = loader.load(OTHER, () => {});
  let disposed = 0;
  loads[0].resolve({ dispose: async () => void disposed++ });
  loads[1].resolve('engine');
  assert.equal(await engine, 'engine');
  assert.deepEqual(
    loads.map(({ options }) => options),
    [OPTIONS, OTHER],
  );
  assert.equal(disposed, 1);
});

test('each call after the first loads anew', async () => {
  const { loads, loader } = loading();
  loader.begin(OPTIONS);
  loader.load(OPTIONS, () => {});
  loader.load(OPTIONS, () => {});
  assert.equal(loads.length, 2);
});
