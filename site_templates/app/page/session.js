/**
 * What the page knows, as one value, and how each event changes it. Pure.
 *
 * The model and the camera come and go on their own; a photo may be taken or chosen at any time,
 * also before the model is there. Photos are numbered: an answer to any but the current one is void.
 */

/**
 * @typedef {import('./types.js').Prediction} Prediction
 * @typedef {{predictions: Prediction[], sure: boolean, milliseconds: number} | {error: string}} Answer
 * @typedef {object} Session
 * @property {{phase: 'loading' | 'ready' | 'failed', error: string, backend: string, loaded: number, total: number}} model
 *   `loaded` and `total` in bytes
 * @property {{phase: 'off' | 'starting' | 'live' | 'failed', error: string, switchable: boolean}} camera
 *   `switchable`: there is more than one
 * @property {{id: number} | null} photo the frozen one
 * @property {Answer | null} answer to `photo`; null while it is awaited
 * @property {{wanted: boolean, told: {best: string | null} | null}} live whether the camera is to be classified
 *   all the time; what was told of it last, `best` being null where it isn't sure
 * @property {string} refusal code of why the last attempt gave no photo, else ''
 * @property {number} photos how many there were so far
 *
 * @typedef {{type: 'model-loading'}
 *   | {type: 'model-progress', loaded: number, total: number}
 *   | {type: 'model-ready', backend: string}
 *   | {type: 'model-failed', code: string}
 *   | {type: 'camera-starting'}
 *   | {type: 'camera-live', switchable: boolean}
 *   | {type: 'camera-off'}
 *   | {type: 'camera-failed', code: string}
 *   | {type: 'live-wanted', wanted: boolean}
 *   | {type: 'live-told', best: string | null}
 *   | {type: 'live-backend', backend: string}
 *   | {type: 'live-failed', code: string}
 *   | {type: 'photo-taken'}
 *   | {type: 'photo-refused', code: string}
 *   | {type: 'photo-left'}
 *   | {type: 'answered', id: number, predictions: Prediction[], sure: boolean,
 *     milliseconds: number, backend: string}
 *   | {type: 'answer-failed', id: number, code: string}} SessionEvent
 *
 * @typedef {'loading' | 'ready' | 'busy' | 'result' | 'error'} PageState
 * @typedef {'wait' | 'shoot' | 'back' | 'choose' | 'choose-another'} Trigger
 */

/** @type {Session} */
export const INITIAL_SESSION = {
  model: { phase: 'loading', error: '', backend: '', loaded: 0, total: 0 },
  camera: { phase: 'off', error: '', switchable: false },
  photo: null,
  answer: null,
  live: { wanted: false, told: null },
  refusal: '',
  photos: 0,
};

/**
 * @param {Session} session
 * @param {SessionEvent} event
 * @returns {Session} the same value where the event changes nothing
 */
export function reduce(session, event) {
  switch (event.type) {
    case 'model-loading':
      return { ...session, model: INITIAL_SESSION.model };
    case 'model-progress':
      return { ...session, model: { ...session.model, loaded: event.loaded, total: event.total } };
    case 'model-ready':
      return { ...session, model: { ...session.model, phase: 'ready', backend: event.backend } };
    case 'model-failed':
      return { ...session, model: { ...session.model, phase: 'failed', error: event.code } };
    case 'camera-starting':
      return withCamera(session, { phase: 'starting', error: '' });
    case 'camera-live':
      return {
        ...withCamera(session, { phase: 'live', switchable: event.switchable }),
        live: { ...session.live, told: null },
      };
    case 'camera-off':
      return withCamera(session, { phase: 'off' });
    case 'camera-failed':
      return withCamera(session, { phase: 'failed', error: event.code });
    case 'live-wanted':
      return { ...session, live: { wanted: event.wanted, told: null }, refusal: '' };
    case 'live-told':
      return { ...session, live: { ...session.live, told: { best: event.best } } };
    case 'live-backend':
      return { ...session, model: { ...session.model, backend: event.backend } };
    case 'live-failed':
      return { ...session, live: INITIAL_SESSION.live, refusal: event.code };
    case 'photo-taken': {
      const photos = session.photos + 1;
      return { ...session, photos, photo: { id: photos }, answer: null, refusal: '' };
    }
    case 'photo-refused':
      return { ...session, refusal: event.code };
    case 'photo-left':
      return {
        ...session,
        photo: null,
        answer: null,
        live: { ...session.live, told: null },
        refusal: '',
      };
    case 'answered':
      if (event.id !== session.photo?.id) return session;
      return {
        ...session,
        model: { ...session.model, backend: event.backend },
        answer: {
          predictions: event.predictions,
          sure: event.sure,
          milliseconds: event.milliseconds,
        },
      };
    case 'answer-failed':
      if (event.id !== session.photo?.id) return session;
      return { ...session, answer: { error: event.code } };
  }
}

/**
 * @param {Session} session
 * @param {Partial<Session['camera']>} change
 * @returns {Session}
 */
function withCamera(session, change) {
  return { ...session, camera: { ...session.camera, ...change } };
}

/**
 * @param {Session} session
 * @returns {PageState} the word for `<html data-state>`
 */
export function pageState({ model, photo, answer }) {
  if (model.phase === 'failed' || (answer && 'error' in answer)) return 'error';
  if (model.phase === 'loading') return 'loading';
  if (!photo) return 'ready';
  return answer ? 'result' : 'busy';
}

/**
 * @param {Session} session
 * @returns {boolean} whether what the camera sees is classified all the time
 */
export function isLive({ model, camera, photo, live }) {
  return live.wanted && model.phase === 'ready' && camera.phase === 'live' && photo === null;
}

/** Failures of the camera that may be over when the person comes back to it. */
const PASSING = new Set(['camera-busy', 'camera-lost', 'camera-failed']);

/**
 * @param {Session} session
 * @returns {boolean} whether the camera may simply be started, without nagging anyone
 */
export function mayStartCamera({ camera: { phase, error } }) {
  return phase === 'off' || (phase === 'failed' && PASSING.has(error));
}

/**
 * @param {Session} session
 * @returns {boolean} whether the person may change to another camera now
 */
export function maySwitchCamera({ camera, photo }) {
  return camera.switchable && camera.phase === 'live' && photo === null;
}

/**
 * @param {Session} session
 * @returns {Trigger} what the one big button does now
 */
export function trigger(session) {
  const { camera, photo } = session;
  if (camera.phase === 'failed' && !photo) return 'choose';
  if (camera.phase === 'failed' && !mayStartCamera(session)) return 'choose-another';
  if (photo) return 'back';
  return camera.phase === 'live' ? 'shoot' : 'wait';
}

/**
 * @param {Session} session
 * @returns {string} code of the error to show, else ''
 */
export function errorCode({ model, answer, refusal }) {
  if (refusal) return refusal;
  if (answer && 'error' in answer) return answer.error;
  return model.phase === 'failed' ? model.error : '';
}
