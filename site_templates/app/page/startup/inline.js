/**
 * The start: the script that stands in the page itself, allowed by its hash in the policy, and works when
 * every other file of the site is missing. It chooses the language, watches the files that the page
 * names and the errors of the window, says what it waits for, and fetches the app anew past the browser's
 * cache when something of it is wrong: by itself once, then when the person asks for it.
 *
 * `<html data-start>` says how far it is: nothing yet, "anew", or "done" once the app runs
 * (end.js). What it shows are the elements in `<template id="start">`, one a language, each with a
 * heading, words, the address of a file and a button.
 *
 * The package's build makes at most 1.5 KB of it: the policy names its hash, and each visit pays for it.
 */

import { chooseLanguage } from '../../shared/choose-language.js';
import { storagePrefix } from '../../shared/storage-prefix.js';

/** Milliseconds in which nothing arrives, or that one answer takes, before something is said or given up. */
const TIMEOUT_MS = 10_000;

const page = document;
const root = page.documentElement;
const { dataset } = root;
/** Has an element as a property by its id. @type {any} */
const elements = self;
/** @type {any[]} */
const panels = [...elements.start.content.children];

/** @type {readonly string[]} */
let wanted = navigator.languages;
try {
  // As settings.js keeps it; access may throw, and so does parsing where no choice was made.
  wanted = [JSON.parse(localStorage[`${storagePrefix('.', page.URL)}language`]), ...wanted];
} catch {
  // Then the browser's languages are all that is known.
}
const offered = panels.map((each) => each.lang);
const language = chooseLanguage(offered, wanted);
const panel = panels[offered.indexOf(language)];
// Until the app speaks it, nothing is shown: two languages never share the screen.
if (language !== root.lang) dataset.language = language;

/** Elements whose files have arrived. @type {unknown[]} */
const came = [];
/** @returns {any[]} */
const parts = () => [...page.querySelectorAll('link[integrity]')];

/**
 * @param {string} what "late", "anew", "changed" or "failed"
 * @param {string} [file] its address
 */
const show = (what, file) => {
  const [, words, address, button] = panel.children;
  words.textContent = words.dataset[what];
  address.textContent = file;
  button.onclick = renew;
  if (!panel.open) {
    // Not into the body, which the app may hide until its texts are there.
    root.append(panel);
    panel.showModal();
  }
};

/**
 * @param {string} url
 * @param {string} [integrity]
 */
const fetchAnew = async (url, integrity) =>
  fetch(url, { cache: 'reload', integrity, signal: AbortSignal.timeout(TIMEOUT_MS) });

/**
 * Fetch the page and what it names past the browser's cache, and load it again. That helps too where
 * the page itself was old, and nothing that it names is left.
 *
 * @param {unknown} [asked] by the person
 */
const renew = async (asked) => {
  show((dataset.start = 'anew'));
  // The new requests would wait for those that have been pending for long. Only on request: otherwise the page
  // might never count as loaded.
  if (asked) stop();
  /** @type {[string, string]} */
  let reason = ['failed', page.URL];
  const [newest] = await Promise.all(
    [location, ...parts()].map(({ href, integrity }) =>
      fetchAnew(href, integrity).catch(async () => {
        const answer = await fetchAnew(href).catch(() => {});
        reason = [answer?.ok ? 'changed' : 'failed', href];
      }),
    ),
  );
  // The app has started after all; see end.js.
  if (!panel.isConnected) return;
  // The state outlives a reload, also where storage is switched off.
  if (newest?.ok && (asked || !history.state)) {
    history.replaceState(1, '');
    location.reload();
  } else show(...reason);
};

/** @param {{target?: unknown}} event something has come */
const wait = ({ target }) => {
  const count = came.push(target);
  setTimeout(() => {
    if (dataset.start || count < came.length) return;
    const late = parts().find((part) => !came.includes(part));
    show('late', late?.href ?? page.URL);
    if (late) {
      // Parser and scripts wait for a style sheet that the parser has found, and not for another.
      late.remove();
      fetchAnew(late.href, late.integrity).finally(() => page.head.append(late));
    }
  }, TIMEOUT_MS);
};

page.addEventListener('load', wait, true);
// Scripts and links, and what is thrown: a module that is not JavaScript fires no event on its element.
addEventListener(
  'error',
  ({ filename, target }) => {
    const ours = filename?.startsWith(origin) || /** @type {any} */ (target).integrity;
    if (ours && !dataset.start) renew();
  },
  true,
);
// Half a page names no app.
page.onreadystatechange = () => elements.app ?? dataset.start ?? renew();
wait({});
