/**
 * What the page knows, as one value, and how each event changes it. Pure.
 *
 * The model and the camera come and go on their own; a photo may be taken or chosen at any time,
 * also before the model is there. Photos are numbered: an answer to any but the current one is void.
 */

import { isCameraWilling, withCameraInView } from './camera/visibility.js';

/**
 * @typedef {import('./types.js').Prediction} Prediction
 * @typedef {import('../classifier/certainty.js').Certainty} Certainty
 * @typedef {{predictions: Prediction[], certainty: Certainty, milliseconds: number} | {error: string}} Answer
 * @typedef {object} Session
 * @property {{phase: 'loading' | 'ready' | 'failed', error: string, backend: string, loaded: number, total: number,
 *   quiet: boolean}} model `loaded` and `total` in bytes; `quiet`: nothing has come for a while
 * @property {{phase: 'off' | 'starting' | 'live' | 'failed', error: string, switchable: boolean}} camera
 *   `switchable`: there is more than one
 * @property {readonly import('./camera/visibility.js').Cover[]} covers what keeps the camera's picture from being seen
 * @property {{id: number} | null} photo the frozen one
 * @property {Answer | null} answer to `photo`; null while it is awaited
 * @property {{wanted: boolean, announced: {words: string} | null}} live whether the camera is to be classified
 *   all the time; what was said of it last
 * @property {string} refusal code of why the last attempt gave no photo, else ''
 * @property {number} photos how many there were so far
 *
 * @typedef {{type: 'model-loading'}
 *   | {type: 'model-progress', loaded: number, total: number}
 *   | {type: 'model-quiet'}
 *   | {type: 'model-ready', backend: string}
 *   | {type: 'model-failed', code: string}
 *   | {type: 'camera-starting'}
 *   | {type: 'camera-live', switchable: boolean}
 *   | {type: 'camera-failed', code: string}
 *   | {type: 'camera-allowed'}
 *   | {type: 'camera-plugged'}
 *   | {type: 'covered', by: import('./camera/visibility.js').Cover}
 *   | {type: 'uncovered', by: import('./camera/visibility.js').Cover}
 *   | {type: 'live-wanted', wanted: boolean}
 *   | {type: 'live-words', words: string}
 *   | {type: 'live-backend', backend: string}
 *   | {type: 'live-failed', code: string}
 *   | {type: 'photo-taken'}
 *   | {type: 'photo-refused', code: string}
 *   | {type: 'photos-elsewhere'}
 *   | {type: 'photo-left'}
 *   | {type: 'answered', id: number, predictions: Prediction[], certainty: Certainty,
 *     milliseconds: number, backend: string}
 *   | {type: 'answer-failed', id: number, code: string}} SessionEvent
 *
 * @typedef {'loading' | 'ready' | 'busy' | 'result' | 'error'} PageState
 * @typedef {'wait' | 'shoot' | 'back' | 'choose' | 'choose-another'} Trigger
 */

/** @type {Session} */
export const INITIAL_SESSION = {
  model: { phase: 'loading', error: '', backend: '', loaded: 0, total: 0, quiet: false },
  camera: { phase: 'off', error: '', switchable: false },
  covers: [],
  photo: null,
  answer: null,
  live: { wanted: false, announced: null },
  refusal: '',
  photos: 0,
};

/**
 * @param {Session} session
 * @param {SessionEvent} event
 * @returns {Session} the same value where the event changes nothing
 */
export function reduce(session, event) {
  return withCameraInView(changed(session, event));
}

/**
 * @param {Session} session
 * @param {SessionEvent} event
 * @returns {Session}
 */
function changed(session, event) {
  switch (event.type) {
    case 'model-loading':
      return { ...session, model: INITIAL_SESSION.model };
    case 'model-progress': {
      const { loaded, total } = event;
      return { ...session, model: { ...session.model, loaded, total, quiet: false } };
    }
    case 'model-quiet':
      return { ...session, model: { ...session.model, quiet: session.model.phase === 'loading' } };
    case 'model-ready':
      return withModel(session, { phase: 'ready', backend: event.backend });
    case 'model-failed':
      return withModel(session, { phase: 'failed', error: event.code });
    case 'camera-starting':
      return withCamera(session, { phase: 'starting', error: '' });
    case 'camera-live':
      return {
        ...withCamera(session, { phase: 'live', switchable: event.switchable }),
        live: { ...session.live, announced: null },
      };
    case 'camera-failed':
      return withCamera(session, { phase: 'failed', error: event.code });
    case 'camera-allowed':
      return session.camera.phase === 'failed' ? withCamera(session, { phase: 'off' }) : session;
    case 'camera-plugged':
      // A person who has refused isn't asked again for that.
      if (session.camera.phase !== 'failed' || session.camera.error === 'camera-denied') {
        return session;
      }
      return withCamera(session, { phase: 'off' });
    case 'covered': {
      const covers = [...session.covers.filter((cover) => cover !== event.by), event.by];
      // A message about the last attempt is outdated after a look elsewhere, but not after scrolling.
      return { ...session, covers, refusal: event.by === 'scroll' ? session.refusal : '' };
    }
    case 'uncovered':
      if (!session.covers.includes(event.by)) return session;
      return { ...session, covers: session.covers.filter((cover) => cover !== event.by) };
    case 'live-wanted':
      return { ...session, live: { wanted: event.wanted, announced: null }, refusal: '' };
    case 'live-words':
      return { ...session, live: { ...session.live, announced: { words: event.words } } };
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
    case 'photos-elsewhere':
      return { ...session, refusal: '' };
    case 'photo-left':
      return {
        ...session,
        photo: null,
        answer: null,
        live: { ...session.live, announced: null },
        refusal: '',
      };
    case 'answered':
      if (event.id !== session.photo?.id) return session;
      return {
        ...session,
        model: { ...session.model, backend: event.backend },
        answer: {
          predictions: event.predictions,
          certainty: event.certainty,
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
 * @param {Partial<Session['model']>} model loaded, or given up
 * @returns {Session}
 */
function withModel(session, model) {
  return { ...session, model: { ...session.model, quiet: false, ...model } };
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

/**
 * @param {Session} session
 * @returns {boolean} whether what the live camera saw last is shown: also while its picture is scrolled out of view,
 *   as by who reads it in large letters, and until the camera runs again
 */
export function showsLive({ model, camera, photo, live, covers }) {
  const inView = camera.phase !== 'failed' && covers.every((cover) => cover === 'scroll');
  return live.wanted && model.phase === 'ready' && inView && photo === null;
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
  if (camera.phase === 'failed' && !isCameraWilling(session)) return 'choose-another';
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
