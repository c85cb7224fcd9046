/**
 * The device's cameras, one at a time. Knows `mediaDevices`, which is handed in, and nothing of the
 * page.
 */

import { abilitiesOf, lensesOf } from './lenses.js';

/** @typedef {'environment' | 'user'} Facing */
/** @typedef {{facing?: Facing, deviceId?: string}} CameraChoice the rear camera where neither is given */
/**
 * @typedef {object} LiveCamera
 * @property {MediaStream} stream
 * @property {Facing | null} facing where the device says
 * @property {boolean} switchable there is more than one
 * @property {import('./lenses.js').Lens[]} lenses those that there are
 * @property {string} lens id of the running one, '' where the device doesn't say
 * @property {import('./lenses.js').Abilities} abilities
 */

/** The camera is not available; `code` is one of messages.js. */
export class CameraError extends Error {
  /**
   * @param {string} code
   * @param {unknown} [cause]
   */
  constructor(code, cause) {
    super(code, { cause });
    this.code = code;
  }
}

/**
 * A side is only preferred: a device that has no rear camera gives the one it has. A camera that was
 * chosen by its id is required, because browsers weigh a preferred id no more than a preferred size.
 * Only the width is asked for: with the height, a small front camera would be as far from what is asked for
 * as the wrong side is (https://www.w3.org/TR/mediacapture-streams/#dfn-fitness-distance).
 * Chromium lets a page zoom only if it says so here, without a value
 * (https://www.w3.org/TR/mediacapture-image/#pan).
 *
 * @param {CameraChoice} choice
 * @param {boolean} [zoom] whether the page would zoom
 * @returns {MediaStreamConstraints}
 */
export function constraintsFor({ facing = 'environment', deviceId }, zoom = false) {
  const which = deviceId ? { deviceId: { exact: deviceId } } : { facingMode: { ideal: facing } };
  const video = { ...which, width: { ideal: 1280 } };
  return { audio: false, video: zoom ? Object.assign(video, { zoom }) : video };
}

/**
 * @param {unknown} error what getUserMedia rejected with
 * @returns {string} code
 */
export function cameraErrorCode(error) {
  // Not every browser makes an OverconstrainedError an Error.
  switch (/** @type {{name?: unknown} | null | undefined} */ (error)?.name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'camera-denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'camera-none';
    case 'NotReadableError':
    case 'AbortError':
      return 'camera-busy';
    default:
      return 'camera-failed';
  }
}

/**
 * Which camera comes after this one: the other side where the device names sides (a phone's several
 * rear lenses count as one), else the next in the list.
 *
 * @param {MediaTrackSettings} current
 * @param {Pick<MediaDeviceInfo, 'deviceId'>[]} cameras
 * @returns {CameraChoice}
 */
export function nextChoice(current, cameras) {
  if (current.facingMode === 'user') return { facing: 'environment' };
  if (current.facingMode === 'environment') return { facing: 'user' };
  const index = cameras.findIndex(({ deviceId }) => deviceId === current.deviceId);
  return { deviceId: cameras[(index + 1) % cameras.length]?.deviceId };
}

export class Camera {
  /** @type {MediaStream | null} */
  #stream = null;
  /** Counts starts and stops, so that a stream which arrives after a stop is stopped at once. */
  #turn = 0;
  /** @type {Promise<PermissionStatus> | undefined} */
  #permission;

  /**
   * @param {{mediaDevices: MediaDevices | undefined, secure: boolean, zoom?: boolean, permissions?: Permissions,
   *   onLost: (code: string) => void, onPlugged: () => void, onAllowed: () => void}} world `onLost`: the
   *   running camera went away; `onPlugged`: cameras came or went; `onAllowed`: the person now says yes
   */
  constructor({ mediaDevices, secure, zoom = false, permissions, onLost, onPlugged, onAllowed }) {
    this.zoom = zoom;
    this.mediaDevices = mediaDevices;
    this.secure = secure;
    this.permissions = permissions;
    this.onLost = onLost;
    this.onAllowed = onAllowed;
    mediaDevices?.addEventListener?.('devicechange', onPlugged);
  }

  /**
   * Start a camera, in place of the running one: many phones can't run two.
   *
   * @param {CameraChoice} choice
   * @returns {Promise<LiveCamera | null>} null where a later start or stop overtook this one
   * @throws {CameraError}
   */
  async start(choice) {
    this.stop();
    const turn = this.#turn;
    const stream = await this.#open(choice, turn).catch((error) => {
      if (turn !== this.#turn) return null;
      throw error;
    });
    if (!stream) return null;
    if (turn !== this.#turn) {
      stop(stream);
      return null;
    }
    this.#stream = stream;
    const [track] = stream.getVideoTracks();
    track.addEventListener('ended', async () => {
      // The person may have taken the permission back.
      const code = (await this.#denied()) ? 'camera-denied' : 'camera-lost';
      if (this.#stream === stream) this.onLost(code);
    });
    return this.describe();
  }

  /** @returns {Promise<LiveCamera | null>} the running camera, null where there is none, or none any more */
  async describe() {
    const stream = this.#stream;
    const track = stream?.getVideoTracks()[0];
    if (!stream || !track) return null;
    const cameras = await this.#cameras();
    const { facingMode, deviceId = '' } = track.getSettings();
    const facing = facingMode === 'user' || facingMode === 'environment' ? facingMode : null;
    if (stream !== this.#stream) return null;
    return {
      stream,
      facing,
      switchable: cameras.length > 1,
      lenses: lensesOf(cameras),
      lens: deviceId,
      abilities: abilitiesOf(track),
    };
  }

  /**
   * @param {boolean} on
   * @returns {Promise<boolean>} whether the camera did it
   */
  setTorch(on) {
    return this.#apply({ torch: on });
  }

  /**
   * @param {number} value in the camera's own unit
   * @returns {Promise<boolean>} whether the camera did it
   */
  setZoom(value) {
    return this.#apply({ zoom: value });
  }

  /** Stop the running camera: its light goes out. */
  stop() {
    this.#turn += 1;
    if (this.#stream) stop(this.#stream);
    this.#stream = null;
  }

  /** @returns {Promise<CameraChoice>} the camera to switch to */
  async next() {
    const settings = this.#stream?.getVideoTracks()[0]?.getSettings() ?? {};
    return nextChoice(settings, await this.#cameras());
  }

  /**
   * @param {CameraChoice} choice
   * @param {number} turn
   * @returns {Promise<MediaStream | null>} null, and the device not touched, where it was overtaken
   */
  async #open(choice, turn) {
    if (!this.secure) throw new CameraError('camera-insecure');
    if (!this.mediaDevices?.getUserMedia) throw new CameraError('camera-unsupported');
    if (await this.#denied()) throw new CameraError('camera-denied');
    if (turn !== this.#turn) return null;
    try {
      return await this.mediaDevices.getUserMedia(constraintsFor(choice, this.zoom));
    } catch (error) {
      const code = cameraErrorCode(error);
      // The chosen one was unplugged since: any other will do.
      if (code === 'camera-none' && choice.deviceId) return this.#open({}, turn);
      throw new CameraError(code, error);
    }
  }

  /** @param {{torch?: boolean, zoom?: number}} setting */
  async #apply(setting) {
    try {
      // Of the advanced ones a camera does what it can; TypeScript knows neither.
      const advanced = /** @type {any[]} */ ([setting]);
      await this.#stream?.getVideoTracks()[0]?.applyConstraints({ advanced });
      return this.#stream !== null;
    } catch {
      return false;
    }
  }

  /** Whether the person said no for good; then asking would only fail, or nag. */
  async #denied() {
    try {
      this.#permission ??= this.permissions?.query({ name: /** @type {any} */ ('camera') });
      const status = await this.#permission;
      if (status) status.onchange = () => status.state === 'granted' && this.onAllowed();
      return status?.state === 'denied';
    } catch {
      // Firefox before 130 doesn't know the name "camera".
      return false;
    }
  }

  async #cameras() {
    // Without a list, at most one camera is known; the running one goes on.
    const devices = (await this.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
    return devices.filter(({ kind }) => kind === 'videoinput');
  }
}

/** @param {MediaStream} stream */
function stop(stream) {
  for (const track of stream.getTracks()) track.stop();
}
