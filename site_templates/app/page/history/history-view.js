/** The history, as people see it. */

import { size, wholePercent } from '../format.js';
import { text } from '../language/text.js';
import { storageTrouble } from '../system/blocked.js';
import { element, setText } from '../view/elements.js';
import { createRows } from '../view/rows.js';
import { createEntryRow, dateOf, fillEntryRow, nameOf } from './entry.js';
import { createImportView } from './import-view.js';
import { MOST } from './limit.js';
import { search } from './search.js';
import { bytesOf } from './store.js';

/** @typedef {import('./store.js').Entry} Entry */

/** Rows in the page at once; a search finds the others. */
const SHOWN = 200;

/**
 * @param {object} actions
 * @param {import('./history-screen.js').Choice} actions.optIn
 * @param {import('./history-screen.js').Choice} actions.forgetting
 * @param {(id: number) => Promise<Blob | null>} actions.thumbnail
 * @param {(entry: Entry) => Promise<{item: Entry, similarity: number}[]>} actions.similar
 * @param {(id: number) => Promise<void>} actions.remove
 * @param {() => Promise<void>} actions.clear
 * @param {() => Promise<void>} actions.save
 * @param {Parameters<typeof createImportView>[0]} actions.load
 */
export function createHistoryView(actions) {
  const title = element('history-title', HTMLElement);
  const optIn = element('history-on', HTMLInputElement);
  const query = element('history-search', HTMLInputElement);
  const list = element('history-rows', HTMLElement);
  const news = element('history-news', HTMLElement);
  const likeness = element('history-likeness', HTMLElement);
  const sure = element('history-sure', HTMLDialogElement);
  /** @type {Entry[]} */
  let entries = [];
  /** @type {{entry: Entry, found: {item: Entry, similarity: number}[]} | null} */
  let alike = null;

  const renderRows = createRows(list, {
    create: () => createEntryRow({ remove, showSimilar }),
    fill: fillEntryRow,
    picture: ({ id }) => actions.thumbnail(id),
  });

  optIn.addEventListener('change', () => actions.optIn.set(optIn.checked));
  query.addEventListener('input', draw);
  on('history-all', () => {
    alike = null;
    draw();
    query.focus();
  });
  on('history-clear', () => {
    setText(
      element('history-question', HTMLElement),
      text('history-sure', { count: entries.length }),
    );
    sure.showModal();
  });
  on('history-keep', () => sure.close());
  on('history-delete', () => {
    sure.close();
    attempt(async () => {
      await actions.clear();
      setText(news, text('deleted'));
      title.focus();
    });
  });
  on('history-export', () => attempt(actions.save));
  createImportView(actions.load, attempt, (words) => setText(news, words));

  /**
   * @param {string} id
   * @param {() => void} act
   */
  function on(id, act) {
    element(id, HTMLButtonElement).addEventListener('click', act);
  }

  /** @param {() => Promise<void>} act on storage, which may be full or switched off */
  async function attempt(act) {
    setText(news, '');
    await act().catch(showFailure);
  }

  /** @param {unknown} error of the storage */
  function showFailure(error) {
    setText(news, text(storageTrouble(error)));
  }

  /** @param {number} id */
  function remove(id) {
    const place = Array.from(list.children).findIndex((row) =>
      row.contains(document.activeElement),
    );
    attempt(async () => {
      await actions.remove(id);
      setText(news, text('deleted'));
      // The focus goes to the row that took the place, and isn't lost.
      const next = list.children[Math.min(place, list.children.length - 1)];
      /** @type {HTMLElement | null | undefined} */
      const button = next?.querySelector('.entry-delete');
      (button ?? title).focus();
    });
  }

  /** @param {number} id */
  function showSimilar(id) {
    const entry = entries.find((one) => one.id === id);
    if (!entry) return;
    attempt(async () => {
      alike = { entry, found: await actions.similar(entry) };
      query.value = '';
      draw();
      element('history-all', HTMLButtonElement).focus();
    });
  }

  /** Rows as they are to be seen, each with what stands under it when photos are compared. */
  function rows() {
    if (!alike)
      return search(entries, query.value, dateOf).map((entry) => ({ ...entry, note: '' }));
    const { entry, found } = alike;
    const others = found.map(({ item, similarity }) => ({
      ...item,
      note: text('similarity', { percent: wholePercent(Math.max(0, similarity)) }),
    }));
    return [{ ...entry, note: '' }, ...others];
  }

  function draw() {
    const shown = rows();
    const bytes = bytesOf(entries);
    const count = entries.length;
    setText(
      element('history-count', HTMLElement),
      text('history-count', { count, size: size(bytes) }),
    );
    setText(element('history-limit', HTMLElement), limitText(count));
    likeness.hidden = alike === null;
    if (alike) {
      setText(
        element('history-alike', HTMLElement),
        text('similar-to', { name: nameOf(alike.entry) }),
      );
    }
    element('history-tools', HTMLElement).hidden = count === 0;
    element('history-find', HTMLElement).hidden = count === 0 || alike !== null;
    element('history-empty', HTMLElement).hidden = count > 0;
    element('history-none', HTMLElement).hidden = count === 0 || shown.length > 0;
    renderRows(shown.slice(0, SHOWN));
  }

  /** @param {number} count */
  function limitText(count) {
    if (count < MOST) return '';
    return text(actions.forgetting.get() ? 'history-rolling' : 'history-stopped', { count: MOST });
  }

  return {
    showFailure,

    /** Photos that there are. */
    get count() {
      return entries.length;
    },

    /** @param {Entry[]} all the newest first */
    render(all) {
      entries = all;
      // It may have been switched off elsewhere.
      optIn.checked = actions.optIn.get();
      if (alike && !entries.some(({ id }) => id === alike?.entry.id)) alike = null;
      if (alike) {
        const present = new Set(entries.map(({ id }) => id));
        alike.found = alike.found.filter(({ item }) => present.has(item.id));
      }
      draw();
    },

    focus() {
      setText(news, '');
      title.focus();
    },
  };
}
