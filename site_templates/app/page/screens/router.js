/**
 * The screens beside the camera (many photos, history), one at a time, each at an address of its own: the
 * browser's way back leads out of it, and a shortcut leads in.
 */

/**
 * @typedef {object} Screen
 * @property {() => void} enter it is in view now
 * @property {() => void} leave
 *
 * @typedef {'open' | 'waiting' | 'failed'} View of a screen: it is there; it is on its way; it cannot be loaded
 */

/** Milliseconds after which a screen that is not there yet says so: most are there before. */
const SOON_MS = 400;

/**
 * @param {object} parts
 * @param {Readonly<Record<string, () => Promise<Screen>>>} parts.doors hands over a screen, by the name in its
 *   address, and may be asked again
 * @param {(name: string, view: View, error?: unknown) => void} parts.show puts a screen in view, or with '' the
 *   camera
 * @param {Pick<Window, 'location' | 'history' | 'addEventListener'>} [parts.page] fires "online", too
 * @param {(act: () => void, milliseconds: number) => unknown} [parts.later]
 */
export function createRouter({ doors, show, page = window, later = setTimeout }) {
  let current = '';
  /** @type {Screen | null} */
  let inside = null;
  /** Counts attempts to enter a screen, of which only the latest counts. */
  let attempts = 0;

  function named() {
    const name = page.location.hash.slice(1);
    return Object.hasOwn(doors, name) ? name : '';
  }

  /** Go where the address says. */
  async function follow() {
    const name = named();
    if (name === current) return;
    current = name;
    attempts += 1;
    const left = inside;
    inside = null;
    if (!name) show(name, 'open');
    left?.leave();
    if (name) await enter();
  }

  /** Enter the screen that the address names, or ask for it once more. */
  async function enter() {
    const name = current;
    attempts += 1;
    const mine = attempts;
    const overtaken = () => mine !== attempts;
    let settled = false;
    later(() => {
      if (!overtaken() && !settled) show(name, 'waiting');
    }, SOON_MS);
    try {
      const screen = await doors[name]().finally(() => (settled = true));
      if (overtaken() || inside === screen) return;
      inside = screen;
      show(name, 'open');
      screen.enter();
    } catch (error) {
      if (!overtaken()) show(name, 'failed', error);
    }
  }

  /** Try once more where a screen could not be loaded. */
  function again() {
    if (current && !inside) enter();
  }

  /** Back to the camera, at the address without the screen's name. */
  function close() {
    if (!named()) return;
    page.history.pushState(null, '', page.location.pathname + page.location.search);
    follow();
  }

  page.addEventListener('hashchange', follow);
  page.addEventListener('popstate', follow);
  page.addEventListener('online', again);

  return {
    /** The screen that the address names, or ''. */
    get current() {
      return current;
    },
    follow,
    enter,
    again,

    /** @param {string} name */
    open(name) {
      if (named() !== name) page.location.hash = name;
    },

    close,
  };
}
