/** The table of many photos, as people see it. */

import { duration, wholePercent } from '../format.js';
import { classText } from '../language/class-names.js';
import { text } from '../language/text.js';
import { makeThumbnail } from '../thumbnail.js';
import { element, setText } from '../view/elements.js';
import { createRows } from '../view/rows.js';
import { answerOf } from './table.js';
import * as words from './batch-texts.js';

/** Rows in the page at first, and as many more each time that more are asked for: a page of 10,000 would be slow. */
const SHOWN = 200;

/**
 * @param {Pick<import('../types.js').Site, 'classes'>} site
 * @param {object} actions
 * @param {(files: FileList | null) => void} actions.add
 * @param {(choice: Partial<import('./table.js').Selection>) => void} actions.choose
 * @param {() => void} actions.pauseOrResume
 * @param {() => void} actions.cancel
 * @param {() => void} actions.clear
 * @param {(format: 'csv' | 'json' | 'zip') => Promise<boolean>} actions.save false where the person cancelled
 */
export function createBatchView(site, actions) {
  const title = element('many-title', HTMLElement);
  const pause = element('many-pause', HTMLButtonElement);
  const cancel = element('many-cancel', HTMLButtonElement);
  const clear = element('many-clear', HTMLButtonElement);
  const kind = element('many-kind', HTMLSelectElement);
  const order = element('many-order', HTMLSelectElement);
  const certainty = element('many-certainty', HTMLInputElement);
  const more = element('many-more', HTMLButtonElement);
  const bar = element('many-bar', HTMLProgressElement);
  const saved = element('many-saved', HTMLElement);
  /** @type {Map<number, Promise<Blob | null>>} */
  const thumbnails = new Map();
  let most = SHOWN;
  let quarter = 0;
  /** @type {import('./batch.js').BatchState | null} */
  let state = null;

  const renderRows = createRows(element('many-rows', HTMLElement), {
    create: createRow,
    fill: (target, /** @type {import('./table.js').Row} */ row) =>
      fillRow(target, row, site.classes),
    picture({ id, file }) {
      const thumbnail = thumbnails.get(id) ?? makeThumbnail(file);
      thumbnails.set(id, thumbnail);
      return thumbnail;
    },
  });

  order.append(...words.ORDERS.map((value) => new Option(text(`order-${value}`), value)));
  order.addEventListener('change', () =>
    actions.choose({ order: /** @type {import('./table.js').Order} */ (order.value) }),
  );
  kind.addEventListener('change', () => actions.choose({ kind: kind.value }));
  certainty.addEventListener('input', () =>
    actions.choose({ certainty: Number(certainty.value) / 100 }),
  );
  pause.addEventListener('click', () => actions.pauseOrResume());
  cancel.addEventListener('click', () => {
    actions.cancel();
    title.focus();
  });
  clear.addEventListener('click', () => {
    most = SHOWN;
    thumbnails.clear();
    certainty.value = '0';
    order.value = 'added';
    actions.clear();
    title.focus();
  });
  more.addEventListener('click', () => {
    most += SHOWN;
    if (state) render(state);
  });
  pickWith('many-photos');
  pickWith('many-folder');
  for (const format of /** @type {const} */ (['csv', 'json', 'zip'])) {
    element(`many-${format}`, HTMLButtonElement).addEventListener('click', () => save(format));
  }

  /** @param {string} id of the button; its input has the same with a suffix */
  function pickWith(id) {
    const input = element(`${id}-input`, HTMLInputElement);
    element(id, HTMLButtonElement).addEventListener('click', () => input.click());
    input.addEventListener('change', () => {
      actions.add(input.files);
      input.value = '';
    });
  }

  /** @param {'csv' | 'json' | 'zip'} format */
  async function save(format) {
    setText(saved, '');
    try {
      if (await actions.save(format)) setText(saved, text('saved'));
    } catch {
      setText(saved, text('not-saved'));
    }
  }

  /** @param {import('./batch.js').BatchState} news */
  function render(news) {
    state = news;
    const { rows, counts, selection, phase } = news;
    const busy = phase !== 'idle';
    element('many-empty', HTMLElement).hidden = counts.total > 0;
    element('many-work', HTMLElement).hidden = counts.total === 0;
    setText(element('many-status', HTMLElement), words.progressText(news));
    showNews(news);
    bar.value = counts.total ? counts.done / counts.total : 0;
    bar.hidden = !busy;
    pause.hidden = !busy;
    setText(pause, text(phase === 'paused' ? 'go-on' : 'pause'));
    cancel.hidden = !busy;
    clear.hidden = busy;
    setText(element('many-certainty-text', HTMLElement), wholePercent(selection.certainty));
    renderKinds(counts, selection.kind);
    renderRows(rows.slice(0, most));
    element('many-none', HTMLElement).hidden = rows.length > 0;
    more.hidden = rows.length <= most;
    setText(more, text('show-more', { count: Math.max(0, Math.min(SHOWN, rows.length - most)) }));
  }

  /**
   * Screen readers announce each quarter of the work, and not each photo.
   *
   * @param {import('./batch.js').BatchState} news
   */
  function showNews(news) {
    const { done, total } = news.counts;
    const reached = news.phase === 'running' ? Math.floor((4 * done) / total) : -1;
    if (reached === quarter) return;
    quarter = reached;
    setText(element('many-news', HTMLElement), words.progressText({ ...news, left: null }));
  }

  /**
   * @param {import('./table.js').Counts} counts
   * @param {string} chosen
   */
  function renderKinds(counts, chosen) {
    const choices = words.kinds(counts);
    const same =
      choices.length === kind.length &&
      choices.every(
        ([value, label], i) => kind.options[i].value === value && kind.options[i].text === label,
      );
    // A list that is rebuilt would close under the person's finger.
    if (!same && document.activeElement !== kind) {
      kind.replaceChildren(...choices.map(([value, label]) => new Option(label, value)));
    }
    kind.value = chosen;
  }

  return { render, focus: () => title.focus() };
}

function createRow() {
  const row = document.createElement('tr');
  row.setAttribute('role', 'row');
  for (const name of ['picture', 'file', 'answer', 'time']) {
    const cell = document.createElement('td');
    cell.setAttribute('role', 'cell');
    cell.className = `many-${name}`;
    row.append(cell);
  }
  const image = new Image(64, 64);
  image.alt = '';
  image.hidden = true;
  row.cells[0].append(image);
  row.cells[1].dir = 'auto';
  return row;
}

/**
 * @param {HTMLElement} target
 * @param {import('./table.js').Row} row
 * @param {number} classes how many the model knows
 */
function fillRow(target, row, classes) {
  const { cells } = /** @type {HTMLTableRowElement} */ (target);
  const { path, status, predictions, milliseconds } = row;
  target.toggleAttribute('data-guess', status === 'done' && !answerOf(row));
  target.dataset.status = status;
  target.dataset.className = answerOf(row)?.className ?? '';
  setText(cells[1], path);
  setText(cells[3], status === 'done' ? duration(milliseconds) : '');
  const answers = predictions.slice(0, 3).map((prediction) => {
    const line = document.createElement('span');
    line.className = 'many-prediction';
    const name = document.createElement('span');
    name.dir = 'auto';
    name.textContent = classText(prediction.className);
    const percent = document.createElement('span');
    percent.className = 'percent';
    percent.textContent = words.percentText(prediction);
    line.append(name, ' ', percent);
    return line;
  });
  cells[2].replaceChildren(words.rowText(row, classes), ...answers);
}
