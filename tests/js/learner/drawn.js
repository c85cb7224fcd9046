import { randomFrom } from '../../../site_templates/app/learner/folds.js';

/**
 * Draw examples around a point for each class, the same each time.
 *
 * @param {object} how
 * @param {number} how.classes
 * @param {number} how.photos of each class
 * @param {number} how.depth
 * @param {number} how.apart distance of the points, in units of the spread around them
 * @param {number} [how.seed] of the photos; the points are the same for all
 */
export function drawExamples({ classes, photos, depth, apart, seed = 1 }) {
  const points = gaussians(classes * depth, randomFrom(0));
  const noise = gaussians(classes * photos * depth, randomFrom(seed));
  return Array.from({ length: classes * photos }, (_, index) => {
    const classIndex = Math.floor(index / photos);
    const view = Float32Array.from(
      { length: depth },
      (_value, i) => apart * points[classIndex * depth + i] + noise[index * depth + i],
    );
    return { classIndex, views: [view], group: /** @type {unknown} */ (index) };
  });
}

/** @param {number} count @param {() => number} random @returns {number[]} by Box and Muller */
function gaussians(count, random) {
  return Array.from(
    { length: count },
    () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
  );
}
