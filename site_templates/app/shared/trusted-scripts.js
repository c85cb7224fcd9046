/**
 * Addresses that may start a script, for browsers with Trusted Types
 * (https://www.w3.org/TR/trusted-types/): under the site's policy they start no worker and register no
 * service worker from a mere string. This is the only place that makes what they accept instead.
 */

import { BACKENDS } from './backends.js';

/** The policy's name, as the Content-Security-Policy has it. */
export const POLICY = 'classifier-pwa';

/** The scripts outside the app's folder that the app starts. */
const SERVICE_WORKER = 'sw.js';
const RUNTIME = /^runtime\/[0-9a-f]{16}\//;
const THREADS = Object.values(BACKENDS).map(({ threadModule }) => threadModule);

/**
 * @typedef {object} TrustedTypesFactory
 * @property {(name: string, rules: {createScriptURL: (url: string) => string}) =>
 *   {createScriptURL: (url: string) => unknown}} createPolicy
 */

/**
 * Return a function that lets the addresses of this app's own scripts pass, and refuses all others.
 *
 * @param {string} folder absolute URL of the app's folder, two levels below the site's root
 * @param {TrustedTypesFactory | undefined} trustedTypes of the browser, if it has them
 * @returns {(url: string | URL) => string} for `new Worker` and `register`; in browsers with Trusted
 *   Types it is a TrustedScriptURL, which TypeScript's own declarations don't know
 * @throws {TypeError} by that function, for a script that is not the app's
 */
export function scriptUrlMaker(folder, trustedTypes) {
  const root = new URL('../../', folder).href;
  /** @param {string} url */
  const createScriptURL = (url) => {
    const { href } = new URL(url);
    const below = href.startsWith(root) ? href.slice(root.length) : '';
    const isThread = RUNTIME.test(below) && THREADS.includes(below.replace(RUNTIME, ''));
    if (href.startsWith(folder) || below === SERVICE_WORKER || isThread) return href;
    throw new TypeError(`${href} is not a script of this app.`);
  };
  /** @type {{createScriptURL: (url: string) => unknown}} */
  let policy = { createScriptURL };
  try {
    policy = trustedTypes?.createPolicy(POLICY, { createScriptURL }) ?? policy;
  } catch {
    // A page that embeds the classifier under a policy of its own: if that wants Trusted Types, it
    // refuses the plain string, and the classifier does without a worker.
  }
  return (url) => /** @type {string} */ (policy.createScriptURL(String(url)));
}

/** Let the address of a script of this app pass. */
export const trustedScriptUrl = scriptUrlMaker(
  new URL('../', import.meta.url).href,
  /** @type {{trustedTypes?: TrustedTypesFactory}} */ (globalThis).trustedTypes,
);
