/** The rooms beside the camera, each loaded when someone first enters it. */

import { createRooms } from './rooms.js';
import { createBadge } from './system/badge.js';
import { createRoomSwitch } from './view/rooms.js';

/** @typedef {import('./photo.js').Found} Found */

/**
 * @param {object} world
 * @param {import('./types.js').Site & {model: string}} world.site
 * @param {Pick<ReturnType<typeof import('./preferences.js').createPreferences>,
 *   'unsureBelow' | 'grayscale'>} world.preferences
 * @param {string} world.path of the site's root
 * @param {ReturnType<typeof import('./settings.js').createSettings>} world.settings
 * @param {Promise<unknown>} world.named settles when it is known what classes are called
 * @param {() => Promise<import('./types.js').Classifier>} world.ready the classifier, once it is loaded
 * @param {() => Promise<import('../classifier/pool.js').ClassifierPool>} world.loadPool
 * @param {ReturnType<typeof import('./system/wake-lock.js').createWakeLock>} world.wakeLock
 * @param {{hidden(): void, visible(): void, receive(photos: Found[]): void}} world.camera
 */
export function createSideRooms(world) {
  const { site, preferences, path, settings, named, ready, loadPool, wakeLock, camera } = world;
  const badge = createBadge();
  const showRoom = createRoomSwitch(() => rooms.close());
  const many = async () => {
    const { createManyRoom } = await innerRooms();
    return createManyRoom({
      site,
      preferences,
      ready,
      loadPool,
      wakeLock,
      remember,
      onDone: badge.finished,
    });
  };
  const manyOnce = once(many);
  const optIn = {
    get: () => settings.get('history') === true,
    set: (/** @type {boolean} */ on) => settings.set('history', on),
  };
  const historyOnce = once(async () => {
    const [{ createHistoryRoom }] = await Promise.all([innerRooms(), named]);
    return createHistoryRoom({ site, path, ready, optIn });
  });
  const rooms = createRooms({
    doors: { many: manyOnce, history: historyOnce },
    show(name) {
      showRoom(name);
      if (name) camera.hidden();
      else camera.visible();
    },
  });

  /**
   * Keep an answer, where the person wants that.
   *
   * @param {Blob | HTMLCanvasElement} photo
   * @param {readonly import('./types.js').Prediction[]} predictions
   * @param {boolean} grayscale whether the photo was seen in shades of gray
   */
  async function remember(photo, predictions, grayscale) {
    if (optIn.get()) await (await historyOnce()).remember(photo, predictions, grayscale);
  }

  /** It stays when the person switches it off, and asking for its size would make one. */
  async function isHistoryThere() {
    if (optIn.get()) return true;
    const { databaseName } = await innerRooms();
    const databases = (await indexedDB.databases?.()) ?? [];
    return databases.some(({ name }) => name === databaseName(path));
  }

  /** @param {Found[]} photos */
  async function openMany(photos) {
    rooms.open('many');
    (await manyOnce()).add(photos);
  }

  return {
    follow: rooms.follow,
    openMany,

    /** @param {Found[]} photos what was picked, dropped or pasted */
    receive(photos) {
      if (rooms.current === 'many') openMany(photos);
      else {
        rooms.close();
        camera.receive(photos);
      }
    },

    remember,

    /** What counts as sure is another thing now. Who enters later finds it judged so. */
    async judgeAnew() {
      if (rooms.current === 'many') (await manyOnce()).judgeAnew();
    },

    /** @returns {Promise<number>} bytes that the history takes */
    async historyBytes() {
      return (await isHistoryThere()) ? (await historyOnce()).bytes() : 0;
    },

    /** The page is in front again: the camera is needed only where it is seen. */
    visible() {
      if (!rooms.current) camera.visible();
    },
  };
}

const innerRooms = () => import('./inner-rooms.js');

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
