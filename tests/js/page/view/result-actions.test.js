import assert from 'node:assert/strict';
import { test } from 'node:test';

import { createBadge } from '../../../../site_templates/app/page/system/badge.js';
import { createInstallOffer } from '../../../../site_templates/app/page/system/install.js';
import {
  answerText,
  shareAnswer,
} from '../../../../site_templates/app/page/system/share-result.js';
import { prediction } from '../batch/rows.js';

const ANSWER = [
  prediction('oak', 0.75),
  prediction('elm', 0.1),
  prediction('fir', 0.05),
  prediction('ash', 0),
];
const PHOTO = new File(['x'], 'a.jpg');

/** @param {object} can */
function browserWith(can) {
  /** @type {any[]} */
  const calls = [];
  const browser = {
    share: async (/** @type {any} */ data) => calls.push(data),
    canShare: () => true,
    clipboard: { writeText: async (/** @type {string} */ text) => calls.push(text) },
    ...can,
  };
  return { calls, browser: /** @type {any} */ (browser) };
}

test('an answer is told in three lines at most', () => {
  assert.equal(answerText(ANSWER), 'oak: 75.00%\nelm: 10.00%\nfir: 5.00%');
});

test('the system gets the photo where it takes files, else the words alone', async () => {
  const { browser, calls } = browserWith({});
  assert.equal(await shareAnswer('Trees', PHOTO, ANSWER, browser), '');
  assert.deepEqual(calls[0].files, [PHOTO]);
  const words = browserWith({ canShare: (/** @type {any} */ data) => !data.files });
  assert.equal(await shareAnswer('Trees', PHOTO, ANSWER, words.browser), '');
  assert.equal(words.calls[0].files, undefined);
});

test('without a share sheet the answer is copied, and the person told', async () => {
  const { browser, calls } = browserWith({ canShare: undefined });
  assert.equal(await shareAnswer('Trees', PHOTO, ANSWER, browser), 'copied');
  assert.deepEqual(calls, [answerText(ANSWER)]);
  const refusing = browserWith({ canShare: undefined, clipboard: undefined });
  assert.equal(await shareAnswer('Trees', PHOTO, ANSWER, refusing.browser), 'not-copied');
});

test('who thinks better of sharing has nothing copied', async () => {
  const share = () => Promise.reject(new DOMException('', 'AbortError'));
  const { browser, calls } = browserWith({ share });
  assert.equal(await shareAnswer('Trees', PHOTO, ANSWER, browser), '');
  assert.deepEqual(calls, []);
});

function installable() {
  /** @type {Map<string, unknown>} */
  const kept = new Map();
  /** @type {boolean[]} */
  const shown = [];
  let prompts = 0;
  const page = new EventTarget();
  const offer = createInstallOffer({
    settings: { get: (name) => kept.get(name), set: (name, value) => void kept.set(name, value) },
    show: (is) => shown.push(is),
    page,
  });
  const mayInstall = () => {
    const event = Object.assign(new Event('beforeinstallprompt', { cancelable: true }), {
      prompt: async () => (prompts += 1),
    });
    page.dispatchEvent(event);
    return event;
  };
  return { offer, shown, mayInstall, prompts: () => prompts };
}

test('the app offers itself after its first answer, not before', () => {
  const { offer, shown, mayInstall, prompts } = installable();
  assert.equal(mayInstall().defaultPrevented, true);
  assert.deepEqual(shown, []);
  offer.answered();
  assert.deepEqual(shown, [true]);
  offer.accept();
  assert.equal(prompts(), 1);
  assert.deepEqual(shown, [true, false]);
});

test('a no is remembered', () => {
  const { offer, shown, mayInstall } = installable();
  mayInstall();
  offer.answered();
  offer.decline();
  mayInstall();
  offer.answered();
  assert.deepEqual(shown, [true, false]);
});

test('a badge tells of work that ended unseen, until someone looks', () => {
  /** @type {string[]} */
  const calls = [];
  const page = Object.assign(new EventTarget(), { hidden: false });
  const badge = createBadge(
    {
      setAppBadge: async (count) => void calls.push(`set ${count}`),
      clearAppBadge: async () => void calls.push('clear'),
    },
    /** @type {any} */ (page),
  );
  badge.finished(3);
  page.hidden = true;
  badge.finished(7);
  page.hidden = false;
  page.dispatchEvent(new Event('visibilitychange'));
  assert.deepEqual(calls, ['set 7', 'clear']);
});
