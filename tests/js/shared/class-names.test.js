import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';

import '../page/english.js';
import { fetchClassNames } from '../../../site_templates/app/shared/class-names.js';
import { tableAsCsv, tableAsJson } from '../../../site_templates/app/page/batch/export.js';
import { sortedByClass } from '../../../site_templates/app/page/batch/names.js';
import { count, select } from '../../../site_templates/app/page/batch/table.js';
import { search } from '../../../site_templates/app/page/history/search.js';
import {
  callClasses,
  citedText,
  classText,
  identifyClasses,
  loadClassNames,
} from '../../../site_templates/app/page/language/class-names.js';
import { answerText } from '../../../site_templates/app/page/messages.js';
import { answerText as sharedText } from '../../../site_templates/app/page/system/share-result.js';
import { done, prediction } from '../page/batch/rows.js';

const NAMES = { ash: 'Esche', fir: 'Tanne' };

afterEach(() => {
  callClasses({});
  identifyClasses({ labels: [] });
});

test('a class without another name goes by the one that it has in the model', () => {
  callClasses(NAMES);
  assert.equal(classText('ash'), 'Esche');
  assert.equal(classText('oak'), 'oak');
  assert.equal(classText('constructor'), 'constructor');
});

const BASE = 'https://example.org/a/';

/** @param {string[]} asked gets what is fetched */
const answering = (asked) => async (/** @type {string} */ url) => {
  asked.push(url);
  return Response.json(NAMES);
};

test('names are fetched where the site has some in the language of the page', async () => {
  /** @type {string[]} */
  const asked = [];
  const fetch = answering(asked);
  await loadClassNames({ app: 'app/1/' }, BASE, fetch);
  await loadClassNames({ app: 'app/1/', classNames: ['de'] }, BASE, fetch);
  assert.deepEqual(asked, []);
  await loadClassNames({ app: 'app/1/', classNames: ['de', 'en'] }, BASE, fetch);
  assert.deepEqual(asked, ['https://example.org/a/app/1/classes/en.json']);
  assert.equal(classText('fir'), 'Tanne');
});

test('a region is served by its language, and no language by another', async () => {
  /** @type {string[]} */
  const asked = [];
  const site = { app: 'app/1/', classNames: ['de', 'pt', 'zh-Hans'] };
  for (const language of ['de-AT', 'pt-BR', 'zh-TW', 'en', 'no tag', '']) {
    await fetchClassNames(site, BASE, language, answering(asked));
  }
  assert.deepEqual(
    asked.map((url) => url.split('/').at(-1)),
    ['de.json', 'pt.json'],
  );
});

test('names that cannot be had leave those of the model', async () => {
  const site = { app: 'app/1/', classNames: ['en'] };
  await loadClassNames(site, BASE, () => Promise.reject(new TypeError('Failed to fetch')));
  assert.equal(classText('ash'), 'ash');
  await loadClassNames(site, BASE, async () => new Response('{}', { status: 404 }));
  assert.equal(classText('ash'), 'ash');
});

test('all that people read has the names of their language', () => {
  callClasses(NAMES);
  const ash = prediction('ash', 0.5);
  const rows = [done('1.jpg', 0, prediction('fir', 0.5, 1)), done('2.jpg', 1, ash)];
  assert.match(answerText('sure', [ash], 3), /Esche/);
  assert.match(sharedText([ash]), /^Esche /);
  const [file] = sortedByClass(rows, { unsure: '', failed: '' });
  assert.match(file.name, /^Tanne\//);
  assert.equal(count(rows).classes.get(1)?.name, 'Tanne');
  const shown = select(rows, { order: 'class', kind: 'all', certainty: 0 });
  assert.deepEqual(
    shown.map(({ id }) => id),
    [1, 0],
  );
});

test('what goes to programs has the names of the model, beside those of a language', () => {
  callClasses(NAMES);
  const ash = prediction('ash', 0.5);
  const rows = [done('1.jpg', 0, ash)];
  assert.match(tableAsCsv(rows), /,class_1,name_1,probability_1,.*\r\n.*,ash,Esche,0\.500000,/);
  const table = JSON.parse(tableAsJson(rows, { title: '', version: '' }, ''));
  assert.deepEqual(table.photos[0].predictions, [{ ...ash, name: 'Esche' }]);
});

test('what leaves the app carries WordNet ids where the model has them', () => {
  identifyClasses({ labels: ['fir', 'ash'], wordNetIds: ['n2', 'n1'] });
  const ash = prediction('ash', 0.5);
  const rows = [done('1.jpg', 0, ash, prediction('taught', 0.25, 1))];
  assert.equal(sharedText([ash]), 'ash (n1): 50.00%');
  const [heading, line] = tableAsCsv(rows).split('\r\n');
  assert.match(heading, /,class_1,wordnet_id_1,probability_1,class_2,wordnet_id_2,probability_2,/);
  assert.match(line, /,ash,n1,0\.500000,taught,,0\.250000,/);
  const table = JSON.parse(tableAsJson(rows, { title: '', version: '' }, ''));
  assert.deepEqual(table.photos[0].predictions[0], { ...ash, wordNetId: 'n1' });
  callClasses(NAMES);
  assert.equal(citedText('fir'), 'Tanne (fir, n2)');
  assert.equal(citedText('taught'), 'taught');
  assert.match(tableAsCsv(rows), /,class_1,wordnet_id_1,name_1,probability_1,/);
});

test('the history is searched by the names that it shows', () => {
  callClasses(NAMES);
  const entry = {
    id: 1,
    when: 0,
    name: '',
    predictions: [prediction('ash', 0.5)],
    model: '',
    bytes: 0,
  };
  const found = (/** @type {string} */ query) => search([entry], query, () => '').length;
  assert.equal(found('esche'), 1);
  assert.equal(found('ash'), 0);
});
