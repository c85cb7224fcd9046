/** The live mode: what the camera sees, classified all the time, while the page says that it should be. */

import { isSure } from '../certainty.js';
import { busyShare, createPace } from './pace.js';
import { createSmoothing } from './smoothing.js';
import { createTelling } from './telling.js';
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
 *   'unsureBelow' | 'grayscale'>} world.preferences
 * @param {{liveFrame(): HTMLVideoElement | null,
 *   showLive(predictions: import('../types.js').Prediction[], sure: boolean): void,
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
      // Not told to this page: the usual pace will do.
    }
  }

  /**
   * @param {Classifier} classifier
   * @param {AbortSignal} signal
   * @param {Listener} listener
   */
  async function run(classifier, signal, listener) {
    const pace = createPace(() => busyShare(battery));
    const smoothing = createSmoothing(site.topK);
    const tell = createTelling(listener.onTold);
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
          const sure = isSure(steady, preferences.unsureBelow);
          const predictions = steady.predictions.filter(
            ({ probability }) => probability >= site.threshold,
          );
          view.showLive(predictions, sure);
          tell(sure ? steady.predictions[0].className : null, ended);
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
   * @property {(best: string | null) => void} onTold what is in view now, in a word; null: not sure
   * @property {(classifier: Classifier) => void} onSeen after each frame
   * @property {(error: unknown) => void} onFailed
   *
   * Run with a classifier, or rest with null; asked as often as anything changes.
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
