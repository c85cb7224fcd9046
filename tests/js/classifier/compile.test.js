import assert from 'node:assert/strict';
import { test } from 'node:test';

import { compiledAsItComes } from '../../../site_templates/app/classifier/compile.js';

const EMPTY_MODULE = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
const URL = 'https://example.org/runtime/r/a.wasm';

/** @param {...{status?: number, type?: string, bytes?: Uint8Array<ArrayBuffer>}} answers */
function answering(...answers) {
  return compiledAsItComes(async () => {
    const { status = 200, type = 'application/wasm', bytes = EMPTY_MODULE } = answers.shift() ?? {};
    return new Response(bytes, { status, headers: { 'content-type': type } });
  });
}

test('the file is compiled while whoever asked for it reads the same bytes', async () => {
  const { fetch, compiled } = answering({});
  const response = await fetch(URL);
  assert.deepEqual(new Uint8Array(await response.arrayBuffer()), EMPTY_MODULE);
  assert.ok((await compiled()) instanceof WebAssembly.Module);
});

test('what took a second answer is not handed out: the first one may have been wrong', async () => {
  const { fetch, compiled } = answering({}, {});
  await fetch(URL);
  await fetch(URL, { cache: 'reload' });
  assert.equal(await compiled(), null);
});

for (const [what, answer] of Object.entries({
  'the rest of a file': { status: 206 },
  'a file of another type': { type: 'application/octet-stream' },
  'a damaged file': { bytes: EMPTY_MODULE.slice(0, 6) },
})) {
  test(`${what} gives no module, and is still there to be read`, async () => {
    const { fetch, compiled } = answering(answer);
    const response = await fetch(URL);
    assert.ok((await response.arrayBuffer()).byteLength > 0);
    assert.equal(await compiled(), null);
  });
}
