/** Where most of the evidence lies, in words for screen readers. Pure. */

const ROWS = ['upper', 'middle', 'lower'];
const COLUMNS = ['left', 'center', 'right'];

/** More of the picture than that is all of it. */
const MOST = 0.6;

/**
 * @param {import('./heat.js').Map} map
 * @returns {string} "upper-left" … "lower-right", or "everywhere"
 */
export function placeOf(map) {
  const { width, height, values, min, max, photo } = map;
  if (max <= min) return 'everywhere';
  let cells = 0;
  let strong = 0;
  let total = 0;
  let across = 0;
  let down = 0;
  for (let cell = 0; cell < width * height; cell++) {
    const x = (((cell % width) + 0.5) / width - photo.x) / photo.width;
    const y = ((Math.floor(cell / width) + 0.5) / height - photo.y) / photo.height;
    // The network may see something beside the photo, too, where it is padded.
    if (Math.min(x, y) < 0 || Math.max(x, y) > 1) continue;
    const evidence = (values[cell] - min) / (max - min);
    cells += 1;
    if (evidence >= 0.5) strong += 1;
    // Squared, so that a faint background doesn't draw the place to the middle.
    const weight = evidence ** 2;
    total += weight;
    across += weight * x;
    down += weight * y;
  }
  if (total === 0 || strong > MOST * cells) return 'everywhere';
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
