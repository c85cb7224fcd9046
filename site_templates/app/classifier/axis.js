import { canvasSpans } from './canvas.js';
import { triangleSpans } from './spans.js';

/**
 * Return which samples of a photo make up those that are kept, along one axis.
 *
 * @param {number} length samples of the photo, ≥ 1
 * @param {import('./geometry.js').Axis} axis
 * @param {number | null} halvings of a canvas; null where the resize is antialiased
 * @returns {import('./spans.js').Spans}
 */
export function axisSpans(length, { resized, first, count }, halvings) {
  return halvings === null
    ? triangleSpans(length, resized, first, count)
    : canvasSpans(length, resized, first, count, halvings);
}
