// Leaves out of TensorFlow.js whatever a given set of graph operators does not need.
import { readFile } from 'node:fs/promises';

import { withoutValues } from './trimmed.mjs';

/** @typedef {import('./operators.mjs').Operator} Operator */

const OP_LIST = /tfjs-converter\/dist\/operations\/op_list\/\w+\.js$/;
const EXECUTOR = /tfjs-converter\/dist\/operations\/executors\/\w+_executor\.js$/;
const FUNCTIONS = /tfjs-core\/dist\/ops\/ops_for_converter\.js$/;
const HASHES = /tfjs-core\/dist\/hash_util\.js$/;
const KERNELS = /tfjs-backend-\w+\/dist\/register_all_kernels\.js$/;
const GPU = /tfjs-backend-web(gl|gpu)\//;
/** What classifier/frames.js needs where there is a GPU. */
const READ_FRAMES = ['FromPixels', 'Cast', 'BatchMatMul', 'Reshape', 'Transpose'];
const KERNEL_IMPORT = /import \{ (\w+) \} from '\.\/kernels\/(\w+)';/g;
/** The kernel in a file that is not named after it. @type {Record<string, string>} */
const KERNEL_IN = { BatchNorm: 'FusedBatchNorm' };

/**
 * Return the plugin. What it drops is never missed: the build takes this bundle only for models
 * that consist of these operators.
 *
 * @param {Record<string, Operator>} operators
 * @returns {import('esbuild').Plugin}
 */
export function onlyOperators(operators) {
  const all = Object.values(operators);
  const functions = [...new Set(all.flatMap((operator) => operator.functions))].sort();
  const kernels = new Set(all.flatMap((operator) => operator.kernels));
  return {
    name: 'only-operators',
    setup({ onLoad }) {
      onLoad({ filter: FUNCTIONS }, async ({ path }) => ({
        contents: selectedFunctions(await readFile(path, 'utf8'), functions),
      }));
      // Only operators on strings want them.
      onLoad({ filter: HASHES }, () => ({
        contents: withoutValues(['fingerPrint64', 'hexToLong']),
      }));
      onLoad({ filter: OP_LIST }, async ({ path }) => {
        const mappings = await selectedMappings(path, operators);
        return { contents: `export const json = ${JSON.stringify(mappings)};` };
      });
      onLoad({ filter: EXECUTOR }, async ({ path }) => {
        const list = path.replace('executors/', 'op_list/').replace('_executor.js', '.js');
        const used = (await selectedMappings(list, operators)).length > 0;
        return used ? undefined : { contents: 'export const executeOp = undefined;' };
      });
      onLoad({ filter: KERNELS }, async ({ path }) => ({
        contents: selectedKernels(
          await readFile(path, 'utf8'),
          GPU.test(path) ? new Set([...kernels, ...READ_FRAMES]) : kernels,
          path,
        ),
      }));
    },
  };
}

/**
 * @param {string} path  an op list of the converter, which maps operators to their parameters
 * @param {Record<string, Operator>} operators
 */
async function selectedMappings(path, operators) {
  const text = await readFile(path, 'utf8');
  // The converter's modules have no "type" by which Node would recognise ES modules.
  const { json } = await import(`data:text/javascript,${encodeURIComponent(text)}`);
  return json.filter((/** @type {{tfOpName: string}} */ { tfOpName }) => tfOpName in operators);
}

/**
 * TensorFlow.js means this file to be replaced in custom builds; its own is a single line.
 *
 * @param {string} text
 * @param {string[]} functions
 */
function selectedFunctions(text, functions) {
  const everything = "export * from './ops';";
  if (!text.includes(everything)) throw new Error('ops_for_converter.js is not as expected');
  return `export { ${functions.join(', ')} } from './ops';`;
}

/**
 * @param {string} text  of a backend's list of all kernels
 * @param {Set<string>} kernels
 * @param {string} path  for the error
 */
function selectedKernels(text, kernels, path) {
  const found = [...text.matchAll(KERNEL_IMPORT)]
    .map(([line, config, file]) => ({ line, config, kernel: KERNEL_IN[file] ?? file }))
    .filter(({ kernel }) => kernels.has(kernel));
  const names = new Set(found.map(({ kernel }) => kernel));
  const missing = [...kernels].filter((kernel) => !names.has(kernel));
  if (missing.length > 0) throw new Error(`${path} lacks ${missing.join(', ')}`);
  const configs = found.map(({ config }) => config);
  return [
    "import { registerKernel } from '@tensorflow/tfjs-core';",
    ...found.map(({ line }) => line),
    `for (const config of [${configs.join(', ')}]) registerKernel(config);`,
  ].join('\n');
}
