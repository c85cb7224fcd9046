/**
 * The rooms beside the camera (many photos, history), one at a time, each at an address of its own: the
 * browser's way back leads out of it, and a shortcut leads in.
 */

/**
 * @typedef {object} Room
 * @property {() => void} enter it is in view now
 * @property {() => void} leave
 */

/**
 * @param {object} parts
 * @param {Readonly<Record<string, () => Promise<Room>>>} parts.doors hands over a room, by the name in its
 *   address, and may be asked again
 * @param {(name: string) => void} parts.show puts a room in view, or with '' the camera
 * @param {Pick<Window, 'location' | 'history' | 'addEventListener'>} [parts.page]
 */
export function createRooms({ doors, show, page = window }) {
  let current = '';

  function named() {
    const name = page.location.hash.slice(1);
    return Object.hasOwn(doors, name) ? name : '';
  }

  /** Go where the address says. */
  async function follow() {
    const name = named();
    if (name === current) return;
    const left = current;
    current = name;
    if (!name) show(name);
    if (left) (await doors[left]()).leave();
    if (!name) return;
    const room = await opened(name);
    if (!room || current !== name) return;
    show(name);
    room.enter();
  }

  /**
   * @param {string} name
   * @returns {Promise<Room | null>} null where it cannot be had: the address is the camera's again, so
   *   that the way in can be tried once more
   */
  async function opened(name) {
    try {
      return await doors[name]();
    } catch {
      if (current === name) {
        current = '';
        close();
      }
      return null;
    }
  }

  /** Back to the camera, at the address without the room's name. */
  function close() {
    if (!named()) return;
    page.history.pushState(null, '', page.location.pathname + page.location.search);
    follow();
  }

  page.addEventListener('hashchange', follow);
  page.addEventListener('popstate', follow);

  return {
    /** The room in view, or ''. */
    get current() {
      return current;
    },
    follow,

    /** @param {string} name */
    open(name) {
      if (named() !== name) page.location.hash = name;
    },

    close,
  };
}
