import assert from 'node:assert/strict';
import { test } from 'node:test';

import { chooseLanguage } from '../../../site_templates/app/shared/choose-language.js';
import {
  hasText,
  speak,
  spokenLanguage,
  text,
} from '../../../site_templates/app/page/language/text.js';

const OFFERED = ['en', 'ar', 'de', 'pt', 'zh-Hans'];

test('the first wish that can be met counts', () => {
  for (const [wishes, expected] of [
    [['de'], 'de'],
    [['de-AT', 'en'], 'de'],
    [['sv', 'pt-BR', 'de'], 'pt'],
    [['zh-CN'], 'zh-Hans'],
    [['zh-TW', 'ar'], 'ar'],
    [['nb', 'sv'], 'en'],
    [[null, 'not a tag', '', 'de'], 'de'],
    [[], 'en'],
  ]) {
    assert.equal(chooseLanguage(OFFERED, /** @type {string[]} */ (wishes)), expected);
  }
});

const GERMAN = {
  language: 'Deutsch',
  direction: 'ltr',
  messages: { open: '{title} öffnen', seen: { one: '{count} Foto', other: '{count} Fotos' } },
};

test('placeholders are filled, numbers written and plurals chosen as the language has it', () => {
  speak('de', GERMAN);
  assert.equal(spokenLanguage(), 'de');
  assert.equal(text('open', { title: '<b>{count}</b>' }), '<b>{count}</b> öffnen');
  assert.equal(text('seen', { count: 1 }), '1 Foto');
  assert.equal(text('seen', { count: 1234 }), '1.234 Fotos');
});

test('a plural that a catalogue leaves out falls back to "other"', () => {
  speak('fr', { ...GERMAN, messages: { seen: { one: 'une', other: 'plusieurs' } } });
  assert.equal(text('seen', { count: 1_000_000 }), 'plusieurs');
});

test('texts that are not there are told apart', () => {
  speak('de', GERMAN);
  assert.equal(hasText('open'), true);
  assert.equal(hasText('toString'), false);
});
