/** Which of the catalogue's texts says what happened. Knows keys, not sentences. */

import { browserKind } from './browser-kind.js';
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
  const body = code === 'camera-denied' ? wayToAllow(browser) : text(key);
  return { title: text(`${key}-title`), body, retry: !CAMERA_FINAL.has(code) };
}

/**
 * @param {{userAgent: string, maxTouchPoints: number}} browser
 * @returns {string} where in this browser a no becomes a yes
 */
function wayToAllow(browser) {
  const way = `denied-${browserKind(browser)}`;
  return hasText(way) ? `${text(way)} ${text('camera-none')}` : text('camera-denied');
}

/**
 * By reasons that come from another context, which could send any word.
 *
 * @type {Map<string, string>}
 */
const OFFLINE_FAILURES = new Map([
  ['unsupported', 'offline-unsupported-long'],
  ['unreachable', 'offline-unreachable-long'],
  ['registration-failed', 'offline-unreachable-long'],
  ['damaged', 'offline-damaged-long'],
  ['quota', 'offline-quota-long'],
  ['withdrawn', 'offline-withdrawn-long'],
]);

/** Those that trying again cannot mend. */
const FINAL_FAILURES = new Set(['unsupported', 'withdrawn']);

/**
 * Whether the app works without a connection.
 *
 * @param {import('./offline.js').OfflineState} offline
 * @returns {{short: string, long: string, retriable: boolean}} for the page's corner, '' for nothing;
 *   for the About panel; whether trying again may help
 */
export function offlineText({ state, reason = 'internal' }) {
  switch (state) {
    case 'pending':
      return { short: text('offline-saving'), long: text('offline-saving-long'), retriable: false };
    case 'ready':
      return { short: text('offline-ready'), long: text('offline-ready-long'), retriable: false };
    case 'failed':
      return {
        short: FINAL_FAILURES.has(reason) ? '' : text('offline-failed'),
        long: text(OFFLINE_FAILURES.get(reason) ?? 'offline-failed-long'),
        retriable: !FINAL_FAILURES.has(reason),
      };
  }
}

/**
 * What a live camera sees, in words that change as seldom as `live/telling.js` says.
 *
 * @param {{best: string | null} | null} told `best`: null where it isn't sure; null for nothing yet
 */
export function liveText(told) {
  if (!told) return text('status-live');
  return resultText(told.best);
}

/** @param {string | null} best null: not certain enough */
function resultText(best) {
  return best === null ? text('status-unsure') : text('status-result', { name: classText(best) });
}

/**
 * The page's state in words: for `#status`, which screen readers read out whenever it changes.
 *
 * @param {import('./session.js').PageState} state
 * @param {{photo: boolean, best: string | null}} about `photo`: one is frozen; `best`: the first
 *   prediction's name, if any is certain enough
 */
export function statusText(state, { photo, best }) {
  switch (state) {
    case 'loading':
      return text(photo ? 'status-waiting' : 'status-loading');
    case 'ready':
      return text('status-ready');
    case 'busy':
      return text('status-busy');
    case 'result':
      return resultText(best);
    case 'error':
      return text('status-error');
  }
}
