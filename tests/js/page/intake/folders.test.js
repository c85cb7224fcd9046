import assert from 'node:assert/strict';
import { test } from 'node:test';

import { droppedFiles } from '../../../../site_templates/app/page/intake/folders.js';

/** @param {string} path */
function fileEntry(path) {
  const name = path.split('/').at(-1) ?? '';
  return {
    isFile: true,
    isDirectory: false,
    fullPath: path,
    name,
    file: (/** @type {(file: File) => void} */ take) => take(new File(['x'], name)),
  };
}

/**
 * @param {string} path
 * @param {object[]} children handed over two at a time, as browsers do a hundred at a time
 */
function folderEntry(path, children) {
  return {
    isFile: false,
    isDirectory: true,
    fullPath: path,
    name: path.split('/').at(-1),
    createReader() {
      const rest = [...children];
      return {
        readEntries: (/** @type {(some: object[]) => void} */ take) => take(rest.splice(0, 2)),
      };
    },
  };
}

/** @param {object[]} entries */
const dropOf = (entries) =>
  /** @type {any} */ ({
    files: [],
    items: entries.map((entry) => ({ webkitGetAsEntry: () => entry })),
  });

test('a dropped folder is read to its end and its depth, in the order of its names', async () => {
  const folder = folderEntry('/Trip', [
    fileEntry('/Trip/10.jpg'),
    folderEntry('/Trip/Sea', [fileEntry('/Trip/Sea/1.jpg')]),
    fileEntry('/Trip/2.jpg'),
  ]);
  const files = await droppedFiles(dropOf([folder, fileEntry('/a.jpg')]));
  assert.deepEqual(
    files.map(({ path }) => path),
    ['Trip/2.jpg', 'Trip/10.jpg', 'Trip/Sea/1.jpg', 'a.jpg'],
  );
});

test('what cannot be read is left out', async () => {
  const broken = {
    ...fileEntry('/Trip/1.jpg'),
    file: (/** @type {unknown} */ _take, /** @type {() => void} */ fail) => fail(),
  };
  const files = await droppedFiles(
    dropOf([folderEntry('/Trip', [broken, fileEntry('/Trip/2.jpg')])]),
  );
  assert.deepEqual(
    files.map(({ path }) => path),
    ['Trip/2.jpg'],
  );
});

test('a drop of files is taken as it is', async () => {
  const files = [new File(['x'], 'b.jpg'), new File(['x'], 'a.jpg')];
  const dropped = await droppedFiles(/** @type {any} */ ({ files, items: [{}] }));
  assert.deepEqual(
    dropped.map(({ file }) => file),
    files,
  );
});

test('a drop of nothing is nothing', async () => {
  assert.deepEqual(await droppedFiles(null), []);
});
