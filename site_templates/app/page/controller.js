/**
 * What happens when: turns what a person does, and what the camera and the model report, into events
 * of the session, and shows each new session. Everything that touches the world is handed in.
 */

import { isSure } from './certainty.js';
import {
  INITIAL_SESSION,
  isLive,
  mayStartCamera,
  maySwitchCamera,
  reduce,
  trigger,
} from './session.js';

/**
 * @typedef {import('./types.js').Classifier} Classifier
 * @typedef {import('./types.js').Site} Site
 * @typedef {import('./camera.js').Camera} Camera
 * @typedef {import('./photo.js').Found} Found
 * @typedef {Pick<ReturnType<typeof import('./settings.js').createSettings>, 'get' | 'set'>} Settings
 * @typedef {Pick<ReturnType<typeof import('./view.js').createView>, 'render' | 'describeModel'
 *   | 'showCamera' | 'showTools' | 'freezeCamera' | 'showFile' | 'releasePhoto' | 'openPicker'>} View
 */

/**
 * @param {{site: Site, camera: Pick<Camera, 'start' | 'stop' | 'next' | 'describe'
 *   | 'setTorch' | 'setZoom'>, view: View,
 *   settings: Settings,
 *   preferences: Pick<ReturnType<typeof import('./preferences.js').createPreferences>,
 *     'unsureBelow' | 'grayscale'>,
 *   loadClassifier: (onProgress: (progress: {loaded: number, total: number}) => void) => Promise<Classifier>,
 *   followLive: ReturnType<typeof import('./live/live.js').createLive>,
 *   onReady: (classifier: Classifier) => void,
 *   onBackend: (backend: string) => void,
 *   onAnswer: (classifier: Classifier, answer: Answered | null) => void,
 *   onMany: (photos: Found[]) => void}} world `onAnswer`: told null of a frame of the live camera;
 *   `onMany`: more photos than one came at once
 *
 * @typedef {object} Answered
 * @property {Blob | HTMLCanvasElement} photo
 * @property {import('./types.js').Prediction[]} predictions best first
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
  } = world;
  let session = INITIAL_SESSION;
  /** @type {Classifier | null} */
  let classifier = null;
  /** @type {Blob | HTMLCanvasElement | null} */
  let source = null;
  /** @type {Blob | HTMLCanvasElement | null} answered last: seen otherwise it is no new photo */
  let told = null;
  let question = new AbortController();

  /** @param {import('./session.js').SessionEvent} event */
  function dispatch(event) {
    session = reduce(session, event);
    view.render(session);
    followLive(isLive(session) ? classifier : null, liveListener);
  }

  /** @type {Parameters<typeof followLive>[1]} */
  const liveListener = {
    onTold: (best) => dispatch({ type: 'live-told', best }),
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
    try {
      classifier = await loadClassifier((progress) =>
        dispatch({ type: 'model-progress', ...progress }),
      );
    } catch (error) {
      const code = codeOf(error, 'model-failed');
      // Ended by the person, who has the app taken off the device.
      if (code !== 'aborted') dispatch({ type: 'model-failed', code });
      return;
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

  /** @param {import('./camera.js').CameraChoice} choice */
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

  function stopCamera() {
    camera.stop();
    dispatch({ type: 'camera-off' });
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
      const { grayscale, unsureBelow } = preferences;
      const found = await classifier.classify(photo, { topK: site.topK, signal, grayscale });
      // Not always the one it started with: a GPU may fail later.
      const { backend } = classifier;
      if (backend !== session.model.backend) onBackend(backend);
      const predictions = found.predictions.filter(
        ({ probability }) => probability >= site.threshold,
      );
      const sure = isSure(found, unsureBelow);
      const milliseconds = performance.now() - started;
      dispatch({ type: 'answered', id, predictions, sure, milliseconds, backend });
      if (id !== session.photo?.id) return;
      onAnswer(classifier, { photo, predictions, grayscale, again: photo === told });
      told = photo;
    } catch (error) {
      dispatch({ type: 'answer-failed', id, code: codeOf(error) });
    }
  }

  function shoot() {
    const canvas = view.freezeCamera();
    if (!canvas) {
      dispatch({ type: 'photo-refused', code: 'camera-blank' });
      return;
    }
    take(canvas);
  }

  function back() {
    question.abort();
    source = null;
    told = null;
    view.releasePhoto();
    dispatch({ type: 'photo-left' });
    if (mayStartCamera(session)) startCamera();
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

    /** The person wants photos to be seen otherwise from now on: the one in view, too. */
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

    /** Another app or tab is in front: the camera's light goes out. */
    hidden() {
      if (session.camera.phase !== 'failed') stopCamera();
    },

    /** Back in front; a frozen photo needs no camera until the person returns to it. */
    visible() {
      if (mayStartCamera(session) && !session.photo) startCamera();
    },

    /** @param {string} code why */
    cameraLost(code) {
      camera.stop();
      dispatch({ type: 'camera-failed', code });
    },

    /** Cameras came or went. After a no the person isn't asked again for that. */
    cameraPlugged() {
      const { phase, error } = session.camera;
      if (phase === 'failed' && error !== 'camera-denied') startCamera();
      if (phase === 'live') describeCamera();
    },

    /** The person has changed a no into a yes. */
    cameraAllowed() {
      if (session.camera.phase === 'failed') startCamera();
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
