/**
 * Takes a file of answers into the history: bounded, in steps between which the page goes on, and whole or
 * not at all.
 *
 * @typedef {import('./store.js').Memory} Memory
 *
 * @typedef {object} Imported
 * @property {number} added
 * @property {number} known left out because they are there already, or are in the file twice
 * @property {number} refused left out because they are damaged
 * @property {number} unfitting left out because the history is full
 *
 * @typedef {'cancelled' | 'full' | 'no-history' | 'too-large'} NotImported why nothing was kept
 */

import { answersIn, memoryOf, MOST_FILE, originOf } from './exchange.js';
import { MOST } from './limit.js';

/** Answers that are looked at in one go: some milliseconds. */
const STEP = 50;

/**
 * @param {Pick<File, 'size' | 'text'>} file of any content
 * @param {object} world
 * @param {Pick<import('./store.js').History, 'entries' | 'addImported'>} world.store
 * @param {(question: {fitting: number, offered: number}) => Promise<boolean>} world.ask whether to go on,
 *   where only so many of the answers fit in; the newest would be kept
 * @param {(fraction: number) => void} [world.onProgress] 0…1
 * @param {AbortSignal} [world.cancelled]
 * @param {() => Promise<unknown>} [world.rest] lets the page do something else
 * @param {number} [world.most] photos that the history holds
 * @returns {Promise<Imported | NotImported>}
 * @throws {DOMException} as `addImported` does, and where the file cannot be read
 */
export async function importHistory(
  file,
  { store, ask, onProgress = () => {}, cancelled, rest = nextTask, most = MOST },
) {
  if (file.size > MOST_FILE) return 'too-large';
  const answers = answersIn(await file.text());
  if (!answers) return 'no-history';
  const entries = await store.entries();
  const { offered, known, refused } = newOnes(answers, entries);
  const free = Math.max(0, most - entries.length);
  const fitting = Math.min(free, offered.length);
  if (offered.length && !free) return 'full';
  if (fitting < offered.length && !(await ask({ fitting, offered: offered.length }))) {
    return 'cancelled';
  }
  const outcome = { added: 0, known, refused, unfitting: 0 };
  /** @type {Memory[]} */
  const memories = [];
  let looked = 0;
  for (const [place, same] of offered.entries()) {
    if (memories.length === free) {
      outcome.unfitting = offered.length - place;
      break;
    }
    /** @type {Memory | null} */
    let memory = null;
    for (const answer of same) {
      if (looked % STEP === 0) {
        await rest();
        if (cancelled?.aborted) return 'cancelled';
        onProgress(place / (2 * offered.length));
      }
      looked += 1;
      if (memory) outcome.known += 1;
      else memory = memoryOf(answer);
      if (!memory) outcome.refused += 1;
    }
    if (memory) memories.push(memory);
  }
  try {
    outcome.added = await store.addImported(memories, {
      cancelled,
      onProgress: (kept) => onProgress(0.5 + kept / (2 * memories.length)),
    });
  } catch (error) {
    if (cancelled?.aborted) return 'cancelled';
    throw error;
  }
  // Another tab may have taken room meanwhile.
  outcome.unfitting += memories.length - outcome.added;
  return outcome;
}

/**
 * @param {readonly unknown[]} answers
 * @param {readonly {when: number, name: string}[]} entries that are there already
 * @returns {{offered: unknown[][], known: number, refused: number}} `offered`: the newest first, equal ones
 *   together
 */
function newOnes(answers, entries) {
  const present = new Set(entries.map(identity));
  /** @type {Map<string, {when: number, same: unknown[]}>} */
  const offered = new Map();
  let known = 0;
  let refused = 0;
  for (const answer of answers) {
    const origin = originOf(answer);
    if (!origin) {
      refused += 1;
      continue;
    }
    const id = identity(origin);
    if (present.has(id)) known += 1;
    else if (offered.has(id)) offered.get(id)?.same.push(answer);
    else offered.set(id, { when: origin.when, same: [answer] });
  }
  const inOrder = [...offered.values()].sort((a, b) => b.when - a.when);
  return { offered: inOrder.map(({ same }) => same), known, refused };
}

/** Identifies a photo that is imported again. @param {{when: number, name: string}} entry */
function identity({ when, name }) {
  return `${when} ${name}`;
}

/** @returns {Promise<unknown>} */
function nextTask() {
  return new Promise((resolve) => {
    setTimeout(resolve);
  });
}
