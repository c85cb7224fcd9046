import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  pathMaker,
  safeName,
  sortedByClass,
} from '../../../../site_templates/app/page/batch/names.js';
import { done, prediction, row } from './rows.js';

for (const [text, name] of [
  ['oak', 'oak'],
  ['../../etc/passwd', '_.._etc_passwd'],
  ['..', 'x'],
  ['', 'x'],
  ['C:\\a.jpg', 'C__a.jpg'],
  ['.hidden', 'hidden'],
  ['dots...', 'dots'],
  ['con', '_con'],
  ['NUL.jpg', '_NUL.jpg'],
  ['CON .jpg', '_CON .jpg'],
  ['con  ', '_con'],
  ['aux . . .txt', '_aux . . .txt'],
  ['LPT¹\u00a0.png', '_LPT¹ .png'],
  ['CONIN$', '_CONIN$'],
  ['Clock$.jpg', '_Clock$.jpg'],
  ['CONcert.jpg', 'CONcert.jpg'],
  ['com.jpg', 'com.jpg'],
  ['a\0b\nc.jpg', 'abc.jpg'],
  ['gpj.\u202eexe', 'gpj.exe'],
  ['Ä\u0308'.normalize('NFD'), 'Ä\u0308'.normalize('NFC')],
  ['👩‍🌾.png', '👩‍🌾.png'],
  ['\ud800.jpg', 'jpg'],
]) {
  test(`the name of ${JSON.stringify(text)}`, () => assert.equal(safeName(text, 'x'), name));
}

test('a long name is cut at a character, and keeps its suffix', () => {
  const name = safeName(`${'ü'.repeat(300)}.jpeg`, 'x');
  assert.match(name, /^ü+\.jpeg$/);
  assert.ok(new TextEncoder().encode(name).length < 200);
});

test('equal paths are told apart, whatever the case of their letters', () => {
  const pathOf = pathMaker();
  assert.deepEqual(
    ['a.jpg', 'A.jpg', 'a.JPG', 'b'].map((name) => pathOf('oak', name)),
    ['oak/a.jpg', 'oak/A (2).jpg', 'oak/a (3).JPG', 'oak/b'],
  );
});

test('photos are sorted into folders by their best class', () => {
  const rows = [
    done('a.jpg', 0, prediction('oak', 0.9), prediction('elm', 0.1)),
    done('a.jpg', 1, prediction('oak', 0.8)),
    done('b.jpg', 2),
    row('c.jpg', 3, { status: 'failed' }),
    row('d.jpg', 4),
    done('../e.jpg', 5, prediction('../..', 0.5)),
  ];
  const files = sortedByClass(rows, { unsure: 'Not sure', failed: 'Unreadable' });
  assert.deepEqual(
    files.map(({ name }) => name),
    ['oak/a.jpg', 'oak/a (2).jpg', 'Not sure/b.jpg', 'Unreadable/c.jpg', '_/_e.jpg'],
  );
  assert.equal(files[0].file, rows[0].file);
});
