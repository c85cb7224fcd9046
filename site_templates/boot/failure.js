/**
 * What the page says where the app's modules could not be loaded.
 *
 * @typedef {object} Notice in one language
 * @property {string} direction "ltr" or "rtl"
 * @property {string} failed says what has happened
 * @property {string} reload names the button
 */

/** How long one file may keep a person waiting who has asked for a reload. */
const PATIENCE_MS = 10_000;

/**
 * Put the notice in place of all that would not work. The page may be of another version, from the
 * browser's own cache, and may lack everything but itself, the style sheet too: what is used here is what
 * every version has.
 *
 * @param {Document} page
 * @param {string} lang BCP 47
 * @param {Notice} notice
 * @param {() => Promise<void>} again
 */
export function tellFailure(page, lang, notice, again) {
  const root = page.documentElement;
  const panel = page.getElementById('boot-failed');
  const button = page.getElementById('boot-reload');
  if (root.dataset.state !== 'loading' || !panel || !button) return;
  const words = /** @type {Element} */ (panel.firstElementChild);
  words.textContent = notice.failed;
  button.textContent = notice.reload;
  button.addEventListener('click', again);
  panel.lang = lang;
  panel.dir = notice.direction;
  panel.hidden = false;
  const heading = page.createElement('h1');
  heading.textContent = page.title;
  const main = page.createElement('main');
  main.append(heading, panel);
  page.body.className = 'plain';
  page.body.replaceChildren(main);
  root.dataset.state = 'error';
  // The texts that the page would wait for won't come.
  delete root.dataset.language;
}

/**
 * Ask for the page and its scripts past the browser's cache, and load what has come. The page may be
 * older than all that its host still has; and a host may have told the browser to keep a failure for as
 * long as it would keep the file.
 *
 * @param {Document} page
 * @param {Location} location
 */
export async function loadAnew(page, location) {
  /** @type {NodeListOf<HTMLLinkElement>} */
  const links = page.querySelectorAll('link[rel=modulepreload], link[rel=stylesheet]');
  /** @type {NodeListOf<HTMLScriptElement>} */
  const scripts = page.querySelectorAll('script[src]');
  const addresses = [location.href, ...[...links].map(({ href }) => href)];
  addresses.push(...[...scripts].map(({ src }) => src));
  await Promise.allSettled(addresses.map(renew));
  location.reload();
}

/** @param {string} address */
async function renew(address) {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const response = await fetch(address, { cache: 'reload', signal });
  await response.arrayBuffer();
}
