/**
 * Whether a camera may run: only while the person can see its picture. The one place that decides it. Pure.
 *
 * @typedef {import('../session.js').Session} Session
 *
 * @typedef {'page' | 'screen' | 'dialog' | 'scroll' | 'end'} Cover what keeps the picture from being seen:
 *   another tab or app is in front; another screen of this app is; a dialog lies over it; it is scrolled out
 *   of view; the app is being taken off the device
 */

/**
 * @param {Pick<Session, 'covers' | 'photo'>} session
 * @returns {boolean} whether the camera's picture is in view, or would be if the camera ran
 */
export function isPictureVisible({ covers, photo }) {
  return covers.length === 0 && photo === null;
}

/** @param {Pick<Session, 'camera'>} session */
export function isCameraRunning({ camera: { phase } }) {
  return phase === 'starting' || phase === 'live';
}

/**
 * The session with its camera off where nobody sees the picture. Every session passes through this.
 *
 * @param {Session} session
 * @returns {Session} the same value where nothing changes
 */
export function withCameraInView(session) {
  if (isPictureVisible(session) || !isCameraRunning(session)) return session;
  return { ...session, camera: { ...session.camera, phase: 'off' } };
}

/** Failures of the camera that may be over when the person comes back to it. */
const PASSING = new Set(['camera-busy', 'camera-lost', 'camera-failed']);

/**
 * @param {Pick<Session, 'camera'>} session
 * @returns {boolean} whether the camera may be started without being asked for, once its picture is in view
 */
export function isCameraWilling({ camera: { phase, error } }) {
  return phase === 'off' || (phase === 'failed' && PASSING.has(error));
}

/**
 * @param {Session} session
 * @returns {boolean} whether the camera is to be started now
 */
export function mayStartCamera(session) {
  return isPictureVisible(session) && isCameraWilling(session);
}
