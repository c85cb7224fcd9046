/** Bringing a file of answers in, as people see it: progress, a way out, a question, the result. */

import { wholePercent } from '../format.js';
import { text } from '../language/text.js';
import { element, setText } from '../view/elements.js';
import { MOST } from './limit.js';

/** @typedef {import('./import.js').Imported | import('./import.js').NotImported} Outcome */

/** What is said where nothing was kept. */
const NOTHING = {
  cancelled: 'import-cancelled',
  full: 'import-full',
  'no-history': 'import-failed',
  'too-large': 'import-too-large',
};

/** @typedef {Pick<Parameters<typeof import('./import.js').importHistory>[1], 'ask' | 'onProgress' | 'cancelled'>} World */

/**
 * @param {(file: File, world: World) => Promise<Outcome>} load
 * @param {(act: () => Promise<void>) => Promise<void>} attempt shows a failure
 * @param {(words: string) => void} announce
 */
export function createImportView(load, attempt, announce) {
  const button = element('history-import', HTMLButtonElement);
  const input = element('history-file', HTMLInputElement);
  const panel = element('history-importing', HTMLElement);
  const bar = element('import-bar', HTMLProgressElement);
  const sure = element('import-sure', HTMLDialogElement);
  let cancelling = new AbortController();
  /** @type {(yes: boolean) => void} */
  let answer = () => {};

  button.addEventListener('click', () => input.click());
  input.addEventListener('change', () => {
    const [file] = input.files ?? [];
    if (file) attempt(() => bringIn(file));
    input.value = '';
  });
  element('import-cancel', HTMLButtonElement).addEventListener('click', () => cancelling.abort());
  element('import-go', HTMLButtonElement).addEventListener('click', () => {
    answer(true);
    sure.close();
  });
  element('import-keep', HTMLButtonElement).addEventListener('click', () => sure.close());
  // Also by the Escape key.
  sure.addEventListener('close', () => answer(false));

  /** @param {File} file */
  async function bringIn(file) {
    cancelling = new AbortController();
    showProgress(0);
    panel.hidden = false;
    button.disabled = true;
    try {
      const { signal } = cancelling;
      const outcome = await load(file, { ask, onProgress: showProgress, cancelled: signal });
      announce(words(outcome));
    } finally {
      panel.hidden = true;
      button.disabled = false;
      button.focus();
    }
  }

  /** @param {number} fraction 0…1 */
  function showProgress(fraction) {
    bar.value = fraction;
    setText(
      element('import-status', HTMLElement),
      text('importing', { percent: wholePercent(fraction) }),
    );
  }

  /**
   * @param {{fitting: number, offered: number}} question
   * @returns {Promise<boolean>}
   */
  function ask({ fitting, offered }) {
    setText(
      element('import-question', HTMLElement),
      text('import-fits', { count: fitting, offered, most: MOST }),
    );
    sure.showModal();
    return new Promise((resolve) => {
      answer = resolve;
    });
  }
}

/**
 * @param {Outcome} outcome
 * @returns {string}
 */
function words(outcome) {
  if (typeof outcome === 'string') return text(NOTHING[outcome], { count: MOST });
  const { added, known, refused, unfitting } = outcome;
  const sentences = [text('imported', { count: added })];
  if (known) sentences.push(text('import-known', { count: known }));
  if (refused) sentences.push(text('import-refused', { count: refused }));
  if (unfitting) sentences.push(text('import-unfitting', { count: unfitting }));
  return sentences.join(' ');
}
