import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import { Engine } from '../../../site_templates/app/classifier/engine.js';
import { SiteFiles } from '../../../site_templates/app/classifier/weights.js';

const SHARD = Uint8Array.of(1, 2, 3, 4);
const METADATA = {
  labels: ['ash', 'birch'],
  inputSize: [2, 2],
  preprocessing: { resize: [2, 2], crop: [2, 2], grayscale: false },
  outputs: { probabilities: 2, embedding: 3, classActivation: null },
  activation: 'softmax',
  temperature: 1,
  sureFrom: 0.5,
  familiarity: null,
};
const MODEL = {
  modelTopology: {},
  signature: { outputs: { probabilities: { name: 'Identity:0' } } },
  weightsManifest: [
    { paths: ['shard.bin'], weights: [{ name: 'w', shape: [1], dtype: 'float32' }] },
  ],
};
const CONTENTS = contentsWith(METADATA);
const files = recordsOf(CONTENTS);

/** @param {object} metadata */
function contentsWith(metadata) {
  return new Map([
    ['model/m/model.json', Buffer.from(JSON.stringify(MODEL))],
    ['model/m/metadata.json', Buffer.from(JSON.stringify(metadata))],
    ['model/m/shard.bin', Buffer.from(SHARD)],
  ]);
}

/** @param {Map<string, Buffer<ArrayBuffer>>} contents */
function recordsOf(contents) {
  return Object.fromEntries(
    Array.from(contents, ([path, content]) => [
      path,
      { size: content.length, sha256: createHash('sha256').update(content).digest('hex') },
    ]),
  );
}

/**
 * TF.js as far as the engine sees it. `answers` gives, by backend, what each run answers; an Error
 * is thrown.
 *
 * @param {Record<string, (number[] | Error)[]>} answers
 * @param {Map<string, Buffer<ArrayBuffer>>} [contents] of the site's files
 */
function fakeWorld(answers, contents = CONTENTS) {
  const world = {
    started: /** @type {string[]} */ ([]),
    tensors: 0,
    looked: 0,
    runs: /** @type {any[]} */ ([]),
  };
  const tensor = (/** @type {number[]} */ values) => {
    world.tensors++;
    return { data: async () => Float32Array.from(values), dispose: () => world.tensors-- };
  };
  const start = async (/** @type {{backend: string}} */ { backend }) => {
    world.started.push(backend);
    const turns = answers[backend];
    if (turns === undefined) throw new Error('does not start');
    const model = {
      execute: (/** @type {any} */ input, /** @type {string[]} */ node) => {
        world.runs.push({ backend, node });
        const answer = turns.length > 1 ? turns.shift() : turns[0];
        if (answer instanceof Error) throw answer;
        input.dispose();
        return tensor(/** @type {number[]} */ (answer));
      },
      dispose: () => world.tensors--,
    };
    return {
      memory: () => ({ numTensors: world.tensors, numBytes: 0 }),
      tidy: (/** @type {() => any} */ job) => job(),
      tensor,
      loadGraphModel: async (/** @type {{load(): Promise<any>}} */ handler) => {
        const { weightData, weightSpecs } = await handler.load();
        assert.deepEqual(new Uint8Array(weightData[0]), SHARD);
        assert.equal(weightSpecs[0].name, 'w');
        world.tensors++;
        return model;
      },
    };
  };
  /** @type {any} */
  const collaborators = {
    processor: () => ({ wasm: 'simd', threads: 1 }),
    graphics: async () => {
      world.looked++;
      return { webgpu: 'hardware', webgl: 'hardware' };
    },
    createRuntime: () => ({ start }),
    prepare: async (
      /** @type {any} */ source,
      /** @type {any} */ _sizes,
      /** @type {any} */ signal,
    ) => {
      source.onPrepare?.(signal);
      return {
        pixels: new Float32Array(12),
        width: 4,
        height: 3,
        timings: { decode: 1, preprocess: 2 },
      };
    },
    means: {
      fetch: async (/** @type {string} */ url) =>
        new Response(contents.get(new URL(url).pathname.slice(1))),
    },
  };
  return { world, collaborators };
}

const site = { runtime: 'runtime/r/', model: 'model/m/', files };
const base = 'https://example.org/';
/** @type {any} */
const photo = {};

test('a model is loaded, warmed up and asked by its named output', async () => {
  const { world, collaborators } = fakeWorld({ webgpu: [[0.25, 0.75]] });
  /** @type {number[]} */
  const progress = [];
  const onProgress = (/** @type {{loaded: number}} */ { loaded }) => progress.push(loaded);
  const engine = await Engine.load({ base, site }, onProgress, collaborators);
  const answer = await engine.classify(photo, { topK: 1 });
  assert.deepEqual(answer.predictions, [{ classIndex: 1, className: 'birch', probability: 0.75 }]);
  assert.deepEqual([answer.width, answer.height], [4, 3]);
  assert.deepEqual(world.runs, [
    { backend: 'webgpu', node: ['Identity:0'] },
    { backend: 'webgpu', node: ['Identity:0'] },
  ]);
  const total = Object.values(files).reduce((sum, { size }) => sum + size, 0);
  assert.equal(progress.at(-1), total);
});

test('a model without an embedding or a map says so, and goes on answering', async () => {
  const outputs = { ...METADATA.outputs, embedding: null };
  const contents = contentsWith({ ...METADATA, outputs });
  const { collaborators } = fakeWorld({ webgpu: [[0.25, 0.75]] }, contents);
  const own = { ...site, files: recordsOf(contents) };
  const engine = await Engine.load({ base, site: own }, undefined, collaborators);
  await assert.rejects(engine.embed(photo), { code: 'invalid-argument', message: /no embedding/ });
  await assert.rejects(engine.explain(photo, 0), { code: 'invalid-argument', message: /no class/ });
  assert.equal((await engine.classify(photo, { topK: 1 })).predictions[0].className, 'birch');
});

test('not all has come while a module of the runtime is on its way', async () => {
  /** @type {{loaded: number, total: number}[]} */
  const told = [];
  const followed = new SiteFiles(base, site, (progress) => told.push(progress));
  /** @type {(module: string) => void} */
  let come = () => {};
  const arrived = followed.follow(
    new Promise((/** @type {(module: string) => void} */ resolve) => {
      come = resolve;
    }),
  );
  await followed.follow(Promise.resolve('another'));
  assert.deepEqual(told, [{ loaded: 1, total: 2 }]);
  come('module');
  assert.equal(await arrived, 'module');
  await assert.rejects(followed.follow(Promise.reject(new Error('lost'))), /lost/);
  assert.deepEqual(told.slice(1), [
    { loaded: 2, total: 2 },
    { loaded: 2, total: 2 },
  ]);
});

test('backends that do not start or compute nonsense are passed over', async () => {
  const { world, collaborators } = fakeWorld({ wasm: [[0, 0]], webgl: [[0.5, 0.5]] });
  const engine = await Engine.load({ base, site }, undefined, collaborators);
  assert.deepEqual(world.started, ['wasm', 'webgpu', 'webgl']);
  assert.equal(engine.backend, 'webgl');
  assert.equal((await engine.memory()).numTensors, 1, 'the model that failed is freed');
});

test('where no backend works, the error says what each one said', async () => {
  const { collaborators } = fakeWorld({ wasm: [[NaN, 1]] });
  await assert.rejects(Engine.load({ base, site }, undefined, collaborators), {
    code: 'no-backend',
    message: /wasm: The network failed: a probability is NaN.*webgpu: does not start/,
  });
});

test('a failure after the warm-up moves on to the next backend and repeats the photo', async () => {
  const lost = new Error('context lost');
  for (const failure of [lost, [0, 0], [NaN, NaN]]) {
    const { world, collaborators } = fakeWorld({
      webgpu: [[0.5, 0.5], failure],
      wasm: [[0.125, 0.875]],
    });
    const options = { base, site, preferred: 'webgpu' };
    const engine = await Engine.load(options, undefined, collaborators);
    const { predictions } = await engine.classify(photo);
    assert.equal(predictions[0].probability, 0.875);
    assert.equal(engine.backend, 'wasm');
    assert.deepEqual(world.started, ['webgpu', 'wasm']);
  }
});

test('a backend whose files were out of reach is tried again with the next photo', async () => {
  const { world, collaborators } = fakeWorld({
    webgl: [[0.5, 0.5], new Error('context lost')],
    wasm: [[0.125, 0.875]],
  });
  const options = { base, site, preferred: 'webgl' };
  const engine = await Engine.load(options, undefined, collaborators);
  const { fetch } = collaborators.means;
  collaborators.means.fetch = async () => new Response('', { status: 503 });
  await assert.rejects(engine.classify(photo), { message: /context lost/ });
  collaborators.means.fetch = fetch;
  const { predictions } = await engine.classify(photo);
  assert.equal(predictions[0].probability, 0.875);
  assert.deepEqual(world.started, ['webgl', 'wasm', 'webgpu', 'wasm']);
});

test('the last backend has no next one: the failure is told, and the next photo may work', async () => {
  const { collaborators } = fakeWorld({
    wasm: [[0.5, 0.5], new Error('out of memory'), [0.5, 0.5]],
  });
  const engine = await Engine.load({ base, site, backend: 'wasm' }, undefined, collaborators);
  await assert.rejects(engine.classify(photo), { code: 'internal', message: /out of memory/ });
  assert.equal((await engine.classify(photo)).predictions.length, 2);
});

test('a model that cannot be had is told as such, not as a lack of backends', async () => {
  const { collaborators } = fakeWorld({ webgpu: [[0.5, 0.5]] });
  collaborators.means.fetch = async () => new Response('', { status: 404 });
  await assert.rejects(Engine.load({ base, site }, undefined, collaborators), {
    code: 'model-unreachable',
  });
  const lacking = { ...site, files: { 'model/m/model.json': files['model/m/model.json'] } };
  const { collaborators: others } = fakeWorld({ webgpu: [[0.5, 0.5]] });
  await assert.rejects(Engine.load({ base, site: lacking }, undefined, others), {
    code: 'model-damaged',
    message: /metadata\.json/,
  });
});

test('a trial tells the answer to the test pattern and how long it takes', async () => {
  const { collaborators } = fakeWorld({ wasm: [[0.25, 0.75]] });
  const engine = await Engine.load({ base, site }, undefined, collaborators);
  const { variant, probabilities, milliseconds } = await engine.trial();
  assert.equal(variant, 'wasm');
  assert.deepEqual(Array.from(probabilities), [0.25, 0.75]);
  assert.ok(milliseconds >= 0);
  assert.equal((await engine.memory()).numTensors, 1);
});

test('graphics cards are looked for when WebAssembly does not answer, or to find what is faster', async () => {
  const { world, collaborators } = fakeWorld({ wasm: [[0.25, 0.75]] });
  const engine = await Engine.load({ base, site }, undefined, collaborators);
  await engine.classify(photo);
  assert.equal(world.looked, 0);
  assert.deepEqual(await engine.alternatives(), ['webgpu', 'webgl']);
  assert.equal(world.looked, 1);
  const options = { base, site, backend: 'wasm' };
  const only = await Engine.load(options, undefined, collaborators);
  assert.deepEqual(await only.alternatives(), []);
});

test('photos are answered one after another, and tensors do not pile up', async () => {
  const { collaborators } = fakeWorld({ webgpu: [[0.5, 0.5]] });
  const engine = await Engine.load({ base, site }, undefined, collaborators);
  const before = (await engine.memory()).numTensors;
  /** @type {number[]} */
  const order = [];
  /** @type {any[]} */
  const photos = [1, 2, 3].map((number) => ({ onPrepare: () => order.push(number) }));
  await Promise.all(photos.map((source) => engine.classify(source)));
  assert.deepEqual(order, [1, 2, 3]);
  assert.equal((await engine.memory()).numTensors, before);
});

test('a photo that is cancelled while it is prepared never reaches the network', async () => {
  const { world, collaborators } = fakeWorld({ webgpu: [[0.5, 0.5]] });
  const engine = await Engine.load({ base, site }, undefined, collaborators);
  const controller = new AbortController();
  const { signal } = controller;
  const runs = world.runs.length;
  /** @type {any} */
  const source = { onPrepare: () => controller.abort() };
  await assert.rejects(engine.classify(source, { signal }), { code: 'aborted' });
  assert.equal(world.runs.length, runs);
});

test('a model without class activations says so', async () => {
  const { collaborators } = fakeWorld({ webgpu: [[0.5, 0.5]] });
  const engine = await Engine.load({ base, site }, undefined, collaborators);
  await assert.rejects(engine.explain(photo, 0), { code: 'invalid-argument' });
});

test('a classifier that was disposed of frees its model and refuses photos', async () => {
  const { world, collaborators } = fakeWorld({ webgpu: [[0.5, 0.5]] });
  const engine = await Engine.load({ base, site }, undefined, collaborators);
  await engine.dispose();
  assert.equal(world.tensors, 0);
  await assert.rejects(engine.classify(photo), { code: 'internal', message: /disposed/ });
});
