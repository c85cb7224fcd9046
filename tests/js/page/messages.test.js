import assert from 'node:assert/strict';
import { test } from 'node:test';

import './english.js';
import {
  answerText,
  cameraNotice,
  errorMessage,
  offlineText,
  statusText,
} from '../../../site_templates/app/page/messages.js';

const BROWSER = { userAgent: '', maxTouchPoints: 0 };

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
    assert.equal(cameraNotice(code, BROWSER).retry, true, code);
  }
  for (const code of ['camera-none', 'camera-insecure', 'camera-unsupported', 'camera-starting']) {
    assert.equal(cameraNotice(code, BROWSER).retry, false, code);
  }
});

test('without a camera the way on is a photo', () => {
  for (const code of ['camera-denied', 'camera-none', 'camera-insecure', 'some other']) {
    assert.match(cameraNotice(code, BROWSER).body, /photo/);
  }
});

test('a no becomes a yes where each browser has it', () => {
  const agents = {
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36': /icon beside/,
    'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36': /Perm/,
    'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0': /crossed-out/,
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1': /menu Safari/,
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604': /Website Se/,
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/140.0 Safari/604':
      /site settings/,
    'something else': /site settings/,
  };
  for (const [userAgent, way] of Object.entries(agents)) {
    const { body } = cameraNotice('camera-denied', { userAgent, maxTouchPoints: 0 });
    assert.match(body, way);
    assert.match(body, /choose a photo/);
  }
  const ipad = { userAgent: 'Macintosh … Version/18.0 Safari/605.1', maxTouchPoints: 5 };
  assert.match(cameraNotice('camera-denied', ipad).body, /Website Settings/);
});

const PREDICTIONS = ['tench', 'goldfish'].map((className, classIndex) => ({
  classIndex,
  className,
  probability: 0.4,
}));

for (const [certainty, words] of /** @type {const} */ ([
  ['sure', 'Most likely: tench'],
  ['probably', 'Probably tench'],
  ['either', 'tench or goldfish'],
  ['unsure', 'Not sure what this is'],
  ['foreign', 'None of the 1,000 things that I have learned'],
])) {
  test(`an answer that is ${certainty} reads "${words}"`, () => {
    assert.equal(answerText(certainty, PREDICTIONS, 1000), words);
    assert.equal(statusText('result', { photo: true, answer: words }), words);
  });
}

test('without a prediction no name is said', () => {
  for (const certainty of /** @type {const} */ (['sure', 'probably', 'either'])) {
    assert.match(answerText(certainty, [], 3), /Not sure/);
  }
});

test('the status of a loading page differs once a photo waits', () => {
  assert.notEqual(
    statusText('loading', { photo: true, answer: '' }),
    statusText('loading', { photo: false, answer: '' }),
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

for (const reason of ['constructor', '__proto__', 'toString', 7, null, {}, 'gibberish']) {
  test(`a forged reason is one that is not known: ${String(reason)}`, () => {
    const forged = offlineText({ state: 'failed', reason: /** @type {any} */ (reason) });
    assert.deepEqual(forged, offlineText({ state: 'failed' }));
  });
}

test('what is told of offline names the file that a host changes, and what is still to come', () => {
  for (const reason of /** @type {const} */ (['changed', 'line-ends', 'stale'])) {
    const { long, retriable } = offlineText({ state: 'failed', reason, file: 'index.html' });
    assert.match(long, /index\.html/);
    assert.equal(retriable, true);
  }
  const texts = [
    offlineText({ state: 'ready', extras: 'ready' }),
    offlineText({ state: 'ready', extras: 'pending' }),
    offlineText({ state: 'ready', extras: 'failed' }),
  ];
  assert.equal(new Set(texts.map(({ long }) => long)).size, 3);
  assert.equal(new Set(texts.map(({ short }) => short)).size, 1);
  const waiting = offlineText({ state: 'pending', waiting: true });
  assert.notEqual(waiting.long, offlineText({ state: 'pending' }).long);
});
