/**
 * The history as a file. What comes in may be anything: it is read as data, field by field, and what is
 * not in order is left out. Pure.
 */

import { sniffImage } from '../../classifier/sniff.js';
import { fromBase64, toBase64 } from './base64.js';

/** @typedef {import('./store.js').Memory} Memory */

const FORMAT = 'classifier-pwa-history';
const VERSION = 1;

/** Our thumbnails are a tenth of each; a small file can hold a picture of gigabytes. */
const MOST_THUMBNAIL = { bytes: 100_000, side: 512 };
const MOST_PREDICTIONS = 100;
const MOST_CHARACTERS = 500;
const MOST_NUMBERS = 8192;

/** The latest moment that a Date can hold. */
const LATEST = 8.64e15;

/** Files larger than this aren't read at all, in bytes. */
export const MOST_FILE = 200e6;

/**
 * @param {readonly Memory[]} memories
 * @returns {string[]} the parts of the file, which together are JSON
 */
export function exported(memories) {
  const lines = memories.map(
    ({ thumbnail, embedding, ...rest }, index) =>
      (index ? ',\n' : '') +
      JSON.stringify({
        ...rest,
        thumbnail: thumbnail && toBase64(thumbnail),
        embedding: embedding && toBase64(new Uint8Array(littleEndian(embedding))),
      }),
  );
  return [`{"format":"${FORMAT}","version":${VERSION},"answers":[\n`, ...lines, '\n]}\n'];
}

/**
 * @param {string} text of a file
 * @returns {unknown[] | null} its answers, not checked yet; null where it is not a history at all
 */
export function answersIn(text) {
  let data;
  try {
    data = JSON.parse(text);
  } catch {
    return null;
  }
  if (data?.format !== FORMAT || data.version !== VERSION || !Array.isArray(data.answers)) {
    return null;
  }
  return data.answers;
}

/**
 * What identifies an answer, before all of it is checked.
 *
 * @param {any} answer
 * @returns {{when: number, name: string} | null} null where it is none
 */
export function originOf(answer) {
  const { when, name } = answer ?? {};
  if (!Number.isInteger(when) || Math.abs(when) > LATEST || !isText(name)) return null;
  return { when, name };
}

/**
 * @param {any} answer
 * @returns {Memory | null} null where anything in it is invalid
 */
export function memoryOf(answer) {
  const origin = originOf(answer);
  const predictions = predictionsOf(answer?.predictions);
  if (!origin || !predictions || !isText(answer.model)) return null;
  const thumbnail = thumbnailOf(answer.thumbnail);
  const embedding = embeddingOf(answer.embedding);
  if (thumbnail === undefined || embedding === undefined) return null;
  return { ...origin, predictions, model: answer.model, thumbnail, embedding };
}

/**
 * @param {any} list
 * @returns {Memory['predictions'] | null}
 */
function predictionsOf(list) {
  if (!Array.isArray(list) || list.length > MOST_PREDICTIONS) return null;
  const inOrder = list.every(
    (item) =>
      Number.isInteger(item?.classIndex) &&
      item.classIndex >= 0 &&
      isText(item.className) &&
      typeof item.probability === 'number' &&
      item.probability >= 0 &&
      item.probability <= 1,
  );
  if (!inOrder) return null;
  return list.map(({ classIndex, className, probability }) => ({
    classIndex,
    className,
    probability,
  }));
}

/**
 * @param {unknown} text
 * @returns {Uint8Array<ArrayBuffer> | null | undefined} undefined for what is not a thumbnail of ours
 */
function thumbnailOf(text) {
  if (text === null) return null;
  const bytes = fromBase64(text, MOST_THUMBNAIL.bytes);
  if (!bytes) return undefined;
  const { format, width, height } = sniffImage(bytes);
  if (format !== 'JPEG' || !width || !height) return undefined;
  return Math.max(width, height) <= MOST_THUMBNAIL.side ? bytes : undefined;
}

/**
 * @param {unknown} text
 * @returns {Float32Array<ArrayBuffer> | null | undefined}
 */
function embeddingOf(text) {
  if (text === null) return null;
  const bytes = fromBase64(text, MOST_NUMBERS * 4);
  if (!bytes?.length || bytes.length % 4) return undefined;
  const view = new DataView(bytes.buffer);
  const values = Float32Array.from({ length: bytes.length / 4 }, (_, i) =>
    view.getFloat32(i * 4, true),
  );
  return values.every(Number.isFinite) ? values : undefined;
}

/**
 * @param {Float32Array} values
 * @returns {ArrayBuffer} four bytes a number, whatever the device's own order is
 */
function littleEndian(values) {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((value, i) => view.setFloat32(i * 4, value, true));
  return view.buffer;
}

/** @param {unknown} value @returns {value is string} */
function isText(value) {
  return typeof value === 'string' && value.length <= MOST_CHARACTERS;
}
