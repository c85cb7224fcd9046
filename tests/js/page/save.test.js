import assert from 'node:assert/strict';
import { test } from 'node:test';

import { saveStream } from '../../../site_templates/app/page/save.js';

const ZIP = { name: 'photos.zip', type: 'application/zip' };
const bytes = () => /** @type {ReadableStream<Uint8Array>} */ (new Blob(['abc']).stream());

test('a stream goes straight to the file that the person chose', async () => {
  let written = '';
  const decoder = new TextDecoder();
  const picker = async (/** @type {{suggestedName: string}} */ { suggestedName }) => {
    assert.equal(suggestedName, 'photos.zip');
    return {
      createWritable: async () =>
        new WritableStream({ write: (chunk) => void (written += decoder.decode(chunk)) }),
    };
  };
  assert.equal(await saveStream(bytes, ZIP, { picker }), true);
  assert.equal(written, 'abc');
});

test('nothing is made where the person thinks better of it', async () => {
  const picker = () => Promise.reject(new DOMException('', 'AbortError'));
  const stream = () => assert.fail('the stream was started');
  assert.equal(await saveStream(stream, ZIP, { picker }), false);
});

test('elsewhere the browser downloads a blob', async () => {
  /** @type {[Blob, string][]} */
  const saved = [];
  const save = (/** @type {Blob} */ blob, /** @type {string} */ name) =>
    void saved.push([blob, name]);
  assert.equal(await saveStream(bytes, ZIP, { save }), true);
  const [[blob, name]] = saved;
  assert.equal(name, 'photos.zip');
  assert.equal(blob.type, 'application/zip');
  assert.equal(await blob.text(), 'abc');
});
