/** Which examples are held out together, to test on what was not learnt from. Pure. */

/**
 * Deal photos into folds such that each class is dealt out evenly, and all views of a photo, or all frames of
 * a burst, come into one fold: they would give each other away.
 *
 * @param {Int32Array} labels a class index for each row
 * @param {readonly unknown[]} photos what each row is a view of; a photo has one class
 * @param {number} folds
 * @param {() => number} random 0 ≤ number < 1
 * @returns {{fold: Int32Array, folds: number}} a fold for each row; `folds`: how many have any
 */
export function deal(labels, photos, folds, random) {
  const classOf = new Map(photos.map((photo, row) => [photo, labels[row]]));
  const order = shuffled([...classOf.keys()], random).sort(
    (one, other) =>
      /** @type {number} */ (classOf.get(one)) - /** @type {number} */ (classOf.get(other)),
  );
  const foldOf = new Map(order.map((photo, place) => [photo, place % folds]));
  const fold = Int32Array.from(photos, (photo) => /** @type {number} */ (foldOf.get(photo)));
  return { fold, folds: Math.min(folds, order.length) };
}

/**
 * @template T
 * @param {readonly T[]} items
 * @param {() => number} random 0 ≤ number < 1
 * @returns {T[]} in random order, each as likely (Fisher and Yates)
 */
export function shuffled(items, random) {
  const mixed = [...items];
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other], mixed[last]];
  }
  return mixed;
}

/**
 * Numbers that look random and are the same each time (mulberry32, by Tommy Ettinger, public domain).
 *
 * @param {number} seed
 * @returns {() => number} 0 ≤ number < 1
 */
export function randomFrom(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
