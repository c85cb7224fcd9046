/** How often a live camera is looked at: steadily, and never so often that the device grows hot. Pure. */

/** Milliseconds from one frame to the next at the least: nobody reads faster than that. */
const SHORTEST = 100;

/** Weight of the newest frame in the time that frames usually take. */
const NEWEST = 0.2;

/**
 * The part of the time that the device may work. A device that is hot slows down, frames take longer,
 * and the pauses grow with them.
 *
 * @param {{charging: boolean, level: number} | null} [battery] `level`: 0…1; null where the browser doesn't say
 * @returns {number} 0…1
 */
export function busyShare(battery) {
  if (!battery || battery.charging) return 1 / 2;
  if (battery.level > 0.5) return 1 / 2;
  return battery.level > 0.2 ? 1 / 3 : 1 / 5;
}

/** @typedef {{rate: number, latency: number}} Speed frames a second; milliseconds for each */

/**
 * Follows what frames take, and says how long to rest after each.
 *
 * @param {() => number} share of `busyShare`, asked for after each frame
 */
export function createPace(share) {
  let latency = 0;
  let interval = 0;
  /** @type {number | null} */
  let last = null;

  return {
    /**
     * A frame was looked at.
     *
     * @param {number} started milliseconds of any clock
     * @param {number} ended
     * @returns {{pause: number, speed: Speed}} `pause`: milliseconds to rest from now on
     */
    took(started, ended) {
      latency = smoothed(latency, ended - started);
      if (last !== null) interval = smoothed(interval, ended - last);
      last = ended;
      // By what frames usually take, so that the rate is steady, and by this one where it took longer.
      const taken = Math.max(latency, ended - started);
      const pause = Math.max(SHORTEST - taken, taken / share() - taken);
      return { pause, speed: { rate: 1000 / (interval || latency + pause), latency } };
    },
  };
}

/**
 * @param {number} former 0: none yet
 * @param {number} newest
 */
function smoothed(former, newest) {
  return former ? former + NEWEST * (newest - former) : newest;
}
