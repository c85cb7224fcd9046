/** Where most of the evidence lies, for those who hear it. Pure. */

const ROWS = ['upper', 'middle', 'lower'];
const COLUMNS = ['left', 'center', 'right'];

/** More of the picture than that is all of it. */
const MOST = 0.6;

/**
 * @param {import('./heat.js').Map} map
 * @returns {string} "upper-left" … "lower-right", or "everywhere"
 */
export function placeOf({ width, height, values, min, max }) {
  if (max <= min) return 'everywhere';
  let strong = 0;
  let total = 0;
  let across = 0;
  let down = 0;
  for (let cell = 0; cell < width * height; cell++) {
    const evidence = (values[cell] - min) / (max - min);
    if (evidence >= 0.5) strong += 1;
    // Squared, so that a faint background doesn't draw the place to the middle.
    const weight = evidence ** 2;
    total += weight;
    across += (weight * ((cell % width) + 0.5)) / width;
    down += (weight * (Math.floor(cell / width) + 0.5)) / height;
  }
  if (strong > MOST * width * height) return 'everywhere';
  return `${ROWS[third(down / total)]}-${COLUMNS[third(across / total)]}`;
}

/**
 * @param {number} part 0…1
 * @returns {0 | 1 | 2} the middle is narrower: few things are exactly there
 */
function third(part) {
  if (part < 0.4) return 0;
  return part > 0.6 ? 2 : 1;
}
