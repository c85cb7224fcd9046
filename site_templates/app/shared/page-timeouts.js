/** How long a page waits. A template override may change it. */

/** Milliseconds in which a worker has to start, and one of its modules has to come. */
export const START_MS = 20_000;

/** Milliseconds without any news after which the page says that it waits. */
export const QUIET_MS = 10_000;

/** Milliseconds in which the browser has to have the service worker's script. */
export const REGISTER_MS = 20_000;

/** Milliseconds without a message from the service worker after which it counts as dead. */
export const REPLY_MS = 20_000;

/** Milliseconds after which the page does without texts or names in another language. */
export const NAMES_MS = 8000;
