/**
 * The steps of a program: builder/runtime/kernels/steps.h, field by field. `@` is an address, `#` a whole number,
 * `.` a float, and a number behind them says how many there are.
 */

const WINDOW = 'kernelHeight# kernelWidth# strideY# strideX#';
const PLACE = 'top# left#';
const INPUT = 'input@ inputHeight# inputWidth# inputStride#';
const OUTPUT = 'output@ outputHeight# outputWidth# outputStride# channels#';
const ACTIVATION = 'function# lowest. highest. slope. shift.';

/** By kernel, in the order of their numbers. */
const FIELDS = {
  convolution: `${INPUT} depth# weights@ beyond@ ${OUTPUT} ${WINDOW} dilationY# dilationX# ${PLACE}
    residual@ residualStride# ${ACTIVATION} table@ panel#`,
  depthwise: `${INPUT} weights@ ${OUTPUT} ${WINDOW} dilationY# dilationX# ${PLACE} ${ACTIVATION}`,
  pool: `${INPUT} ${OUTPUT} ${WINDOW} ${PLACE} reduction#`,
  map: `input@ inputStride# output@ outputStride# pixels# channels# scale@ offset@ ${ACTIVATION}`,
  combine: `first@ second@ firstStride# secondStride# output@ outputStride# pixels# channels# combination#
    ${ACTIVATION}`,
  combineAny: `first@ second@ output@ combination# sides#6 firstSteps#6 secondSteps#6 outputSteps#6`,
  reducePixels: 'input@ inputStride# pixels# channels# output@ reduction#',
  reduceChannels: 'input@ inputStride# pixels# channels# output@ outputStep# reduction#',
  reduceAny: `input@ output@ reduction# kept#6 inputSteps#6 outputSteps#6 reduced#6 reducedSteps#6`,
  softmax: 'input@ inputStride# output@ outputStride# pixels# channels#',
  copy: 'input@ output@ sides#6 inputSteps#6 outputSteps#6',
  fill: 'output@ count# value.',
};

/** @typedef {keyof typeof FIELDS} Kernel */

/**
 * @typedef {object} Field
 * @property {string} name
 * @property {'@' | '#' | '.'} type
 * @property {number} count
 */

/** @type {ReadonlyMap<Kernel, readonly Field[]>} */
export const STEPS = new Map(
  Object.entries(FIELDS).map(([kernel, text]) => [
    /** @type {Kernel} */ (kernel),
    text.split(/\s+/).map((field) => {
      const [, name, type, count = '1'] = /** @type {string[]} */ (
        /(\w+?)([@#.])(\d*)$/.exec(field)
      );
      return { name, type: /** @type {Field['type']} */ (type), count: Number(count || 1) };
    }),
  ]),
);

const KERNELS = [...STEPS.keys()];
const HEAD_WORDS = 2;

/** The functions that a number may pass through, in the order of their numbers. */
export const FUNCTIONS = /** @type {const} */ ([
  ...['clamp', 'sigmoid', 'swish', 'gate', 'elu', 'leaky', 'tanh', 'gelu', 'erf', 'exp', 'abs'],
  ...['square', 'sqrt', 'rsqrt', 'negative', 'reciprocal'],
]);
export const COMBINATIONS = /** @type {const} */ ([
  ...['add', 'subtract', 'multiply', 'divide', 'maximum', 'minimum', 'squaredDifference'],
]);
export const REDUCTIONS = /** @type {const} */ (['sum', 'mean', 'max']);

/** @param {Kernel} kernel */
export function wordsOf(kernel) {
  const fields = STEPS.get(kernel) ?? [];
  return HEAD_WORDS + fields.reduce((words, { count }) => words + count, 0);
}

/**
 * Write a step at a word of memory.
 *
 * @param {DataView} memory
 * @param {number} at bytes
 * @param {Kernel} kernel
 * @param {Readonly<Record<string, number | readonly number[]>>} values by field; what is left out is 0
 * @returns {number} where the next step goes
 */
export function writeStep(memory, at, kernel, values) {
  const words = wordsOf(kernel);
  memory.setInt32(at, KERNELS.indexOf(kernel), true);
  memory.setInt32(at + 4, words, true);
  let next = at + 4 * HEAD_WORDS;
  for (const { name, type, count } of STEPS.get(kernel) ?? []) {
    const given = values[name] ?? 0;
    for (let i = 0; i < count; i++, next += 4) {
      const value = typeof given === 'number' ? given : given[i];
      if (type === '.') memory.setFloat32(next, value, true);
      else memory.setInt32(next, value, true);
    }
  }
  return at + 4 * words;
}
