import assert from 'node:assert/strict';
import { test } from 'node:test';

import { endStart } from '../../../../site_templates/app/page/startup/end.js';

const BASE = 'https://example.org/trees/';
const SCRIPT = new URL('../../../../site_templates/app/page/startup/inline.js', import.meta.url)
  .href;

let runs = 0;

/**
 * Run the start in a page of fakes.
 *
 * @param {object} [world]
 * @param {string[]} [world.languages] of the browser
 * @param {Record<string, string>} [world.storage]
 * @param {(url: string, init: RequestInit) => Promise<Response>} [world.fetch]
 * @param {unknown} [world.state] of the history
 */
async function start({ languages = ['en'], storage = {}, fetch = answerAll, state = null } = {}) {
  const dataset = /** @type {Record<string, string>} */ ({});
  const panels = ['en', 'de', 'ar'].map((lang) => panelIn(lang));
  const links = ['app.js', 'page.css'].map((name) => linkTo(name));
  const root = { lang: 'en', dataset, append: () => {} };
  const page = Object.assign(new EventTarget(), {
    documentElement: root,
    URL: `${BASE}?x`,
    querySelectorAll: () => links.filter(({ there }) => there),
    head: { append: (/** @type {ReturnType<typeof linkTo>} */ link) => void (link.there = true) },
    onreadystatechange: () => {},
  });
  const calls = { reloads: 0, stops: 0, states: /** @type {unknown[]} */ ([]) };
  /** @type {{url: string, init: RequestInit}[]} */
  const fetched = [];
  /** @type {(() => void)[]} */
  const timers = [];
  const window = new EventTarget();
  const globals = {
    document: page,
    self: { start: { content: { children: panels } }, app: {} },
    navigator: { languages },
    localStorage: storage,
    location: { href: `${BASE}?x`, reload: () => void (calls.reloads += 1) },
    history: { state, replaceState: (/** @type {unknown} */ next) => void calls.states.push(next) },
    origin: 'https://example.org',
    stop: () => void (calls.stops += 1),
    addEventListener: window.addEventListener.bind(window),
    setTimeout: (/** @type {() => void} */ act) => timers.push(act),
    fetch: (/** @type {string} */ url, /** @type {RequestInit} */ init) => {
      fetched.push({ url, init });
      return fetch(url, init);
    },
  };
  const before = Object.fromEntries(
    Object.keys(globals).map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]),
  );
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  runs += 1;
  await import(`${SCRIPT}?run=${runs}`);
  const shown = () => panels.find(({ open }) => open);
  /** Let promises do what they have to do, and give the globals back. */
  const end = async () => {
    for (let i = 0; i < 20; i += 1) await Promise.resolve();
    for (const [name, descriptor] of Object.entries(before)) {
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
      else Reflect.deleteProperty(globalThis, name);
    }
  };
  return { dataset, page, panels, window, links, calls, fetched, timers, shown, end, globals };
}

/** @param {string} lang */
function panelIn(lang) {
  const texts = { late: 'late', anew: 'anew', changed: 'changed', failed: 'failed' };
  const words = { dataset: texts, textContent: '' };
  return {
    lang,
    open: false,
    isConnected: true,
    children: [{}, words, { textContent: '' }, { onclick: () => {} }],
    showModal() {
      this.open = true;
    },
    says() {
      return [words.textContent, /** @type {any} */ (this.children[2]).textContent];
    },
  };
}

/** @param {string} name */
function linkTo(name) {
  const href = `${BASE}app/01/${name}`;
  const link = { href, integrity: `sha256-${name}`, there: true, remove: () => {} };
  link.remove = () => void (link.there = false);
  return link;
}

/** @returns {Promise<Response>} */
const answerAll = async () => new Response('right');

/** @param {string} filename */
function thrown(filename) {
  return Object.assign(new Event('error'), { filename });
}

for (const [languages, chosen, expected] of /** @type {const} */ ([
  [['de-AT'], undefined, 'de'],
  [['sv', 'ar-EG'], undefined, 'ar'],
  [['sv'], undefined, undefined],
  [['en-GB', 'de'], undefined, undefined],
  [['en'], 'de', 'de'],
  [['de'], 'en', undefined],
  [['de'], 'no tag', 'de'],
])) {
  test(`a browser in ${languages} with the choice ${chosen} gets ${expected ?? 'the page as it is'}`, async () => {
    const key = 'classifier-pwa|/trees/|language';
    /** @type {Record<string, string>} */
    const storage = chosen ? { [key]: JSON.stringify(chosen) } : {};
    const { dataset, end } = await start({ languages: [...languages], storage });
    assert.equal(dataset.language, expected);
    await end();
  });
}

test('storage that throws keeps nobody from starting', async () => {
  const storage = new Proxy({}, { get: () => assert.fail('SecurityError') });
  const { dataset, end } = await start({ languages: ['de'], storage });
  assert.equal(dataset.language, 'de');
  await end();
});

test('what does not come is named, and asked for again', async () => {
  const { page, links, timers, shown, fetched, dataset, end } = await start({ languages: ['de'] });
  const arrival = new Event('load');
  Object.defineProperty(arrival, 'target', { value: links[0] });
  page.dispatchEvent(arrival);
  timers[0]();
  assert.equal(shown(), undefined, 'something has come since');
  timers[1]();
  assert.equal(shown()?.lang, 'de');
  assert.deepEqual(shown()?.says(), ['late', links[1].href]);
  assert.equal(links[1].there, false, 'the parser must not wait for it');
  assert.deepEqual(
    fetched.map(({ url }) => url),
    [links[1].href],
  );
  assert.equal(dataset.start, undefined, 'the app may still start');
  await end();
  assert.equal(links[1].there, true);
});

test('where all has come but the page, that is named', async () => {
  const { page, links, timers, shown, end } = await start();
  for (const link of links) {
    const arrival = new Event('load');
    Object.defineProperty(arrival, 'target', { value: link });
    page.dispatchEvent(arrival);
  }
  timers.at(-1)?.();
  assert.deepEqual(shown()?.says(), ['late', `${BASE}?x`]);
  await end();
});

for (const [what, event] of /** @type {[string, () => Event][]} */ ([
  ['a module that is no JavaScript', () => thrown(`${BASE}app/01/app.js`)],
  [
    'a file that is not the right one',
    () => Object.defineProperty(new Event('error'), 'target', { value: { integrity: 'sha256-x' } }),
  ],
])) {
  test(`${what} has everything fetched anew past the cache, once`, async () => {
    const { window, calls, fetched, links, dataset, shown, end } = await start();
    window.dispatchEvent(event());
    window.dispatchEvent(event());
    assert.equal(dataset.start, 'anew');
    assert.equal(shown()?.says()[0], 'anew');
    await end();
    assert.deepEqual(
      fetched.map(({ url, init }) => [url, init.cache, init.integrity]),
      [
        [`${BASE}?x`, 'reload', undefined],
        ...links.map(({ href, integrity }) => [href, 'reload', integrity]),
      ],
    );
    assert.equal(calls.reloads, 1);
    assert.deepEqual(calls.states, [1]);
  });
}

test('half a page has everything fetched anew', async () => {
  const { globals, page, calls, fetched, end } = await start();
  page.onreadystatechange();
  assert.equal(fetched.length, 0);
  Reflect.deleteProperty(globals.self, 'app');
  page.onreadystatechange();
  await end();
  assert.equal(calls.reloads, 1);
});

test('after that it is said what is wrong, and the person is asked', async () => {
  const { window, calls, links, shown, end, globals } = await start({
    state: 1,
    fetch: async (url, { integrity }) => {
      if (url === links[1].href && integrity) throw new TypeError('integrity');
      return new Response('altered');
    },
  });
  window.dispatchEvent(thrown(`${BASE}app/01/app.js`));
  await end();
  assert.equal(calls.reloads, 0);
  assert.deepEqual(shown()?.says(), ['changed', links[1].href]);
  const reload = /** @type {any} */ (shown()?.children[3]);
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  assert.equal(calls.stops, 0, 'else the page is never called loaded');
  reload.onclick(new Event('click'));
  await end();
  assert.deepEqual([calls.reloads, calls.stops], [1, 1]);
});

test('an app that has started all the same is left alone', async () => {
  const { window, calls, panels, end } = await start();
  window.dispatchEvent(thrown(`${BASE}app/01/start.js`));
  panels[0].isConnected = false;
  await end();
  assert.deepEqual([calls.reloads, panels[0].says()[0]], [0, 'anew']);
});

for (const [what, fetch] of /** @type {[string, () => Promise<Response>][]} */ ([
  ['without a connection', () => Promise.reject(new TypeError('Failed to fetch'))],
  ['where the host answers nothing but errors', async () => new Response('', { status: 503 })],
])) {
  test(`${what} nothing is loaded anew by itself, and said so`, async () => {
    const { window, calls, shown, end } = await start({ fetch });
    window.dispatchEvent(thrown(`${BASE}app/01/app.js`));
    await end();
    assert.equal(calls.reloads, 0);
    assert.equal(shown()?.says()[0], 'failed');
  });
}

test('errors of other scripts, pictures and the running app are no concern of the start', async () => {
  const { window, fetched, dataset, end } = await start();
  window.dispatchEvent(thrown('chrome-extension://abc/content.js'));
  const picture = new Event('error');
  Object.defineProperty(picture, 'target', { value: {} });
  window.dispatchEvent(picture);
  dataset.start = 'done';
  window.dispatchEvent(thrown(`${BASE}app/01/app.js`));
  await end();
  assert.equal(fetched.length, 0);
});

/** @param {object[]} styleSheets */
function startedPage(styleSheets) {
  /** @type {string[]} */
  const removed = [];
  const element = (/** @type {string} */ id) => ({ remove: () => removed.push(id) });
  const page = Object.assign(new EventTarget(), {
    documentElement: { dataset: /** @type {Record<string, string>} */ ({}) },
    styleSheets,
    getElementById: element,
  });
  return { page, removed };
}

test('the end of the start takes away what it showed', () => {
  const { page, removed } = startedPage([{ cssRules: [{}] }]);
  /** @type {unknown[]} */
  const states = [];
  const history = { state: 1, replaceState: (/** @type {unknown} */ state) => states.push(state) };
  endStart(/** @type {any} */ (page), /** @type {any} */ (history));
  assert.equal(page.documentElement.dataset.start, 'done');
  assert.deepEqual(removed.sort(), ['boot-failed', 'start-stuck']);
  assert.deepEqual(states, [null]);
});

test('a page without its styles says so until they are there, and does not load by itself again', () => {
  const { page, removed } = startedPage([]);
  /** @type {unknown[]} */
  const states = [];
  const history = { state: 1, replaceState: (/** @type {unknown} */ state) => states.push(state) };
  endStart(/** @type {any} */ (page), /** @type {any} */ (history));
  assert.deepEqual(removed, ['start-stuck']);
  page.dispatchEvent(new Event('load'));
  assert.deepEqual(removed, ['start-stuck']);
  assert.deepEqual(states, []);
  page.styleSheets.push({ cssRules: [] });
  page.dispatchEvent(new Event('load'));
  page.styleSheets[0] = Object.defineProperty({}, 'cssRules', {
    get() {
      throw new DOMException('', 'SecurityError');
    },
  });
  page.dispatchEvent(new Event('load'));
  assert.deepEqual(removed, ['start-stuck']);
  page.styleSheets.push({ cssRules: [{}] });
  page.dispatchEvent(new Event('load'));
  assert.deepEqual(removed, ['start-stuck', 'boot-failed']);
  assert.deepEqual(states, [null]);
});
