/** What lies where in the module's memory: constants first, then the photo, then the arena. */
import { ALIGNMENT, aligned, arranged } from './arena.js';
import { rootOf, sizeOf } from './tensors.js';

/**
 * @typedef {import('./draft.js').Operation} Operation
 * @typedef {import('./tensors.js').Tensor} Tensor
 *
 * @typedef {object} Region a part of memory
 * @property {number} at bytes
 * @property {number} size floats
 *
 * @typedef {Region & {write: (to: Float32Array) => void}} Section one that is written once
 */

/** Hands out memory that is kept. */
export class Kept {
  /** @type {Section[]} */
  sections = [];
  /** @type {Region[]} */
  regions = [];
  #end;
  #guard;

  /** @param {number} begin bytes @param {number} guard bytes that stay free between sections */
  constructor(begin, guard) {
    this.#end = aligned(begin);
    this.#guard = aligned(guard);
  }

  get end() {
    return this.#end;
  }

  /**
   * @param {number} size floats
   * @param {(to: Float32Array) => void} [write] what fills it; zeros where nothing does
   * @returns {number} its address
   */
  add(size, write) {
    const at = this.#end + this.#guard;
    this.regions.push({ at, size });
    if (write) this.sections.push({ at, size, write });
    this.#end = aligned(at + 4 * size) + this.#guard;
    return at;
  }

  /** @param {ArrayLike<number>} numbers */
  addNumbers(numbers) {
    return this.add(Math.ceil(numbers.length / 4) * 4, (to) => to.set(numbers));
  }
}

/**
 * Place the tensors that operations write.
 *
 * @param {readonly Operation[]} operations
 * @param {readonly Tensor[]} outputs which are still there at the end
 * @param {number} begin bytes
 * @param {number} guard bytes that stay free around each tensor
 * @returns {{addresses: Map<Tensor, number>, end: number}}
 */
export function placed(operations, outputs, begin, guard) {
  /** @type {Map<Tensor, import('./arena.js').Span>} */
  const spans = new Map();
  const around = aligned(guard);
  operations.forEach(({ reads, output }, i) => {
    const span = spans.get(output) ?? {
      size: 4 * sizeOf(output.shape) + 2 * around,
      begin: i,
      end: i,
    };
    spans.set(output, { ...span, end: i });
    for (const root of reads.map(rootOf)) {
      const read = spans.get(root);
      if (read) read.end = i;
    }
  });
  for (const output of outputs) {
    const span = spans.get(rootOf(output));
    if (span) span.end = operations.length;
  }
  const { places, size } = arranged([...spans.values()]);
  const start = aligned(begin);
  const addresses = new Map(
    [...spans].map(([tensor, span]) => [tensor, start + around + (places.get(span) ?? 0)]),
  );
  return { addresses, end: start + size + ALIGNMENT };
}
