/**
 * A graph model's weights, widened to what the planner reads.
 *
 * @typedef {object} WeightSpec an entry of the weights manifest
 * @property {string} name
 * @property {readonly number[]} shape
 * @property {string} dtype
 * @property {{dtype: string, scale?: number, min?: number}} [quantization]
 *
 * @typedef {object} Constant
 * @property {readonly number[]} shape
 * @property {Float32Array | Int32Array} data int32 for whole numbers and truths
 */

/**
 * @typedef {Float32ArrayConstructor | Int32ArrayConstructor | Uint16ArrayConstructor | Uint8ArrayConstructor} Stored
 * @type {Readonly<Record<string, Stored>>}
 */
const STORED = {
  float32: Float32Array,
  int32: Int32Array,
  bool: Uint8Array,
  float16: Uint16Array,
  uint16: Uint16Array,
  uint8: Uint8Array,
};

/**
 * @param {readonly WeightSpec[]} specs in the order of the contents
 * @param {readonly ArrayBuffer[]} shards the contents, cut anywhere
 * @returns {Map<string, Constant>} by name
 * @throws {RangeError} where the contents end too early, or a type is unknown
 */
export function readWeights(specs, shards) {
  const contents = joined(shards);
  /** @type {Map<string, Constant>} */
  const found = new Map();
  let start = 0;
  for (const { name, shape, dtype, quantization } of specs) {
    const type = STORED[quantization?.dtype ?? dtype];
    if (type === undefined)
      throw new RangeError(`The weights of ${name} are of the type ${dtype}.`);
    const count = shape.reduce((product, side) => product * side, 1);
    const end = start + count * type.BYTES_PER_ELEMENT;
    if (end > contents.byteLength) throw new RangeError(`The weights end within ${name}.`);
    // What is stored needn't be aligned.
    const stored = new type(contents.slice(start, end));
    found.set(name, { shape, data: widened(stored, dtype, quantization) });
    start = end;
  }
  return found;
}

/** @param {readonly ArrayBuffer[]} shards */
function joined(shards) {
  if (shards.length === 1) return shards[0];
  const all = new Uint8Array(shards.reduce((total, { byteLength }) => total + byteLength, 0));
  let at = 0;
  for (const shard of shards) {
    all.set(new Uint8Array(shard), at);
    at += shard.byteLength;
  }
  return all.buffer;
}

/**
 * @param {Float32Array | Int32Array | Uint16Array | Uint8Array} stored
 * @param {string} dtype
 * @param {WeightSpec['quantization']} quantization
 * @returns {Float32Array | Int32Array}
 */
function widened(stored, dtype, quantization) {
  if (quantization?.dtype === 'float16') return halves(/** @type {Uint16Array} */ (stored));
  if (quantization !== undefined) {
    const { scale = 1, min = 0 } = quantization;
    if (dtype === 'float32') return Float32Array.from(stored, (value) => value * scale + min);
    return Int32Array.from(stored, (value) => Math.round(value * scale + min));
  }
  if (dtype === 'float32') return /** @type {Float32Array} */ (stored);
  return Int32Array.from(stored);
}

/**
 * Widen half-precision numbers (IEEE 754-2008, binary16) by moving their bits: a product with 2^112 makes up for
 * the other bias of the exponent, and for numbers below the normal ones.
 *
 * @param {Uint16Array} patterns
 */
function halves(patterns) {
  const bits = new Uint32Array(patterns.length);
  for (let i = 0; i < bits.length; i++) {
    const pattern = patterns[i];
    bits[i] = ((pattern & 0x8000) << 16) | ((pattern & 0x7fff) << 13);
  }
  const numbers = new Float32Array(bits.buffer);
  for (let i = 0; i < numbers.length; i++) {
    if ((patterns[i] & 0x7c00) === 0x7c00)
      numbers[i] = patterns[i] & 0x3ff ? NaN : numbers[i] * Infinity;
    else numbers[i] *= 2 ** 112;
  }
  return numbers;
}
