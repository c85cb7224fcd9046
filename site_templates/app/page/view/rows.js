/** The rows of a table that is long: those already there are kept, and pictures come as they come into view. */

/**
 * @template {{id: number}} Row
 * @param {HTMLElement} body
 * @param {object} parts
 * @param {() => HTMLElement} parts.create an empty row
 * @param {(element: HTMLElement, row: Row) => void} parts.fill
 * @param {(row: Row) => Promise<Blob | null>} parts.picture a small one, asked for when the row is in view
 */
export function createRows(body, { create, fill, picture }) {
  /** @type {Map<number, {element: HTMLElement, row: Row}>} */
  let present = new Map();
  /** @type {WeakMap<Element, number>} */
  const ids = new WeakMap();
  const inView = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) showPicture(target);
    },
    { rootMargin: '200px' },
  );
  let queue = Promise.resolve();

  /** One at a time: scrolling fast would otherwise decode hundreds at once. @param {Element} target */
  function showPicture(target) {
    inView.unobserve(target);
    queue = queue.then(async () => {
      const shown = present.get(ids.get(target) ?? -1);
      if (shown?.element !== target) return;
      // What cannot be read any more has no picture; those after it have theirs.
      const blob = await picture(shown.row).catch(() => null);
      const image = target.querySelector('img');
      if (!blob || !image) return;
      image.src = URL.createObjectURL(blob);
      const revoke = () => URL.revokeObjectURL(image.src);
      image.addEventListener('load', revoke, { once: true });
      image.addEventListener('error', revoke, { once: true });
      image.hidden = false;
    });
  }

  /** @param {Row} row */
  function elementFor(row) {
    const known = present.get(row.id);
    const element = known?.element ?? create();
    if (!known) {
      ids.set(element, row.id);
      inView.observe(element);
    }
    if (known?.row !== row) fill(element, row);
    return element;
  }

  /** @param {readonly Row[]} rows */
  return function render(rows) {
    const next = new Map(rows.map((row) => [row.id, { row, element: elementFor(row) }]));
    for (const [id, { element }] of present) {
      if (next.has(id)) continue;
      inView.unobserve(element);
      element.remove();
    }
    present = next;
    let place = body.firstElementChild;
    for (const { element } of next.values()) {
      if (element === place) place = place.nextElementSibling;
      else body.insertBefore(element, place);
    }
  };
}
