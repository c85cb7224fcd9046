/** Which of the catalogue's texts says what happened. Knows keys, not sentences. */

import { classText } from './language/class-names.js';
import { hasText, text } from './language/text.js';

/** @typedef {{title: string, body: string, retry: boolean}} CameraNotice `retry`: trying again may help */

/**
 * @param {string} code of a ClassifierError, or of the page's own
 * @returns {string} what went wrong and the way on, in a sentence or two
 */
export function errorMessage(code) {
  const key = `error-${code}`;
  return text(hasText(key) ? key : 'error-other');
}

/** Where trying the camera again changes nothing. */
const CAMERA_FINAL = new Set([
  'camera-starting',
  'camera-none',
  'camera-insecure',
  'camera-unsupported',
]);

/**
 * @param {string} code
 * @param {{userAgent: string, maxTouchPoints: number}} browser
 * @returns {CameraNotice}
 */
export function cameraNotice(code, browser) {
  const key = hasText(`${code}-title`) ? code : 'camera-failed';
  const body = code === 'camera-denied' ? howToAllow(browser) : text(key);
  return { title: text(`${key}-title`), body, retry: !CAMERA_FINAL.has(code) };
}

/**
 * @param {{userAgent: string, maxTouchPoints: number}} browser
 * @returns {string} how to allow the camera in this browser
 */
function howToAllow(browser) {
  const key = `denied-${browserKind(browser)}`;
  return hasText(key) ? `${text(key)} ${text('camera-none')}` : text('camera-denied');
}

/**
 * By reasons that come from another context, which could send any word.
 *
 * @type {Map<string, string>}
 */
const OFFLINE_FAILURES = new Map([
  ['unsupported', 'offline-unsupported-long'],
  ['blocked', 'offline-blocked-long'],
  ['unreachable', 'offline-unreachable-long'],
  ['registration-failed', 'offline-unreachable-long'],
  ['damaged', 'offline-damaged-long'],
  ['changed', 'offline-changed-long'],
  ['line-ends', 'offline-line-ends-long'],
  ['stale', 'offline-stale-long'],
  ['quota', 'offline-quota-long'],
  ['withdrawn', 'offline-withdrawn-long'],
]);

/** Those that trying again cannot mend, with what the page's corner says of each. */
const FINAL_FAILURES = new Map([
  ['unsupported', ''],
  ['blocked', 'offline-blocked'],
  ['withdrawn', ''],
]);

/**
 * Whether the app works without a connection.
 *
 * @param {import('./offline/offline.js').OfflineState} offline
 * @returns {{short: string, long: string, retriable: boolean}} for the page's corner, '' for nothing;
 *   for the About panel; whether trying again may help
 */
export function offlineText({ state, reason = 'internal', file = '', extras, waiting }) {
  switch (state) {
    case 'pending':
      return {
        short: text(waiting ? 'offline-waiting' : 'offline-saving'),
        long: text(waiting ? 'offline-waiting-long' : 'offline-saving-long'),
        retriable: false,
      };
    case 'ready': {
      const whole = extras === undefined || extras === 'ready';
      const long = text(whole ? 'offline-ready-long' : `offline-rest-${extras}-long`);
      return { short: text('offline-ready'), long, retriable: false };
    }
    case 'failed': {
      const short = FINAL_FAILURES.get(reason) ?? 'offline-failed';
      return {
        short: short && text(short),
        long: text(OFFLINE_FAILURES.get(reason) ?? 'offline-failed-long', { file }),
        retriable: !FINAL_FAILURES.has(reason),
      };
    }
  }
}

/**
 * What a live camera sees, in words that change as seldom as `createAnnouncer` in live/live.js says.
 *
 * @param {{words: string} | null} announced null for nothing yet
 */
export function liveText(announced) {
  return announced ? announced.words : text('status-live');
}

/**
 * An answer in words: "Most likely: espresso", "Probably espresso", "espresso or cup", "Not sure …".
 *
 * @param {import('../classifier/certainty.js').Certainty} certainty
 * @param {readonly import('./types.js').Prediction[]} predictions best first
 * @param {number} classes how many the model knows
 */
export function answerText(certainty, [first, second], classes) {
  if (certainty === 'foreign') return text('status-foreign', { count: classes });
  if (certainty === 'unsure' || !first) return text('status-unsure');
  const name = classText(first.className);
  if (certainty === 'either' && second) {
    return text('status-either', { name, other: classText(second.className) });
  }
  return text(certainty === 'sure' ? 'status-result' : 'status-probably', { name });
}

/**
 * The page's state in words: for `#status`, which screen readers read out whenever it changes.
 *
 * @param {import('./session.js').PageState} state
 * @param {{photo: boolean, answer: string}} about `photo`: one is frozen; `answer`: to it, in words
 */
export function statusText(state, { photo, answer }) {
  switch (state) {
    case 'loading':
      return text(photo ? 'status-waiting' : 'status-loading');
    case 'ready':
      return text('status-ready');
    case 'busy':
      return text('status-busy');
    case 'result':
      return answer;
    case 'error':
      return text('status-error');
  }
}

/**
 * @param {{userAgent: string, maxTouchPoints: number}} browser
 * @returns {'chromium' | 'android' | 'firefox' | 'safari' | 'ios' | ''} '' for another
 */
export function browserKind({ userAgent, maxTouchPoints }) {
  // Other browsers of iOS are Safari inside, with settings of their own.
  if (/CriOS|FxiOS|EdgiOS/.test(userAgent)) return '';
  // An iPad says that it is a Macintosh; no Macintosh has a touch screen.
  const mac = /Macintosh/.test(userAgent);
  if (/iPhone|iPad/.test(userAgent) || (mac && maxTouchPoints > 1)) return 'ios';
  if (userAgent.includes('Firefox/')) return 'firefox';
  if (/Chrome|Chromium/.test(userAgent)) return /Android/.test(userAgent) ? 'android' : 'chromium';
  return mac && userAgent.includes('Safari/') ? 'safari' : '';
}
