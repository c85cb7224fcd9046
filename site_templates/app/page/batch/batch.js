/**
 * Many photos: takes them in, has them classified, and keeps the table. Everything that touches the
 * world is handed in.
 */

import { timeLeft } from './estimate.js';
import { count, EVERYTHING, isFinished, newRows, select } from './table.js';

/**
 * @typedef {import('./table.js').Row} Row
 * @typedef {import('../types.js').Prediction} Prediction
 * @typedef {import('../../classifier/pool.js').Outcome} Outcome
 * @typedef {(photos: Iterable<File>, signal: AbortSignal) => AsyncIterable<Outcome>} ClassifyAll takes a
 *   photo whenever it has room for one
 *
 * @typedef {object} BatchState
 * @property {Row[]} rows the chosen ones, in order
 * @property {import('./table.js').Counts} counts of all
 * @property {import('./table.js').Selection} selection
 * @property {'idle' | 'running' | 'paused'} phase
 * @property {number | null} left milliseconds to go, where that can be estimated
 * @property {boolean} trouble it is paused because what classifies could not be loaded
 */

/**
 * @param {object} world
 * @param {ClassifyAll} world.classifyAll
 * @param {(predictions: readonly Prediction[]) => Prediction[]} world.listed those that the page lists
 * @param {(answer: Row['answered']) => Row['certainty']} world.judge
 * @param {(file: File, predictions: Row['predictions']) => void} world.onAnswer called with each photo's
 * @param {(state: BatchState) => void} world.show
 * @param {(phase: BatchState['phase'], counts: import('./table.js').Counts) => void} world.onPhase
 * @param {(redraw: () => void) => void} [world.soon] calls back a little later, once
 * @param {() => number} [world.clock] milliseconds
 */
export function createBatch({
  classifyAll,
  listed,
  judge,
  onAnswer,
  show,
  onPhase,
  soon = (redraw) => setTimeout(redraw, 200),
  clock = () => performance.now(),
}) {
  /** @type {Row[]} */
  let rows = [];
  let ids = 0;
  let selection = EVERYTHING;
  /** @type {BatchState['phase']} */
  let phase = 'idle';
  let atWork = false;
  let abort = new AbortController();
  /** Before it, no row is waiting. */
  let cursor = 0;
  let started = { at: 0, done: 0 };
  let drawn = true;
  let trouble = false;

  function isWaiting() {
    while (rows[cursor] && rows[cursor].status !== 'waiting') cursor += 1;
    return cursor < rows.length;
  }

  /**
   * The waiting photos, until there are none or the work is paused.
   *
   * @param {number[]} places where each lies in `rows`
   */
  function* takeFrom(places) {
    while (phase === 'running' && isWaiting()) {
      places.push(cursor);
      change(cursor, { status: 'working' });
      yield rows[cursor].file;
    }
  }

  async function work() {
    if (atWork) return;
    atWork = true;
    // Again, for photos that were added or resumed while the last ones were being classified.
    while (phase === 'running' && isWaiting()) await workOnce();
    atWork = false;
    if (phase === 'running') enter('idle');
  }

  async function workOnce() {
    abort = new AbortController();
    const { signal } = abort;
    /** @type {number[]} */
    const places = [];
    try {
      for await (const outcome of classifyAll(takeFrom(places), signal)) {
        if (signal.aborted) continue;
        const place = places[outcome.index];
        change(place, newsOf(outcome));
        const { status, file, predictions } = rows[place];
        if (status === 'done') onAnswer(file, predictions);
      }
    } catch {
      // Not about a photo: the model could not be loaded. "Continue" tries again.
      if (signal.aborted) return;
      trouble = true;
      halt();
    }
  }

  /**
   * @param {Outcome} outcome
   * @returns {Partial<Row>}
   */
  function newsOf({ classification, error }) {
    if (!classification) return { status: 'failed', error: error?.code ?? 'internal' };
    const { predictions, unfamiliarity, timings } = classification;
    const answered = { predictions: predictions.slice(0, 2), unfamiliarity };
    return {
      status: 'done',
      predictions: listed(predictions),
      answered,
      certainty: judge(answered),
      milliseconds: timings.decode + timings.preprocess + timings.inference,
    };
  }

  /** Stop at once; what is in hand waits again. */
  function halt() {
    if (phase === 'idle') return;
    abort.abort();
    rows = rows.map((row) => (row.status === 'working' ? { ...row, status: 'waiting' } : row));
    cursor = 0;
    enter('paused');
  }

  /**
   * @param {number} place in `rows`, which keep their places while anything runs
   * @param {Partial<Row>} news
   */
  function change(place, news) {
    rows[place] = { ...rows[place], ...news };
    draw();
  }

  /** @param {BatchState['phase']} next */
  function enter(next) {
    if (next === phase) return;
    phase = next;
    if (next === 'running') started = { at: clock(), done: count(rows).done };
    if (next !== 'paused') trouble = false;
    onPhase(phase, count(rows));
    draw();
  }

  /** Show the table soon: not for each of some hundred answers a second. */
  function draw() {
    if (!drawn) return;
    drawn = false;
    soon(() => {
      drawn = true;
      drawNow();
    });
  }

  function drawNow() {
    const counts = count(rows);
    const done = counts.done - started.done;
    const running = phase === 'running';
    const left = running ? timeLeft(done, counts.total - counts.done, clock() - started.at) : null;
    show({ rows: select(rows, selection), counts, selection, phase, left, trouble });
  }

  function resume() {
    enter('running');
    work();
  }

  /** @param {Row[]} kept */
  function keepOnly(kept) {
    abort.abort();
    rows = kept;
    cursor = 0;
    enter('idle');
    drawNow();
  }

  return {
    drawNow,
    halt,
    resume,

    get phase() {
      return phase;
    },

    /** @returns {Row[]} those that are finished and shown, in their order */
    chosen: () => select(rows, selection).filter(isFinished),

    /** @param {readonly import('../intake/photo-files.js').Found[]} photos */
    add(photos) {
      rows = [...rows, ...newRows(photos, ids)];
      ids += photos.length;
      draw();
      if (phase !== 'paused') resume();
    },

    /** @param {Partial<import('./table.js').Selection>} choice */
    choose(choice) {
      selection = { ...selection, ...choice };
      drawNow();
    },

    /** The limit for a sure answer has changed: it holds for the answers that are there, too. */
    judgeAnew() {
      rows = rows.map((row) =>
        row.status === 'done' ? { ...row, certainty: judge(row.answered) } : row,
      );
      const ofKind = select(rows, { ...EVERYTHING, kind: selection.kind });
      if (!ofKind.length) selection = { ...selection, kind: EVERYTHING.kind };
      drawNow();
    },

    /** Take no more photos; those in hand are finished. */
    pause() {
      if (phase === 'running') enter('paused');
    },

    /** Stop, and keep what is finished. */
    cancel: () => keepOnly(rows.filter(isFinished)),

    /** Let go of all photos. */
    clear() {
      selection = EVERYTHING;
      keepOnly([]);
    },
  };
}
