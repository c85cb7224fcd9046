/**
 * What happens when: turns what a person does, and what the camera and the model report, into events
 * of the session, and shows each new session. Everything that touches the world is handed in.
 */

import { certaintyOf } from '../classifier/certainty.js';
import { QUIET_MS } from '../shared/page-timeouts.js';
import { createWatch } from './deadlines.js';
import { listed } from './listed.js';
import { isCameraRunning, mayStartCamera } from './camera/visibility.js';
import { INITIAL_SESSION, isLive, maySwitchCamera, reduce, trigger } from './session.js';

/**
 * @typedef {import('./types.js').Classifier} Classifier
 * @typedef {import('./types.js').Site} Site
 * @typedef {import('./camera/camera.js').Camera} Camera
 * @typedef {import('./intake/photo-files.js').Found} Found
 * @typedef {Pick<ReturnType<typeof import('../shared/settings.js').createSettings>, 'get' | 'set'>} Settings
 * @typedef {Pick<ReturnType<typeof import('./view.js').createView>, 'render' | 'describeModel'
 *   | 'showCamera' | 'showTools' | 'freezeCamera' | 'nextFrame' | 'showFile' | 'releasePhoto' | 'openPicker'>} View
 */

/**
 * @param {{site: Site, camera: Pick<Camera, 'start' | 'stop' | 'next' | 'describe'
 *   | 'setTorch' | 'setZoom'>, view: View,
 *   settings: Settings,
 *   preferences: Pick<ReturnType<typeof import('./preferences.js').createPreferences>,
 *     'limits' | 'grayscale'>,
 *   loadClassifier: (onProgress: (progress: {loaded: number, total: number}) => void) => Promise<Classifier>,
 *   followLive: ReturnType<typeof import('./live/live.js').createLive>,
 *   onReady: (classifier: Classifier) => void,
 *   onBackend: (backend: string) => void,
 *   onAnswer: (classifier: Classifier, answer: Answered | null) => void,
 *   onMany: (photos: Found[]) => void, watchSilence?: typeof createWatch}} world `onAnswer`: called with null for a frame of the live camera;
 *   `onMany`: more photos than one came at once
 *
 * @typedef {object} Answered
 * @property {Blob | HTMLCanvasElement} photo
 * @property {import('./types.js').Prediction[]} predictions best first
 * @property {import('../classifier/certainty.js').Certainty} certainty
 * @property {boolean} grayscale whether it was seen in shades of gray
 * @property {boolean} again the same photo as before, seen otherwise
 */
export function createController(world) {
  const {
    site,
    camera,
    view,
    settings,
    preferences,
    loadClassifier,
    followLive,
    onReady,
    onBackend,
    onAnswer,
    onMany,
    watchSilence = createWatch,
  } = world;
  let session = INITIAL_SESSION;
  /** @type {Classifier | null} */
  let classifier = null;
  /** @type {Blob | HTMLCanvasElement | null} */
  let source = null;
  /** @type {Blob | HTMLCanvasElement | null} answered last: seen in another way it is not a new photo */
  let answeredPhoto = null;
  let question = new AbortController();

  /** @param {import('./session.js').SessionEvent} event */
  function dispatch(event) {
    const wasRunning = isCameraRunning(session);
    session = reduce(session, event);
    if (wasRunning && !isCameraRunning(session)) camera.stop();
    view.render(session);
    followLive(isLive(session) ? classifier : null, liveListener);
  }

  /** @type {Parameters<typeof followLive>[1]} */
  const liveListener = {
    onWords: (words) => dispatch({ type: 'live-words', words }),
    onFailed: (error) => dispatch({ type: 'live-failed', code: codeOf(error) }),
    onSeen(seer) {
      onAnswer(seer, null);
      const { backend } = seer;
      if (backend === session.model.backend) return;
      onBackend(backend);
      dispatch({ type: 'live-backend', backend });
    },
  };

  async function loadModel() {
    dispatch({ type: 'model-loading' });
    const watch = watchSilence(QUIET_MS, () => dispatch({ type: 'model-quiet' }));
    watch.sign();
    try {
      classifier = await loadClassifier((progress) => {
        watch.sign();
        // From here on the page computes, and waits for no host.
        if (progress.loaded === progress.total) watch.stop();
        dispatch({ type: 'model-progress', ...progress });
      });
    } catch (error) {
      const code = codeOf(error, 'model-failed');
      // Ended by the person, who has the app taken off the device.
      if (code !== 'aborted') dispatch({ type: 'model-failed', code });
      return;
    } finally {
      watch.stop();
    }
    view.describeModel(classifier);
    dispatch({ type: 'model-ready', backend: classifier.backend });
    onReady(classifier);
    onBackend(classifier.backend);
    await answer();
  }

  /** @returns {Promise<boolean>} whether it is live, and no later start or stop overtook this one */
  async function startCamera(choice = settings.get('camera') ?? {}) {
    dispatch({ type: 'camera-starting' });
    // Its picture cannot be seen just now.
    if (!isCameraRunning(session)) return false;
    try {
      const live = await camera.start(choice);
      if (!live) return false;
      view.showCamera(live);
      view.showTools(live);
      dispatch({ type: 'camera-live', switchable: live.switchable });
      return true;
    } catch (error) {
      dispatch({ type: 'camera-failed', code: codeOf(error) });
      return false;
    }
  }

  async function switchCamera() {
    if (maySwitchCamera(session)) await changeCamera(await camera.next());
  }

  /** @param {import('./camera/camera.js').CameraChoice} choice */
  async function changeCamera(choice) {
    // Remembered only once it works: else a broken camera would be asked for at each visit.
    if (await startCamera(choice)) settings.set('camera', choice);
  }

  /** The list of lenses has changed, and maybe whether there is another to switch to. */
  async function describeCamera() {
    const live = await camera.describe();
    if (!live) return;
    view.showTools(live);
    dispatch({ type: 'camera-live', switchable: live.switchable });
  }

  /** The picture may be in view again, or a camera there again. */
  function startWhereSeen() {
    if (mayStartCamera(session)) startCamera();
  }

  /** @param {Blob | HTMLCanvasElement} photo */
  function take(photo) {
    question.abort();
    source = photo;
    dispatch({ type: 'photo-taken' });
    return answer();
  }

  /** Ask the model about the frozen photo, if both are there and it wasn't asked yet. */
  async function answer() {
    const id = session.photo?.id;
    if (!classifier || !source || id === undefined || session.answer) return;
    question = new AbortController();
    const started = performance.now();
    try {
      const { signal } = question;
      const photo = source;
      const { grayscale } = preferences;
      const topK = Math.max(site.topK, 2);
      const found = await classifier.classify(photo, { topK, signal, grayscale });
      // Not always the one it started with: a GPU may fail later.
      const { backend } = classifier;
      if (backend !== session.model.backend) onBackend(backend);
      const predictions = listed(found.predictions, site);
      const certainty = certaintyOf(found, preferences.limits);
      const milliseconds = performance.now() - started;
      dispatch({ type: 'answered', id, predictions, certainty, milliseconds, backend });
      if (id !== session.photo?.id) return;
      onAnswer(classifier, {
        photo,
        predictions,
        certainty,
        grayscale,
        again: photo === answeredPhoto,
      });
      answeredPhoto = photo;
    } catch (error) {
      dispatch({ type: 'answer-failed', id, code: codeOf(error) });
    }
  }

  /** Take what the camera sees. One that has just started may need a moment for its first picture. */
  async function shoot() {
    const canvas = view.freezeCamera();
    if (canvas) {
      take(canvas);
      return;
    }
    const came = await view.nextFrame();
    // Something else may have happened meanwhile.
    if (trigger(session) !== 'shoot') return;
    const late = came ? view.freezeCamera() : null;
    if (late) take(late);
    else dispatch({ type: 'photo-refused', code: 'camera-blank' });
  }

  function back() {
    question.abort();
    source = null;
    answeredPhoto = null;
    view.releasePhoto();
    dispatch({ type: 'photo-left' });
    startWhereSeen();
  }

  return {
    loadModel,
    startCamera: () => startCamera(),
    switchCamera,

    /** @param {string} deviceId */
    async chooseLens(deviceId) {
      if (maySwitchCamera(session)) await changeCamera({ deviceId });
    },

    setTorch: (/** @type {boolean} */ on) => camera.setTorch(on),
    setZoom: (/** @type {number} */ value) => camera.setZoom(value),

    /** @param {boolean} wanted whether what the camera sees is to be classified all the time */
    setLive: (wanted) => dispatch({ type: 'live-wanted', wanted }),

    /** Files that the model lacked may be on the device now. */
    filesArrived() {
      if (session.model.phase === 'failed') loadModel();
    },

    /** The one big button. */
    trigger() {
      const action = trigger(session);
      if (action === 'shoot') shoot();
      else if (action === 'back') back();
      else if (action !== 'wait') view.openPicker();
    },

    /** @param {Found[]} photos what was picked, dropped or pasted */
    receive(photos) {
      if (photos.length > 1) {
        dispatch({ type: 'photos-elsewhere' });
        onMany(photos);
        return;
      }
      if (!photos.length) {
        dispatch({ type: 'photo-refused', code: 'no-file' });
        return;
      }
      const [{ file }] = photos;
      view.showFile(file);
      take(file);
    },

    /** Photos are to be seen in another way from now on, the one in view included. */
    lookAgain() {
      if (source && session.photo) take(source);
    },

    /**
     * @param {number} classIndex
     * @returns {Promise<import('../classifier/types.js').ClassActivationMap | null>} where the photo in
     *   view shows it; null where there is no photo any more
     */
    async explain(classIndex) {
      if (!classifier || !source) return null;
      const asked = session.photo?.id;
      const { grayscale } = preferences;
      const map = await classifier.explain(source, classIndex, { grayscale });
      return asked === session.photo?.id ? map : null;
    },

    /**
     * The camera's picture cannot be seen any more: its light goes out.
     *
     * @param {import('./camera/visibility.js').Cover} [by]
     */
    hidden: (by = 'page') => dispatch({ type: 'covered', by }),

    /**
     * This cover is gone: the picture could be seen again.
     *
     * @param {import('./camera/visibility.js').Cover} [by]
     */
    visible(by = 'page') {
      dispatch({ type: 'uncovered', by });
      startWhereSeen();
    },

    /** @param {string} code why */
    cameraLost(code) {
      camera.stop();
      dispatch({ type: 'camera-failed', code });
    },

    /** Cameras came or went. */
    cameraPlugged() {
      if (session.camera.phase === 'live') describeCamera();
      dispatch({ type: 'camera-plugged' });
      startWhereSeen();
    },

    /** The person now allows the camera after all. */
    cameraAllowed() {
      dispatch({ type: 'camera-allowed' });
      startWhereSeen();
    },
  };
}

/**
 * @param {unknown} error
 * @param {string} [unknown] the code where the error has none that says more
 */
function codeOf(error, unknown = 'internal') {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'internal';
  return code === 'internal' ? unknown : code;
}
