/** How long downloads wait for what. Page and service worker share it; a template override may change it. */

/** Milliseconds without a byte after which a connection counts as broken. */
export const STALL_MS = 20_000;

/** Milliseconds before the second attempt; each further one waits twice as long. */
export const BACKOFF_MS = 1000;

/** Milliseconds after which what has arrived of a file is put into safe keeping. */
export const CHECKPOINT_MS = 1000;
