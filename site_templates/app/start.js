/**
 * As early as possible: starts the classifier's worker, with the build of the runtime that this browser runs,
 * and fetches the texts in the page's language. It becomes a plain script, because modules wait for the whole
 * page.
 */

import { fetchEarly } from './page/startup/early-texts.js';
import { passOn, startWorker } from './page/startup/early-worker.js';
import { wasmBuild } from './shared/wasm-build.js';

const script = /** @type {HTMLScriptElement} */ (document.currentScript);
const absolute = (/** @type {string} */ url) => new URL(url, document.baseURI).href;

const binary = script.getAttribute(`data-${wasmBuild(globalThis.WebAssembly)}`);
const { worker, modules, files } = script.dataset;
// A page of the user's own templates may not name them.
if (binary && worker && modules && files) {
  const all = (/** @type {string} */ list) => list.split(' ').map(absolute);
  const needed = all(`${files} ${binary}`);
  startWorker(globalThis, absolute(worker), all(modules), needed, (url, port) =>
    passOn(url, port, fetch),
  );
}

const { language } = document.documentElement.dataset;
if (language) fetchEarly(document, new URL(`messages/${language}.json`, script.src).href);
