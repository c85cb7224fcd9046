import assert from 'node:assert/strict';
import { test } from 'node:test';

import { cell, tableAsCsv, tableAsJson } from '../../../../site_templates/app/page/batch/export.js';
import { done, prediction, row } from './rows.js';

for (const [text, written] of [
  ['oak', 'oak'],
  ['great white shark, "Jaws"', '"great white shark, ""Jaws"""'],
  ['two\nlines', '"two\nlines"'],
  ['=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['\r=1', '"\'\r=1"'],
  ['＝1', "'＝1"],
  ['﹦1', "'﹦1"],
  [' =1', "' =1"],
  ['\u200b=1', "'=1"],
  ['\ufeff@SUM(A1)', "'@SUM(A1)"],
  ['−1', "'−1"],
  ['gpj.\u202eexe', 'gpj.exe'],
  ['\u2066a\u2069\u061c\u200eb\0c\x1b[31m', 'abc[31m'],
  ['👩\u200d🌾.png', '👩\u200d🌾.png'],
  ['می\u200cخواهم', 'می\u200cخواهم'],
  ['كلب.jpg', 'كلب.jpg'],
  ['2.jpg', '2.jpg'],
  ['_x', '_x'],
  ['../x', '../x'],
  ["'quoted", "'quoted"],
  ['', ''],
]) {
  test(`a cell of ${JSON.stringify(text)}`, () => assert.equal(cell(text), written));
}

const ROWS = [
  done('=a.jpg', 0, prediction('oak, red', 0.75), prediction('elm', 0.25)),
  row('b.jpg', 1, { status: 'failed', error: 'not-an-image' }),
];

test('a table has a line for each photo, and a mark of UTF-8', () => {
  assert.equal(
    tableAsCsv(ROWS),
    '\ufefffile,status,certainty,class_1,probability_1,class_2,probability_2,milliseconds,error\r\n' +
      '\'=a.jpg,done,sure,"oak, red",0.750000,elm,0.250000,10,\r\n' +
      'b.jpg,failed,,,,,,,not-an-image\r\n',
  );
});

test('JSON has the same, as data', () => {
  const { photos, model, format } = JSON.parse(
    tableAsJson(ROWS, { title: 'Trees', version: '1' }, 'MobileNet'),
  );
  assert.equal(format, 1);
  assert.equal(model, 'MobileNet');
  assert.deepEqual(photos[0].predictions[0], prediction('oak, red', 0.75));
  assert.deepEqual(photos[1], {
    file: 'b.jpg',
    status: 'failed',
    error: 'not-an-image',
    predictions: [],
    milliseconds: 0,
  });
});
