/** A full history asks before it forgets anything, and keeps what is new in hand until then. */

import { text } from '../language/text.js';
import { element, setText } from '../view/elements.js';
import { MOST } from './limit.js';

/** @typedef {import('./store.js').Memory} Memory */

/** Answers that wait for the person's word at most. */
const MOST_WAITING = 200;

/**
 * @param {object} parts
 * @param {import('./history-screen.js').Choice} parts.forgetting whether the oldest may be forgotten for new ones
 * @param {(memory: Memory) => void} parts.keep
 */
export function createFullQuestion({ forgetting, keep }) {
  const question = element('history-full', HTMLElement);
  /** @type {Memory[]} */
  let waiting = [];
  let declined = false;

  function show() {
    question.hidden = false;
    // Screen readers read out what changes inside a region, not one that appears with its text.
    setText(element('history-full-text', HTMLElement), text('history-full', { count: MOST }));
  }

  /** @returns {Memory[]} what was waiting */
  function hide() {
    question.hidden = true;
    setText(element('history-full-text', HTMLElement), '');
    const waited = waiting;
    waiting = [];
    return waited;
  }

  element('history-forget', HTMLButtonElement).addEventListener('click', () => {
    forgetting.set(true);
    for (const memory of hide()) keep(memory);
  });
  element('dismiss-history-full', HTMLButtonElement).addEventListener('click', () => {
    declined = true;
    hide();
  });

  return {
    /** @param {Memory} memory for which there is no room */
    ask(memory) {
      // The person has just declined, and is asked again on entering the history.
      if (declined) return;
      if (waiting.length < MOST_WAITING) waiting.push(memory);
      show();
    },

    /** The person looks at the history, which is full. */
    remind() {
      if (!forgetting.get()) show();
    },
  };
}
