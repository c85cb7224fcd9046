/**
 * Places in memory for tensors that are not needed all the time.
 *
 * @typedef {object} Span
 * @property {number} size bytes
 * @property {number} begin the first operation that uses it
 * @property {number} end the last
 */

/** Tensors begin where a line of a cache does. */
export const ALIGNMENT = 64;

/** @param {number} bytes */
export const aligned = (bytes) => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

/**
 * Place spans so that none overlaps another in both space and time: the largest first, each as low as it can
 * lie (Pisarchyk and Lee, Efficient Memory Management for Deep Neural Net Inference, 2020).
 *
 * @template {Span} T
 * @param {readonly T[]} spans
 * @returns {{places: Map<T, number>, size: number}} bytes from the arena's start, and how many it takes
 */
export function arranged(spans) {
  /** @type {Map<T, number>} */
  const places = new Map();
  let size = 0;
  for (const span of [...spans].sort((one, other) => other.size - one.size)) {
    const besides = [...places]
      .filter(([other]) => other.begin <= span.end && span.begin <= other.end)
      .sort(([, one], [, other]) => one - other);
    let place = 0;
    for (const [other, taken] of besides) {
      if (taken - place >= span.size) break;
      place = Math.max(place, aligned(taken + other.size));
    }
    places.set(span, place);
    size = Math.max(size, place + span.size);
  }
  return { places, size: aligned(size) };
}
