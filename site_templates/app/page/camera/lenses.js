/** What the device's cameras are called, and what can be set on the running one. Pure. */

/**
 * @typedef {{deviceId: string, name: string}} Lens `name`: as the device calls it, '' where it doesn't say
 * @typedef {{min: number, max: number, step: number, value: number}} Zoom in the camera's own unit
 * @typedef {{torch: boolean, zoom: Zoom | null}} Abilities `torch`: it has a light; `zoom`: null where it
 *   can't
 */

/**
 * @param {readonly Pick<MediaDeviceInfo, 'deviceId' | 'label'>[]} cameras
 * @returns {Lens[]} without those that have no id: before the person allows it, browsers give none
 */
export function lensesOf(cameras) {
  return cameras
    .filter(({ deviceId }) => deviceId)
    .map(({ deviceId, label = '' }) => ({
      deviceId,
      // Chromium appends vendor and product, e.g. "HD Webcam (046d:0825)".
      name: label.replace(/\s*\([\da-f]{4}:[\da-f]{4}\)$/i, ''),
    }));
}

/**
 * @param {Pick<MediaStreamTrack, 'getSettings'> & {getCapabilities?: () => object}} track
 * @returns {Abilities}
 */
export function abilitiesOf(track) {
  /** @type {{torch?: boolean | boolean[], zoom?: {min?: number, max?: number, step?: number}}} */
  const { torch = false, zoom } = track.getCapabilities?.() ?? {};
  const { zoom: value } = /** @type {{zoom?: number}} */ (track.getSettings());
  return { torch: [torch].flat().includes(true), zoom: zoomOf(zoom, value) };
}

/**
 * @param {{min?: number, max?: number, step?: number} | undefined} range
 * @param {number | undefined} value
 * @returns {Zoom | null}
 */
function zoomOf({ min = 0, max = 0, step = 0 } = {}, value = min) {
  if (!(min > 0 && max > min)) return null;
  return { min, max, step: step || (max - min) / 100, value };
}
