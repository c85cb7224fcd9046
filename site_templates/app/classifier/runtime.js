import { trustedScriptUrl } from '../trusted_scripts.js';
import { ClassifierError } from './errors.js';

/** @typedef {import('./types.js').TensorFlow} TensorFlow */
/** @typedef {import('./backend.js').Candidate} Candidate */
/**
 * @typedef {Pick<typeof import('@tensorflow/tfjs-backend-wasm'), 'setThreadsCount'> & {
 *   useModule(module: WebAssembly.Module): void, useThreads(factory: (config: object) => unknown): void}}
 *   WasmBackend as builder/runtime/ bundles it
 */

/** The threaded build, which is also the script of its threads. */
const THREADS = 'wasm-threads.js';

/**
 * The code of TF.js.
 *
 * @typedef {object} Runtime
 * @property {(candidate: Candidate) => Promise<TensorFlow>} start loads what `candidate` needs and
 *   makes it the backend that computes; rejects if that cannot be
 */

/**
 * Return the runtime of a site.
 *
 * @param {Pick<import('./weights.js').SiteFiles, 'compile' | 'url'>} files
 * @param {string} folder of the runtime, relative to the site's root
 * @returns {Runtime}
 */
export function siteRuntime(files, folder) {
  /** @type {(name: string) => Promise<any>} */
  const load = async (name) => {
    try {
      return await import(files.url(folder + name));
    } catch (error) {
      throw new ClassifierError('model-unreachable', `${folder}${name} cannot be loaded.`, {
        cause: error,
      });
    }
  };
  return {
    async start(candidate) {
      const { backend, module, binary, threads } = candidate;
      const [tf, registered, compiled, threaded] = await Promise.all([
        load('tf.js'),
        load(module),
        binary === null ? null : files.compile(folder + binary),
        threads === 1 ? null : load(THREADS),
      ]);
      if (compiled !== null) configureWasm(tf, registered, candidate, compiled);
      if (threaded)
        configureThreads(tf, registered, threaded, threads, files.url(folder + THREADS));
      await activate(tf, backend);
      if (backend === 'webgl') endWaitsOnLoss(tf);
      return 'fromPixels' in registered ? { ...tf, frames: registered } : tf;
    },
  };
}

/**
 * @param {TensorFlow} tf
 * @param {WasmBackend} wasm
 * @param {Pick<Candidate, 'binary' | 'threads'>} candidate
 * @param {WebAssembly.Module} compiled
 */
function configureWasm(tf, wasm, { binary, threads }, compiled) {
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', threads > 1);
  tf.env().set('WASM_HAS_SIMD_SUPPORT', binary?.endsWith('-simd.wasm') ?? false);
  wasm.useModule(compiled);
}

/**
 * Have the WASM backend compute in several threads, each a worker that runs the runtime's own file.
 *
 * @param {TensorFlow} tf
 * @param {WasmBackend} wasm
 * @param {{default: (config: object) => unknown, THREAD: string}} threaded
 * @param {number} threads
 * @param {string} url of that file
 */
function configureThreads(tf, wasm, threaded, threads, url) {
  const createThread = () =>
    new Worker(trustedScriptUrl(url), { type: 'module', name: threaded.THREAD });
  wasm.useThreads((config) =>
    // The backend takes half of the cores at most.
    threaded.default({ ...config, threads, logicalCores: 2 * threads, createThread }),
  );
  wasm.setThreadsCount(threads);
}

/**
 * @param {TensorFlow} tf
 * @param {string} backend
 */
async function activate(tf, backend) {
  if (!(await tf.setBackend(backend))) {
    throw new ClassifierError('no-backend', `The ${backend} backend does not start.`);
  }
  await tf.ready();
}

/**
 * Let TF.js stop waiting for a GPU that is gone: it polls a fence of a lost WebGL context for ever
 * (`pollFence` in tfjs-backend-webgl/src/gpgpu_context.ts). Told that the fence has been passed, it
 * reads zeros, and these are noticed.
 *
 * @param {TensorFlow} tf with the WebGL backend set
 */
function endWaitsOnLoss(tf) {
  const backend = /** @type {{getGPGPUContext(): {gl: WebGL2RenderingContext}}} */ (
    /** @type {unknown} */ (tf.engine().backend)
  );
  const { gl } = backend.getGPGPUContext();
  const wait = gl.clientWaitSync.bind(gl);
  gl.clientWaitSync = (...args) => (gl.isContextLost() ? gl.ALREADY_SIGNALED : wait(...args));
}
