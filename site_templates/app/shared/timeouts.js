/** How long page and service worker wait. A template override may change it. */

/** Milliseconds without a byte after which a connection counts as broken. */
export const STALL_MS = 20_000;

/** Milliseconds before the second attempt; each further one waits twice as long. */
export const BACKOFF_MS = 1000;

/** The most milliseconds that a host's Retry-After is heeded for. */
export const RETRY_AFTER_MS = 15_000;

/** Milliseconds after which what has arrived of a file is put into safe keeping. */
export const CHECKPOINT_MS = 1000;

/** Milliseconds between two signs of life of a service worker that is at work. */
export const ALIVE_MS = 5000;

/** Milliseconds that a version which is whole waits for its extras before it says so. */
export const EXTRAS_MS = 5000;

/** Milliseconds that a page may take to arrive whole, until what has come of it is shown. */
export const PAGE_MS = 5000;
