/**
 * What happens when: turns what a person does, and what the camera and the model report, into events
 * of the session, and shows each new session. Everything that touches the world is handed in.
 */

import { INITIAL_SESSION, mayStartCamera, maySwitchCamera, reduce, trigger } from './session.js';

/**
 * @typedef {import('./types.js').Classifier} Classifier
 * @typedef {import('./types.js').Site} Site
 * @typedef {import('./camera.js').Camera} Camera
 * @typedef {import('./photo.js').Intake} Intake
 * @typedef {ReturnType<typeof import('./settings.js').createSettings>} Settings
 * @typedef {Pick<ReturnType<typeof import('./view.js').createView>, 'render' | 'describeModel'
 *   | 'showCamera' | 'freezeCamera' | 'showFile' | 'releasePhoto' | 'openPicker'>} View
 */

/**
 * @param {{site: Site, camera: Pick<Camera, 'start' | 'stop' | 'next'>, view: View,
 *   settings: Settings,
 *   loadClassifier: (onProgress: (progress: {loaded: number, total: number}) => void) => Promise<Classifier>,
 *   onBackend: (backend: string) => void}} world
 */
export function createController({ site, camera, view, settings, loadClassifier, onBackend }) {
  let session = INITIAL_SESSION;
  /** @type {Classifier | null} */
  let classifier = null;
  /** @type {Blob | HTMLCanvasElement | null} */
  let source = null;
  let question = new AbortController();

  /** @param {import('./session.js').SessionEvent} event */
  function dispatch(event) {
    session = reduce(session, event);
    view.render(session);
  }

  async function loadModel() {
    dispatch({ type: 'model-loading' });
    try {
      classifier = await loadClassifier((progress) =>
        dispatch({ type: 'model-progress', ...progress }),
      );
    } catch (error) {
      dispatch({ type: 'model-failed', code: codeOf(error, 'model-failed') });
      return;
    }
    view.describeModel(classifier);
    dispatch({ type: 'model-ready', backend: classifier.backend });
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
      dispatch({ type: 'camera-live', switchable: live.switchable });
      return true;
    } catch (error) {
      dispatch({ type: 'camera-failed', code: codeOf(error) });
      return false;
    }
  }

  async function switchCamera() {
    if (!maySwitchCamera(session)) return;
    const choice = await camera.next();
    // Remembered only once it works: else a broken camera would be asked for at each visit.
    if (await startCamera(choice)) settings.set('camera', choice);
  }

  function stopCamera() {
    camera.stop();
    dispatch({ type: 'camera-off' });
  }

  /**
   * @param {Blob | HTMLCanvasElement} photo
   * @param {number} others
   */
  function take(photo, others) {
    question.abort();
    source = photo;
    dispatch({ type: 'photo-taken', others });
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
      const { predictions } = await classifier.classify(source, { topK: site.topK, signal });
      // Not always the one it started with: a GPU may fail later.
      const { backend } = classifier;
      if (backend !== session.model.backend) onBackend(backend);
      dispatch({
        type: 'answered',
        id,
        predictions: predictions.filter(({ probability }) => probability >= site.threshold),
        milliseconds: performance.now() - started,
        backend,
      });
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
    take(canvas, 0);
  }

  function back() {
    question.abort();
    source = null;
    view.releasePhoto();
    dispatch({ type: 'photo-left' });
    if (mayStartCamera(session)) startCamera();
  }

  return {
    loadModel,
    startCamera: () => startCamera(),
    switchCamera,

    /** The one big button. */
    trigger() {
      const action = trigger(session);
      if (action === 'shoot') shoot();
      else if (action === 'back') back();
      else if (action !== 'wait') view.openPicker();
    },

    /** @param {Intake} intake what was picked, dropped or pasted */
    receive({ file, others }) {
      if (!file) {
        dispatch({ type: 'photo-refused', code: 'no-file' });
        return;
      }
      view.showFile(file);
      take(file, others);
    },

    /** Another app or tab is in front: the camera's light goes out. */
    hidden() {
      if (session.camera.phase !== 'failed') stopCamera();
    },

    /** Back in front; a frozen photo needs no camera until the person returns to it. */
    visible() {
      if (mayStartCamera(session) && !session.photo) startCamera();
    },

    cameraLost() {
      camera.stop();
      dispatch({ type: 'camera-failed', code: 'camera-lost' });
    },

    /** Cameras came or went. After a no the person isn't asked again for that. */
    cameraPlugged() {
      const { phase, error } = session.camera;
      if (phase === 'failed' && error !== 'camera-denied') startCamera();
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
