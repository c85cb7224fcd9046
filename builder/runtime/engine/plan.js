/**
 * The planner: from a TF.js graph model to a program for the kernels.
 *
 * @typedef {object} Model
 * @property {readonly import('./graph.js').NodeDef[]} nodes
 * @property {ReadonlyMap<string, import('./weights.js').Constant>} weights by node
 * @property {readonly string[]} outputs that each answer has: names of nodes
 * @property {readonly string[]} [others] outputs that are computed when they are asked for
 *
 * @typedef {object} Place of a tensor
 * @property {number} at bytes
 * @property {readonly number[]} shape
 *
 * @typedef {object} Plan
 * @property {number} program bytes: where the steps begin
 * @property {number} first bytes: where the steps end that the outputs of each answer need
 * @property {number} end bytes: where all end
 * @property {number} steps how many
 * @property {number} bytes of memory, all in all
 * @property {import('./photo.js').Photo} photo
 * @property {number} photoAt bytes
 * @property {ReadonlyMap<string, Place>} outputs
 * @property {ReadonlySet<string>} always names of the outputs that each answer has
 * @property {readonly import('./memory.js').Region[]} regions all that is in use
 * @property {readonly import('./memory.js').Region[]} computed those of them that each answer writes anew
 * @property {(memory: ArrayBuffer) => void} write fills memory with program and constants
 */
import { Emission, keptTensor } from './emission.js';
import { lowered } from './lowering.js';
import { Kept, placed } from './memory.js';
import { photoFor, writeBorder } from './photo.js';
import { wordsOf, writeStep } from './steps.js';
import { rootOf, sizeOf } from './tensors.js';

/** @typedef {import('./tensors.js').Tensor} Tensor */

/**
 * @param {Model} model
 * @param {number} begin bytes of memory that the module keeps to itself
 * @param {{guard?: number}} [options] guard: bytes that stay free around each tensor, for tests
 * @returns {Plan}
 * @throws {import('./unsupported.js').Unsupported} where the engine lacks something
 */
export function planned({ nodes, weights, outputs, others = [] }, begin, { guard = 0 } = {}) {
  const { draft, input, outputs: found, first } = lowered(nodes, weights, outputs, others);
  const { operations } = draft;
  const photo = photoFor(input, operations);
  const kept = new Kept(begin, guard);
  const program = kept.add(operations.reduce((words, { kernel }) => words + wordsOf(kernel), 0));
  const emission = new Emission(kept, photo);
  const steps = operations.map((operation) => emission.step(operation));
  const table = kept.add(Math.max(0, ...steps.map((step) => step.table ?? 0)));
  const photoAt = kept.add(photo.size, (to) => writeBorder(photo, to));
  const read = [...steps.flatMap(({ tensors }) => Object.values(tensors)), ...asTensors(found)];
  const constants = read.map(({ tensor }) => tensor).filter((tensor) => rootOf(tensor).data);
  const kepts = new Map(constants.map((tensor) => [tensor, keptTensor(tensor, kept)]));
  const { addresses, end } = placed(operations, [...found.values()], kept.end, guard);

  const computed = [...addresses].map(([{ shape }, at]) => ({ at, size: sizeOf(shape) }));

  /** @param {Tensor} tensor */
  const addressOf = (tensor) =>
    /** @type {number} */ (
      rootOf(tensor) === input ? photoAt : (kepts.get(tensor) ?? addresses.get(rootOf(tensor)))
    );
  const lengths = operations.map(({ kernel }) => 4 * wordsOf(kernel));
  const length = (/** @type {number[]} */ some) => some.reduce((total, one) => total + one, 0);
  return {
    program,
    first: program + length(lengths.slice(0, first)),
    end: program + length(lengths),
    steps: steps.length,
    bytes: end + guard,
    photo,
    photoAt,
    outputs: new Map(
      [...found].map(([name, tensor]) => [name, { at: addressOf(tensor), shape: tensor.shape }]),
    ),
    always: new Set(outputs),
    regions: [...kept.regions, ...computed],
    computed,
    write(memory) {
      for (const { at, size, write } of kept.sections) write(new Float32Array(memory, at, size));
      const view = new DataView(memory);
      let next = program;
      for (const { kernel, values, tensors } of steps) {
        const places = Object.entries(tensors).map(([field, { tensor, offset = 0 }]) => [
          field,
          addressOf(tensor) + 4 * offset,
        ]);
        const all = { ...values, table, ...Object.fromEntries(places) };
        next = writeStep(view, next, kernel, all);
      }
    },
  };
}

/** @param {ReadonlyMap<string, Tensor>} outputs */
const asTensors = (outputs) => [...outputs.values()].map((tensor) => ({ tensor }));
