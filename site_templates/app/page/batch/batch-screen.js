/** Many photos: puts the table, its view and what it needs of the browser together. */

import { certaintyOf } from '../../classifier/certainty.js';
import { makeZip } from '../../libraries/client-zip.js';
import { text } from '../language/text.js';
import { listed } from '../listed.js';
import { found, pickPhotos } from '../intake/photo-files.js';
import { saveBlob, saveStream } from '../save.js';
import { createBatch } from './batch.js';
import { tableAsCsv, tableAsJson } from './export.js';
import { sortedByClass } from './names.js';
import { createRemembering } from './remembering.js';
import { createBatchView } from './batch-view.js';

/**
 * @param {object} world
 * @param {import('../types.js').Site} world.site
 * @param {Pick<ReturnType<typeof import('../preferences.js').createPreferences>,
 *   'limits' | 'grayscale'>} world.preferences
 * @param {() => Promise<import('../types.js').Classifier>} world.ready the page's classifier, once it is loaded
 * @param {() => Promise<import('../../classifier/pool.js').ClassifierPool>} world.loadPool
 * @param {ReturnType<typeof import('../system/wake-lock.js').createWakeLock>} world.wakeLock
 * @param {(photo: File, predictions: readonly import('../types.js').Prediction[],
 *   grayscale: boolean) => void} world.remember
 * @param {(photos: number) => void} world.onDone all photos are done
 */
export function createManyScreen(world) {
  const { site, preferences, ready, loadPool, wakeLock, remember, onDone } = world;
  const remembering = createRemembering(remember);
  const batch = createBatch({
    classifyAll,
    listed: (predictions) => listed(predictions, site),
    judge: (answer) => certaintyOf(answer, preferences.limits),
    onAnswer: (photo, predictions) => remembering.answered(photo, predictions, grayscale),
    show: (state) => view.render(state),
    onPhase,
  });
  const view = createBatchView(site, {
    add: (files) => add(pickPhotos(found(files))),
    choose: batch.choose,
    pauseOrResume: () => (batch.phase === 'paused' ? batch.resume() : batch.pause()),
    cancel: batch.cancel,
    clear() {
      remembering.begin();
      batch.clear();
    },
    save,
  });
  /** @type {Promise<import('../../classifier/pool.js').ClassifierPool> | null} */
  let pool = null;
  /** Whether the photos in hand are seen in shades of gray. */
  let grayscale = false;

  /** @type {import('./batch.js').ClassifyAll} */
  async function* classifyAll(photos, signal) {
    // Once the page has brought the model in, the workers find it in the cache.
    await ready();
    pool ??= loadPool();
    ({ grayscale } = preferences);
    yield* (await pool).classifyAll(photos, { topK: Math.max(site.topK, 2), signal, grayscale });
  }

  /** The workers' memory is freed while they are not needed. */
  async function letGo() {
    const unused = pool;
    pool = null;
    await (await unused?.catch(() => null))?.dispose();
  }

  /**
   * @param {import('./batch.js').BatchState['phase']} phase
   * @param {import('./table.js').Counts} counts
   */
  function onPhase(phase, { done, total }) {
    if (phase === 'running') wakeLock.hold('many');
    else wakeLock.release('many');
    if (phase === 'idle' && total > 0 && done === total) onDone(done);
    window.onbeforeunload = phase === 'running' ? (event) => event.preventDefault() : null;
  }

  /**
   * @param {'csv' | 'json' | 'zip'} format
   * @returns {Promise<boolean>}
   */
  async function save(format) {
    const rows = batch.chosen();
    const name = `photos.${format}`;
    if (format === 'zip') {
      const files = sortedByClass(rows, { unsure: text('not-sure'), failed: text('unreadable') });
      const entries = files.map(({ name: path, file }) => ({ name: path, input: file }));
      return saveStream(() => makeZip(entries), { name, type: 'application/zip' });
    }
    const { metadata } = await ready();
    const [content, type] =
      format === 'csv'
        ? [tableAsCsv(rows), 'text/csv']
        : [tableAsJson(rows, site, metadata.name), 'application/json'];
    saveBlob(new Blob([content], { type }), name);
    return true;
  }

  /** @param {import('../intake/photo-files.js').Found[]} photos */
  function add(photos) {
    if (photos.length) batch.add(photos);
  }

  return {
    add,
    judgeAnew: batch.judgeAnew,
    enter() {
      batch.judgeAnew();
      view.focus();
    },
    /** Work that is not in view would only drain the battery: it waits. */
    leave() {
      batch.halt();
      letGo();
    },
  };
}
