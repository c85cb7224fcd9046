// The threads of the WebAssembly backend. TensorFlow.js starts them from blob: URLs, which the site's
// Content-Security-Policy forbids; here a thread is a worker that runs a file of the runtime.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';

import { bundleModules } from './modules.mjs';
import { replaced } from './replaced.mjs';

const FACTORY = /tfjs-backend-wasm-threaded-simd\.js$/;
const WORKER = /tfjs-backend-wasm-threaded-simd\.worker\.js$/;

/**
 * What Emscripten's code takes from its `Module` in place of its own values.
 *
 * @type {[from: string, to: string][]}
 */
const HANDED_IN = [
  ['worker=new Worker(pthreadMainJs);', 'worker=Module["createThread"]();'],
  // The backend uses half of these at most, whatever number of threads it is told.
  ['return navigator["hardwareConcurrency"]', 'return Module["logicalCores"]'],
  ['var pthreadPoolSize=8;', 'var pthreadPoolSize=Module["threads"];'],
];

/** A thread would load the factory by itself; here it has it already. */
const LOADS_FACTORY =
  /if\(typeof e\.data\.urlOrBlob=="string"\)\{importScripts.+?revokeObjectURL\(objectUrl\)\}/;

/**
 * Leaves the threaded build out of the backend; `useThreads` hands it in on devices that use it.
 *
 * @type {import('esbuild').Plugin}
 */
export const threadsHandedIn = {
  name: 'threads-handed-in',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: FACTORY }, () => ({ path: 'factory', namespace: 'threads' }));
    onResolve({ filter: WORKER }, () => ({ path: 'worker', namespace: 'threads' }));
    onLoad({ filter: /^factory$/, namespace: 'threads' }, () => ({
      contents: `let factory;
        export const useThreads = (given) => { factory = given; };
        export default (config) => factory(config);`,
    }));
    onLoad({ filter: /^worker$/, namespace: 'threads' }, () => ({
      contents: "export const wasmWorkerContents = '';",
    }));
  },
};

/**
 * Bundle the threaded build by itself.
 *
 * @param {typeof import('esbuild')} esbuild
 * @param {string} work  the folder that holds builder/runtime/ and node_modules/
 * @returns {Promise<{path: string, text: string}>}
 */
export async function bundleThreads(esbuild, work) {
  const { outputFiles } = await bundleModules(esbuild, work, {
    entryPoints: ['builder/runtime/threads/wasm-threads.js'],
    plugins: [withinThePolicy],
  });
  const [{ path, text }] = outputFiles;
  return { path: basename(path), text };
}

/** @type {import('esbuild').Plugin} */
const withinThePolicy = {
  name: 'within-the-policy',
  setup({ onLoad }) {
    onLoad({ filter: FACTORY }, async ({ path }) => {
      let contents = await readFile(path, 'utf8');
      for (const [from, to] of HANDED_IN) contents = replaced(contents, from, to);
      return { contents };
    });
    onLoad({ filter: WORKER }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const code = /wasmWorkerContents = `(.+)`;/s.exec(text)?.[1] ?? '';
      const body = replaced(code, LOADS_FACTORY, '');
      return {
        contents: `export function serveThread(WasmBackendModuleThreadedSimd) { ${body} }`,
      };
    });
  },
};
