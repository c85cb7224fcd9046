import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  carriesFiles,
  found,
  pickPhotos,
} from '../../../../site_templates/app/page/intake/photo-files.js';

/**
 * @param {string} name
 * @param {string} type
 */
const file = (name, type) => new File(['x'], name, { type });
const text = file('notes.txt', 'text/plain');
const jpeg = file('a.jpg', 'image/jpeg');
const png = file('b.png', 'image/png');
const heic = file('IMG_1.HEIC', '');

/** @param {File[]} files */
const picked = (...files) => pickPhotos(found(files)).map((photo) => photo.file);

test('photos are picked from among other files', () => {
  assert.deepEqual(picked(text, jpeg, png), [jpeg, png]);
});

test('a photo without a MIME type is known by its name', () => {
  assert.deepEqual(picked(text, heic), [heic]);
});

test('what macOS leaves beside a photo is none', () => {
  assert.deepEqual(picked(file('._a.jpg', 'image/jpeg'), jpeg), [jpeg]);
});

test('without a photo the first file is taken, for the classifier to say what is wrong', () => {
  assert.deepEqual(picked(text, file('x', '')), [text]);
});

test('nothing is nothing', () => {
  assert.deepEqual(picked(), []);
  assert.deepEqual(found(null), []);
});

test('a photo from a folder has its path', () => {
  const inFolder = Object.assign(file('a.jpg', 'image/jpeg'), { webkitRelativePath: 'Sea/a.jpg' });
  assert.deepEqual(
    found([inFolder, jpeg]).map(({ path }) => path),
    ['Sea/a.jpg', 'a.jpg'],
  );
});

test('a drag of text is not a drag of files', () => {
  assert.equal(carriesFiles({ types: ['text/plain'] }), false);
  assert.equal(carriesFiles({ types: ['text/uri-list', 'Files'] }), true);
  assert.equal(carriesFiles(null), false);
});
