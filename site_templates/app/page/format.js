/** Numbers as the page writes them. Pure. */

/**
 * A probability for people: a percentage with two decimals.
 *
 * @param {number} probability 0…1
 * @returns {string} e.g. "87.12%"
 */
export function percent(probability) {
  return `${(probability * 100).toFixed(2)}%`;
}

/**
 * A probability for scripts, without an exponent.
 *
 * @param {number} probability 0…1
 * @returns {string} eight decimals, e.g. "0.87123456"
 */
export function probabilityAttribute(probability) {
  return probability.toFixed(8);
}

/**
 * How far a download has come, in decimal megabytes as browsers and shops count them.
 *
 * @param {number} loaded bytes
 * @param {number} total bytes; 0 while it isn't known
 * @returns {string} e.g. "1.2 of 4.6 MB"
 */
export function downloaded(loaded, total) {
  if (total <= 0) return `${megabytes(loaded)} MB`;
  return `${megabytes(Math.min(loaded, total))} of ${megabytes(total)} MB`;
}

/** @param {number} bytes */
function megabytes(bytes) {
  return (bytes / 1e6).toFixed(1);
}

/**
 * A duration in the unit that reads best.
 *
 * @param {number} milliseconds
 * @returns {string} e.g. "48 ms", "1.2 s"
 */
export function duration(milliseconds) {
  if (milliseconds < 999.5) return `${Math.max(1, Math.round(milliseconds))} ms`;
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
