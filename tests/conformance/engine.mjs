// Answers questions by the engine, in one of its builds: node engine.mjs RUNTIME KERNELS FOLDER
//
// FOLDER has questions.json and weights.bin as ways.py writes them; answers.json goes beside them. Memory is NaN
// wherever nothing is written: what reads beside its tensors answers NaN, and what writes there is found out.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';

import { Executor } from '../../builder/runtime/engine/executor.js';
import { Unsupported } from '../../builder/runtime/engine/unsupported.js';
import { readWeights } from '../../builder/runtime/engine/weights.js';

const [runtime, kernels, folder] = process.argv.slice(2);
const GUARD = 64;
const NAN = 0x7fc0dead;
/** How often each is asked: what an answer leaves in memory must not show in the next. */
const TIMES = 2;

/**
 * Fill what is not in use, and what operations write before it is read.
 *
 * @param {Executor} executor
 * @returns {() => boolean} whether all that is not in use is as it was
 */
function guarded({ memory, plan }, base) {
  const words = new Int32Array(memory.buffer);
  const free = new Uint8Array(words.length).fill(1, base / 4);
  for (const { at, size } of plan.regions) free.fill(0, at / 4, at / 4 + size);
  for (const { at, size } of plan.computed) words.fill(NAN, at / 4, at / 4 + size);
  words.forEach((_, i) => {
    if (free[i]) words[i] = NAN;
  });
  return () => words.every((word, i) => !free[i] || word === NAN);
}

function answer(module, { nodes, specs, outputs, begin, end, photo }, bytes) {
  const model = { nodes, weights: readWeights(specs, [bytes.slice(begin, end)]), outputs };
  const executor = new Executor(module, model, { guard: GUARD });
  const isWhole = guarded(executor, executor.base);
  const pixels = new Float32Array(photo ? bytes.slice(photo.begin, photo.end) : []);
  let found = [];
  for (let i = 0; i < TIMES; i++) found = executor.run(pixels, outputs);
  if (!isWhole()) throw new Error('it writes beside its tensors');
  return found.map(({ shape, values }) => ({
    shape,
    data: Buffer.from(values.buffer).toString('base64'),
  }));
}

const module = await WebAssembly.compile(await readFile(join(runtime, kernels)));
const questions = JSON.parse(await readFile(join(folder, 'questions.json'), 'utf8'));
const weights = await readFile(join(folder, 'weights.bin'));
const bytes = weights.buffer.slice(weights.byteOffset, weights.byteOffset + weights.length);
const answers = {};
for (const [name, question] of Object.entries(questions)) {
  try {
    answers[name] = answer(module, question, bytes);
  } catch (error) {
    const isKnown = error instanceof Unsupported;
    answers[name] = isKnown ? { unsupported: error.what } : { error: error.stack };
  }
}
await writeFile(join(folder, 'answers.json'), JSON.stringify(answers));
