/**
 * Widens what TF.js does not know: weights in int8 with a scale for each channel of the last axis.
 *
 * In the shards float16 scales come first, then the integers, in the weight's own order. The rest of
 * the manifest's quantizations is TF.js's, which reads them itself. `builder/model/shards.py` writes
 * both, and computes the same float32 numbers when a build measures parity.
 *
 * @typedef {object} WeightEntry an entry of the weights manifest
 * @property {string} name
 * @property {readonly number[]} shape
 * @property {string} dtype
 * @property {{dtype: string, scales?: string}} [quantization]
 */

/** @type {Readonly<Record<string, number>>} */
const BYTES = { float32: 4, int32: 4, bool: 1, float16: 2, uint16: 2, uint8: 1, int8: 1 };
const SCALE_BYTES = 2;

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
  if (!entries.some(isOurs)) return { entries: [...entries], contents: shards };
  const bytes = joined(shards);
  let start = 0;
  const contents = entries.map((entry) => {
    const end = start + storedSize(entry);
    if (end > bytes.byteLength) throw new RangeError(`The weights end within ${entry.name}.`);
    const content = bytes.slice(start, end);
    start = end;
    return isOurs(entry) ? widened(entry, content) : content;
  });
  return { entries: entries.map((entry) => (isOurs(entry) ? plain(entry) : entry)), contents };
}

/** @param {WeightEntry} entry */
function isOurs({ quantization }) {
  return quantization?.dtype === 'int8';
}

/**
 * @template {WeightEntry} T
 * @param {T} entry
 * @returns {T}
 */
function plain(entry) {
  const copy = { ...entry };
  delete copy.quantization; // TF.js looks whether there is the key
  return copy;
}

/** @param {WeightEntry} entry */
function storedSize({ shape, dtype, quantization }) {
  const count = shape.reduce((product, side) => product * side, 1);
  const scales = quantization?.scales === undefined ? 0 : (shape.at(-1) ?? 1) * SCALE_BYTES;
  return scales + count * BYTES[quantization?.dtype ?? dtype];
}

/**
 * @param {WeightEntry} entry
 * @param {ArrayBuffer} content scales and integers
 * @returns {ArrayBuffer} of float32
 */
function widened({ shape }, content) {
  const channels = shape.at(-1) ?? 1;
  const view = new DataView(content);
  const scales = Float32Array.from({ length: channels }, (_, i) =>
    half(view.getUint16(i * SCALE_BYTES, true)),
  );
  const integers = new Int8Array(content, channels * SCALE_BYTES);
  const weights = new Float32Array(integers.length);
  for (let start = 0; start < weights.length; start += channels) {
    for (let i = 0; i < channels; i++) weights[start + i] = integers[start + i] * scales[i];
  }
  return weights.buffer;
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
