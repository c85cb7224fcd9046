/** A class activation map as colors. Pure. */

/**
 * @typedef {object} Map
 * @property {number} width cells
 * @property {number} height cells
 * @property {ArrayLike<number>} values row by row
 * @property {number} min
 * @property {number} max
 * @property {{x: number, y: number, width: number, height: number}} photo the part of the map that shows the
 *   photo, 0…1
 */

/**
 * Colors from little to much evidence: their lightness only ever rises, and blue to yellow is what
 * people of every color vision tell apart. Source: Nuñez, Anderton and Renslow, "Optimizing colormaps
 * with consideration for color vision deficiency", 2018 (cividis).
 */
const COLORS = [
  [0, 34, 78],
  [53, 69, 108],
  [102, 105, 112],
  [148, 142, 119],
  [200, 184, 102],
  [254, 232, 56],
];

/**
 * @param {Map} map
 * @param {number} x 0…1, from the left of the photo
 * @param {number} y 0…1, from its top
 * @returns {number} evidence there, 0…1, smooth between the cells' centers
 */
export function evidenceAt({ width, height, values, min, max, photo }, x, y) {
  const [left, right, across] = between((photo.x + x * photo.width) * width - 0.5, width);
  const [top, bottom, down] = between((photo.y + y * photo.height) * height - 0.5, height);
  const upper = mix(values[top * width + left], values[top * width + right], across);
  const lower = mix(values[bottom * width + left], values[bottom * width + right], across);
  return max > min ? (mix(upper, lower, down) - min) / (max - min) : 0;
}

/**
 * @param {number} place
 * @param {number} cells
 * @returns {[number, number, number]} the cells on both sides, and how far the place is from the first
 */
function between(place, cells) {
  const inside = Math.min(Math.max(place, 0), cells - 1);
  const first = Math.floor(inside);
  return [first, Math.min(first + 1, cells - 1), inside - first];
}

/** @type {(from: number, to: number, part: number) => number} */
const mix = (from, to, part) => from + (to - from) * part;

/**
 * @param {Map} map
 * @param {number} side of the square picture, pixels
 * @returns {Uint8ClampedArray<ArrayBuffer>} RGBA, row by row; where there is little evidence the photo shows through
 */
export function heatPixels(map, side) {
  const pixels = new Uint8ClampedArray(side * side * 4);
  for (let index = 0; index < side * side; index++) {
    const x = ((index % side) + 0.5) / side;
    const y = (Math.floor(index / side) + 0.5) / side;
    const evidence = evidenceAt(map, x, y);
    const [first, second, part] = between(evidence * (COLORS.length - 1), COLORS.length);
    for (let channel = 0; channel < 3; channel++) {
      pixels[index * 4 + channel] = mix(COLORS[first][channel], COLORS[second][channel], part);
    }
    pixels[index * 4 + 3] = 255 * (0.35 + 0.65 * evidence);
  }
  return pixels;
}
