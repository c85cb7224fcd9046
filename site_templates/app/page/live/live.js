/** The live mode: what the camera sees, classified all the time, while the page says that it should be. */

import { certaintyOf } from '../../classifier/certainty.js';
import { listed } from '../listed.js';
import { answerText } from '../messages.js';
import { busyShare, createPace } from './pace.js';
import { createSmoothing } from './smoothing.js';
import { watch } from './watch.js';

/** As many classes are averaged; of the rest each has too little to matter. */
const AVERAGED = 20;

/**
 * @typedef {import('../types.js').Classifier} Classifier
 * @typedef {{charging: boolean, level: number}} Battery
 * @typedef {{getBattery?: () => Promise<Battery>}} Browser
 */

/**
 * @param {object} world
 * @param {Pick<import('../types.js').Site, 'topK' | 'threshold'>} world.site
 * @param {Pick<ReturnType<typeof import('../preferences.js').createPreferences>,
 *   'limits' | 'grayscale'>} world.preferences
 * @param {{liveFrame(): HTMLVideoElement | null,
 *   showLive(predictions: import('../types.js').Prediction[],
 *     certainty: import('../../classifier/certainty.js').Certainty): void,
 *   showSpeed(speed: import('./pace.js').Speed): void}} world.view
 * @param {{hold(reason: string): void, release(reason: string): void}} world.wakeLock
 * @param {() => boolean} [world.resting] whether the device has something else to do for a moment
 * @param {Browser} [world.browser]
 * @param {typeof watch} [world.watching]
 */
export function createLive({
  site,
  preferences,
  view,
  wakeLock,
  resting = () => false,
  browser = /** @type {Browser} */ (navigator),
  watching = watch,
}) {
  /** @type {{classifier: Classifier, end: AbortController} | null} */
  let running = null;
  /** @type {Battery | null} */
  let battery = null;

  async function askBattery() {
    try {
      battery ??= (await browser.getBattery?.()) ?? null;
    } catch {
      // This page may not know the battery: the usual pace will do.
    }
  }

  /**
   * @param {Classifier} classifier
   * @param {AbortSignal} signal
   * @param {Listener} listener
   */
  async function run(classifier, signal, listener) {
    const pace = createPace(() => busyShare(battery));
    const smoothing = createSmoothing(Math.max(site.topK, 2));
    const announce = createAnnouncer(listener.onWords);
    try {
      await watching({
        signal,
        look() {
          const frame = resting() ? null : view.liveFrame();
          const { grayscale } = preferences;
          return frame && classifier.classify(frame, { topK: AVERAGED, signal, grayscale });
        },
        onSeen(seen, started, ended) {
          const steady = smoothing.add(seen, ended);
          const { limits } = preferences;
          const certainty = certaintyOf(steady, limits);
          view.showLive(listed(steady.predictions, site), certainty);
          announce(answerText(certainty, steady.predictions, limits.classes), ended);
          listener.onSeen(classifier);
          const { pause, speed } = pace.took(started, ended);
          view.showSpeed(speed);
          return pause;
        },
      });
    } catch (error) {
      listener.onFailed(error);
    }
  }

  /**
   * @typedef {object} Listener
   * @property {(words: string) => void} onWords what is in view now, in words
   * @property {(classifier: Classifier) => void} onSeen after each frame
   * @property {(error: unknown) => void} onFailed
   *
   * Run with a classifier, or rest with null; to be called whenever anything changes.
   *
   * @param {Classifier | null} classifier
   * @param {Listener} listener
   */
  return function follow(classifier, listener) {
    if (classifier === (running?.classifier ?? null)) return;
    running?.end.abort();
    running = null;
    if (!classifier) {
      wakeLock.release('live');
      return;
    }
    running = { classifier, end: new AbortController() };
    wakeLock.hold('live');
    askBattery();
    run(classifier, running.end.signal, listener);
  };
}

/** Milliseconds from one announcement to the next at the least. */
export const QUIET = 3000;

/**
 * @param {(words: string) => void} announce
 */
export function createAnnouncer(announce) {
  /** @type {string | undefined} */
  let last;
  let when = -Infinity;

  /**
   * @param {string} words what the frames show now
   * @param {number} now milliseconds of any clock
   */
  return (words, now) => {
    if (words === last || now - when < QUIET) return;
    last = words;
    when = now;
    announce(words);
  };
}
