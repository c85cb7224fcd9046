/** The screens beside the camera, each loaded when someone first enters it. */

import { createHistoryLater } from '../history/later.js';
import { loadPart } from './load-module.js';
import { createRouter } from './router.js';
import { createBadge } from '../system/badge.js';
import { createScreenSwitch } from './switch.js';

/** @typedef {import('../intake/photo-files.js').Found} Found */

/**
 * @param {object} world
 * @param {import('../types.js').Site & {model: string}} world.site
 * @param {Pick<ReturnType<typeof import('../preferences.js').createPreferences>,
 *   'limits' | 'grayscale'>} world.preferences
 * @param {string} world.root absolute URL of the site's root
 * @param {ReturnType<typeof import('../../shared/settings.js').createSettings>} world.settings
 * @param {Promise<unknown>} world.named settles when it is known what classes are called
 * @param {() => Promise<import('../types.js').Classifier>} world.ready the classifier, once it is loaded
 * @param {() => Promise<import('../../classifier/pool.js').ClassifierPool>} world.loadPool
 * @param {ReturnType<typeof import('../system/wake-lock.js').createWakeLock>} world.wakeLock
 * @param {AbortSignal} world.signal the app is being taken off the device
 * @param {Pick<import('../types.js').Controller, 'hidden' | 'visible' | 'receive'>} world.camera
 */
export function createScreens(world) {
  const { site, preferences, root, settings, named, ready, loadPool, wakeLock, signal } = world;
  const { camera } = world;
  const badge = createBadge();
  const showScreen = createScreenSwitch({
    close: () => screens.close(),
    again: () => screens.again(),
  });
  const many = async () => {
    const { createManyScreen } = await lazyScreens();
    return createManyScreen({
      site,
      preferences,
      ready,
      loadPool,
      wakeLock,
      remember: later.remember,
      onDone: badge.finished,
    });
  };
  const manyOnce = once(many);
  const choice = (/** @type {string} */ name) => ({
    get: () => settings.get(name) === true,
    set: (/** @type {boolean} */ on) => settings.set(name, on),
  });
  const optIn = choice('history');
  const forgetting = choice('history-forgetting');
  const historyOnce = once(async () => {
    const [{ createHistoryScreen }] = await Promise.all([lazyScreens(), named]);
    return createHistoryScreen({ site, root, ready, optIn, forgetting, signal });
  });
  const later = createHistoryLater({ wanted: optIn.get, load: historyOnce });
  /** @type {Found[]} photos for the table of many, until it is there */
  let arrived = [];
  const screens = createRouter({
    doors: {
      async many() {
        const screen = await manyOnce();
        const photos = arrived;
        arrived = [];
        screen.add(photos);
        return screen;
      },
      async history() {
        const screen = await historyOnce();
        later.keepWaiting();
        return screen;
      },
    },
    show(name, view, error) {
      showScreen(name, view, { error, photos: name === 'many' ? arrived.length : 0 });
      if (name) camera.hidden('screen');
      else camera.visible('screen');
    },
  });

  window.addEventListener('online', later.keepWaiting);

  /** @param {Found[]} photos */
  function openMany(photos) {
    arrived.push(...photos);
    if (screens.current === 'many') screens.enter();
    else screens.open('many');
  }

  return {
    follow: screens.follow,
    openMany,

    /** @param {Found[]} photos what was picked, dropped or pasted */
    receive(photos) {
      if (screens.current === 'many') {
        openMany(photos);
        return;
      }
      camera.receive(photos);
      // Not before: the camera would be started for a moment. Several photos have opened a screen of their own.
      if (photos.length < 2) screens.close();
    },

    remember: later.remember,

    /** The connection or the offline copy may be there now: what could not be loaded is tried again. */
    again() {
      screens.again();
      later.keepWaiting();
    },

    /** The limit for a sure answer has changed. A screen that is entered later applies it by itself. */
    async judgeAnew() {
      if (screens.current === 'many') (await manyOnce().catch(() => null))?.judgeAnew();
    },

    /** @returns {Promise<number>} bytes that the history takes, also when it is switched off */
    async historyBytes() {
      return (await historyOnce()).bytes();
    },
  };
}

/** @returns {Promise<typeof import('./lazy.js')>} */
function lazyScreens() {
  // A page of the user's own templates may not name them: then the import alone says what is missing.
  const names = document.getElementById('app')?.dataset.screens?.split(' ') ?? [];
  const urls = names.map((name) => new URL(name, document.baseURI).href);
  return loadPart(urls, () => import('./lazy.js'));
}

/**
 * @template T
 * @param {() => Promise<T>} load
 * @returns {() => Promise<T>} loads once; after a failure again
 */
function once(load) {
  /** @type {Promise<T> | null} */
  let loaded = null;
  return () => {
    loaded ??= load().catch((error) => {
      loaded = null;
      throw error;
    });
    return loaded;
  };
}
