/** How long the rest will take. Pure. */

/**
 * @param {number} done photos since the work began or went on
 * @param {number} rest photos to go
 * @param {number} milliseconds since the work began or went on
 * @returns {number | null} milliseconds; null before there is anything to go by
 */
export function timeLeft(done, rest, milliseconds) {
  return done < 3 || rest === 0 ? null : (milliseconds / done) * rest;
}
