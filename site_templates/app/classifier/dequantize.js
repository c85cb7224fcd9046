/**
 * Widens weights in forms that TF.js does not know: a row of `READERS` for each.
 *
 * What builder/model/quantize/modes.py stores in a form that TF.js reads itself passes as it is. A
 * build that measures parity reads the same numbers from the same bytes in Python.
 *
 * @typedef {object} WeightEntry an entry of the weights manifest
 * @property {string} name
 * @property {readonly number[]} shape
 * @property {string} dtype
 * @property {{dtype: string}} [quantization]
 *
 * @typedef {object} Reader reads one form
 * @property {(shape: readonly number[]) => number} size bytes in the shards
 * @property {(shape: readonly number[], content: ArrayBuffer) => Float32Array<ArrayBuffer>} widen
 */

/** @type {Readonly<Record<string, number>>} bytes of what TF.js reads itself */
const BYTES = { float32: 4, int32: 4, bool: 1, float16: 2, uint16: 2, uint8: 1 };
const SCALE_BYTES = 2;

/** @type {Readonly<Record<string, Reader>>} by the dtype of the entry's quantization */
export const READERS = {
  // A float16 scale for each channel of the last axis, then an int8 for each weight.
  int8: {
    size: (shape) => channels(shape) * SCALE_BYTES + count(shape),
    widen: scaledByChannel,
  },
};

/**
 * Return entries and contents that TF.js can read.
 *
 * @template {WeightEntry} T
 * @param {readonly T[]} entries in the order of the contents
 * @param {ArrayBuffer[]} shards the weights' bytes, cut anywhere
 * @returns {{entries: T[], contents: ArrayBuffer[]}} the shards themselves where none is ours
 * @throws {RangeError} where the shards end too early
 */
export function dequantize(entries, shards) {
  if (!entries.some(readerOf)) return { entries: [...entries], contents: shards };
  const bytes = joined(shards);
  let start = 0;
  const contents = entries.map((entry) => {
    const end = start + storedSize(entry);
    if (end > bytes.byteLength) throw new RangeError(`The weights end within ${entry.name}.`);
    const content = bytes.slice(start, end);
    start = end;
    return readerOf(entry)?.widen(entry.shape, content).buffer ?? content;
  });
  return { entries: entries.map((entry) => (readerOf(entry) ? plain(entry) : entry)), contents };
}

/** @param {WeightEntry} entry */
function readerOf({ quantization }) {
  return quantization && READERS[quantization.dtype];
}

/**
 * @template {WeightEntry} T
 * @param {T} entry
 * @returns {T}
 */
function plain(entry) {
  const copy = { ...entry };
  delete copy.quantization; // TF.js checks whether the key exists
  return copy;
}

/** @param {WeightEntry} entry */
function storedSize(entry) {
  const { shape, dtype, quantization } = entry;
  return readerOf(entry)?.size(shape) ?? count(shape) * BYTES[quantization?.dtype ?? dtype];
}

/**
 * @param {readonly number[]} shape
 * @param {ArrayBuffer} content scales and integers
 */
function scaledByChannel(shape, content) {
  const last = channels(shape);
  const view = new DataView(content);
  const scales = Float32Array.from({ length: last }, (_, i) =>
    half(view.getUint16(i * SCALE_BYTES, true)),
  );
  const integers = new Int8Array(content, last * SCALE_BYTES);
  const weights = new Float32Array(integers.length);
  for (let start = 0; start < weights.length; start += last) {
    for (let i = 0; i < last; i++) weights[start + i] = integers[start + i] * scales[i];
  }
  return weights;
}

/** @param {readonly number[]} shape */
function count(shape) {
  return shape.reduce((product, side) => product * side, 1);
}

/** @param {readonly number[]} shape */
function channels(shape) {
  return shape.at(-1) ?? 1;
}

/**
 * Return the number that a half-precision pattern stands for (IEEE 754-2008, binary16). `DataView`
 * has it only in browsers of 2025 and later.
 *
 * @param {number} bits
 */
export function half(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** @param {ArrayBuffer[]} parts */
function joined(parts) {
  if (parts.length === 1) return parts[0];
  const bytes = new Uint8Array(parts.reduce((total, part) => total + part.byteLength, 0));
  let start = 0;
  for (const part of parts) {
    bytes.set(new Uint8Array(part), start);
    start += part.byteLength;
  }
  return bytes.buffer;
}
