/** How much the history holds, and what goes first when it is full. Pure. */

/** @typedef {import('./store.js').Entry} Entry */

/** Photos that the history holds: as many as a person may look through, and the space is the person's. */
export const MOST = 5000;

/**
 * What has to go so that there is room for more: what was imported before the person's own, the oldest
 * first. The clock may have been wrong when they came: among photos of equal age, the first to come goes first.
 *
 * @param {readonly Pick<Entry, 'id' | 'when' | 'imported'>[]} entries
 * @param {number} more photos for which there is to be room
 * @param {number} [most] photos that the history holds
 * @returns {number[]} ids, the first to go first
 */
export function toForget(entries, more, most = MOST) {
  const excess = entries.length + more - most;
  if (excess <= 0) return [];
  const order = [...entries].sort((a, b) => rank(a) - rank(b) || a.when - b.when || a.id - b.id);
  return order.slice(0, excess).map(({ id }) => id);
}

/** @param {Pick<Entry, 'imported'>} entry */
function rank({ imported }) {
  return imported ? 0 : 1;
}
