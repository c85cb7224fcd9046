/** Steady predictions out of those of single frames, which fluctuate. Pure. */

/** @typedef {import('../types.js').Prediction} Prediction */
/** @typedef {{predictions: Prediction[], unfamiliarity: number | null}} Seen as a classification */

/** Milliseconds after which a frame counts about a third (1/e) of what it did. */
const FADING = 500;

/** Classes change places only when one leads the other by this much. */
const LEAD = 0.03;

/** Below it a class that is seen no more is forgotten. */
const FORGOTTEN = 1e-4;

/**
 * An exponential moving average of probabilities over time. A class that a frame doesn't list counts as
 * 0 there: ask for more than are shown.
 *
 * @param {number} count how many are shown
 */
export function createSmoothing(count) {
  /** @type {Map<number, Prediction>} by class index */
  let averages = new Map();
  /** @type {number | null} */
  let unfamiliarity = null;
  /** @type {number[]} class indices as they were shown last */
  let order = [];
  /** @type {number | null} */
  let last = null;

  return {
    /**
     * @param {Seen} seen
     * @param {number} when milliseconds of any clock
     * @returns {Seen} the `count` most probable; neighbours keep their places until one leads clearly
     */
    add(seen, when) {
      const weight = last === null ? 1 : 1 - Math.exp((last - when) / FADING);
      last = when;
      unfamiliarity = mixed(unfamiliarity, seen.unfamiliarity, weight);
      averages = averaged(averages, seen.predictions, weight);
      order = arranged(order, [...averages.values()], count);
      const predictions = order.map((index) => /** @type {Prediction} */ (averages.get(index)));
      return { predictions, unfamiliarity };
    },
  };
}

/**
 * @param {number | null} former
 * @param {number | null} newest
 * @param {number} weight of the newest, 0…1
 */
function mixed(former, newest, weight) {
  return former === null || newest === null ? newest : former + weight * (newest - former);
}

/**
 * @param {ReadonlyMap<number, Prediction>} former
 * @param {readonly Prediction[]} newest
 * @param {number} weight of the newest, 0…1
 * @returns {Map<number, Prediction>}
 */
function averaged(former, newest, weight) {
  const all = new Map(newest.map((one) => [one.classIndex, { ...one, probability: 0 }]));
  for (const [index, one] of former) {
    all.set(index, { ...one, probability: one.probability * (1 - weight) });
  }
  for (const { classIndex, probability } of newest) {
    const one = /** @type {Prediction} */ (all.get(classIndex));
    one.probability += weight * probability;
  }
  for (const [index, { probability }] of all) if (probability < FORGOTTEN) all.delete(index);
  return all;
}

/**
 * Where classes stand: as before, until one leads another by `LEAD`.
 *
 * @param {readonly number[]} before class indices in the order shown last
 * @param {readonly Prediction[]} all
 * @param {number} count
 * @returns {number[]}
 */
export function arranged(before, all, count) {
  const probability = new Map(all.map((one) => [one.classIndex, one.probability]));
  const at = (/** @type {number} */ index) => probability.get(index) ?? 0;
  const ranked = [...probability.keys()].sort((a, b) => at(b) - at(a) || a - b);
  const kept = before.filter((index) => probability.has(index));
  const order = [...kept, ...ranked.filter((index) => !kept.includes(index))];
  // By insertion: each class climbs past those that it leads clearly.
  for (let place = 1; place < order.length; place++) {
    for (let i = place; i > 0; i--) {
      const shown = i <= count && kept.length > 0;
      if (at(order[i]) <= at(order[i - 1]) + (shown ? LEAD : 0)) break;
      [order[i - 1], order[i]] = [order[i], order[i - 1]];
    }
  }
  return order.slice(0, count);
}
