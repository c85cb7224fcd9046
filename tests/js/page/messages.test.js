import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  cameraNotice,
  errorMessage,
  offlineText,
  onlyFirst,
  statusText,
} from '../../../site_templates/app/page/messages.js';

const CODES = [
  'not-an-image',
  'unsupported-format',
  'image-too-large',
  'model-unreachable',
  'model-damaged',
  'no-backend',
  'no-file',
  'camera-blank',
];

test('each error has a sentence of its own, and so has an unknown one', () => {
  const sentences = [...CODES, 'anything else'].map(errorMessage);
  assert.equal(new Set(sentences).size, sentences.length);
  for (const sentence of sentences) assert.match(sentence, /\.$/);
});

test('trying again is offered only where it can help', () => {
  for (const code of ['camera-denied', 'camera-busy', 'camera-lost', 'camera-failed']) {
    assert.equal(cameraNotice(code).retry, true, code);
  }
  for (const code of ['camera-none', 'camera-insecure', 'camera-unsupported', 'camera-starting']) {
    assert.equal(cameraNotice(code).retry, false, code);
  }
});

test('without a camera the way on is a photo', () => {
  for (const code of ['camera-denied', 'camera-none', 'camera-insecure', 'some other']) {
    assert.match(cameraNotice(code).text, /photo/);
  }
});

test('the status names the best prediction, or says that none is sure', () => {
  assert.match(statusText('result', { photo: true, best: 'tench' }), /tench/);
  assert.match(statusText('result', { photo: true, best: null }), /Not sure/);
});

test('the status of a loading page differs once a photo waits', () => {
  assert.notEqual(
    statusText('loading', { photo: true, best: null }),
    statusText('loading', { photo: false, best: null }),
  );
});

test('a failure to go offline is told, with a retry where that may help', () => {
  const full = offlineText({ state: 'failed', reason: 'quota' });
  assert.match(full.short, /Not offline/);
  assert.match(full.long, /space/);
  assert.equal(full.retriable, true);
  assert.match(offlineText({ state: 'failed' }).long, /\S/);
});

test('a browser that cannot work offline is not nagged about it', () => {
  const { short, long, retriable } = offlineText({ state: 'failed', reason: 'unsupported' });
  assert.equal(short, '');
  assert.match(long, /Not in this browser/);
  assert.equal(retriable, false);
});

test('photos that were left out are counted', () => {
  assert.match(onlyFirst(2), /first of 3/);
});
