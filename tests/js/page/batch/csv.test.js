import assert from 'node:assert/strict';
import { test } from 'node:test';

import { cell, tableAsCsv } from '../../../../site_templates/app/page/batch/csv.js';
import { tableAsJson } from '../../../../site_templates/app/page/batch/json.js';
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
    '\ufefffile,status,class_1,probability_1,class_2,probability_2,milliseconds,error\r\n' +
      '\'=a.jpg,done,"oak, red",0.750000,elm,0.250000,10,\r\n' +
      'b.jpg,failed,,,,,,not-an-image\r\n',
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
