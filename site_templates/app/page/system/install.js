/**
 * The offer to install the app: made once the app has shown what it can do, and never again after a no.
 *
 * @typedef {Event & {prompt(): Promise<unknown>}} InstallEvent
 */

/** The setting that remembers a no. */
const DECLINED = 'install-declined';

/**
 * @param {object} world
 * @param {{get(name: string): unknown, set(name: string, value: unknown): void}} world.settings
 * @param {(shown: boolean) => void} world.show
 * @param {EventTarget} [world.page]
 */
export function createInstallOffer({ settings, show, page = window }) {
  /** @type {InstallEvent | null} */
  let offer = null;
  let useful = false;

  page.addEventListener('beforeinstallprompt', (event) => {
    // Else the browser would ask by itself, before anyone knows what for.
    event.preventDefault();
    offer = /** @type {InstallEvent} */ (event);
    showWhenDue();
  });
  page.addEventListener('appinstalled', () => show(false));

  function showWhenDue() {
    if (offer && useful && settings.get(DECLINED) !== true) show(true);
  }

  return {
    /** The app gave an answer. */
    answered() {
      useful = true;
      showWhenDue();
    },
    accept() {
      show(false);
      // A browser asks once for each event: another one comes if the person may be asked again.
      offer?.prompt();
      offer = null;
    },
    decline() {
      settings.set(DECLINED, true);
      show(false);
    },
  };
}
