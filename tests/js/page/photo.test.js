import assert from 'node:assert/strict';
import { test } from 'node:test';

import { carriesFiles, pickPhoto } from '../../../site_templates/app/page/photo.js';

/**
 * @param {string} name
 * @param {string} type
 */
const file = (name, type) => new File(['x'], name, { type });
const text = file('notes.txt', 'text/plain');
const jpeg = file('a.jpg', 'image/jpeg');
const png = file('b.png', 'image/png');
const heic = file('IMG_1.HEIC', '');

test('the first photo is taken, and the others are counted', () => {
  assert.deepEqual(pickPhoto([text, jpeg, png, heic]), { file: jpeg, others: 2 });
});

test('a photo without a MIME type is known by its name', () => {
  assert.deepEqual(pickPhoto([text, heic]), { file: heic, others: 0 });
});

test('without a photo the first file is taken, for the classifier to say what is wrong', () => {
  assert.deepEqual(pickPhoto([text, file('x', '')]), { file: text, others: 0 });
});

test('nothing is nothing', () => {
  assert.deepEqual(pickPhoto([]), { file: null, others: 0 });
  assert.deepEqual(pickPhoto(null), { file: null, others: 0 });
});

test('a drag of text is not a drag of files', () => {
  assert.equal(carriesFiles({ types: ['text/plain'] }), false);
  assert.equal(carriesFiles({ types: ['text/uri-list', 'Files'] }), true);
  assert.equal(carriesFiles(null), false);
});
