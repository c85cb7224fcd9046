import { BACKENDS } from '../shared/backends.js';
import { trustedScriptUrl } from '../shared/trusted-scripts.js';
import { ClassifierError } from './errors.js';
import { START_MS } from '../shared/page-timeouts.js';

/** @typedef {import('./types.js').TensorFlow} TensorFlow */
/** @typedef {import('./networks.js').OwnEngine} OwnEngine */
/** @typedef {import('./backend.js').Candidate} Candidate */
/**
 * @typedef {Pick<typeof import('@tensorflow/tfjs-backend-wasm'), 'setThreadsCount'> & {
 *   useModule(module: WebAssembly.Module): void, useThreads(factory: (config: object) => unknown): void}}
 *   WasmBackend as builder/runtime/ bundles it
 */

/**
 * The code that computes.
 *
 * @typedef {object} Runtime
 * @property {(candidate: Candidate) => Promise<TensorFlow | OwnEngine>} start loads what `candidate` needs:
 *   TF.js, with the backend that computes, or the engine; rejects if that cannot be
 */

/**
 * Return the runtime of a site.
 *
 * @param {Pick<import('./weights.js').SiteFiles, 'compile' | 'follow' | 'url'>} files
 * @param {string} folder of the runtime, relative to the site's root
 * @returns {Runtime}
 */
export function siteRuntime(files, folder) {
  /** @type {(name: string) => Promise<any>} */
  const load = async (name) => {
    try {
      return await files.follow(inTime(import(files.url(folder + name))));
    } catch (error) {
      throw new ClassifierError('module-lost', `${folder}${name} cannot be loaded.`, {
        cause: error,
      });
    }
  };
  return {
    async start(candidate) {
      const { backend, module, binary, threads } = candidate;
      if (backend === 'engine') {
        const [engine, kernels] = await Promise.all([load(module), files.compile(folder + binary)]);
        return { ...engine, kernels };
      }
      // The threaded build is also the script of its threads.
      const threadModule = threads > 1 ? BACKENDS[backend].threadModule : undefined;
      const [tf, registered, compiled, threaded] = await Promise.all([
        load('tf.js'),
        load(module),
        binary === null ? null : files.compile(folder + binary),
        threadModule ? load(threadModule) : null,
      ]);
      if (compiled !== null) configureWasm(tf, registered, candidate, compiled);
      if (threadModule) {
        configureThreads(tf, registered, threaded, threads, files.url(folder + threadModule));
      }
      await activate(tf, backend);
      if (backend === 'webgl') endWaitsOnLoss(tf);
      return 'fromPixels' in registered ? { ...tf, frames: registered } : tf;
    },
  };
}

/**
 * @template T
 * @param {Promise<T>} arriving
 * @returns {Promise<T>} rejects where a host keeps silent: imports have no deadline of their own
 */
async function inTime(arriving) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {Promise<never>} */
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing came for ${START_MS} ms`)), START_MS);
  });
  try {
    return await Promise.race([arriving, late]);
  } finally {
    clearTimeout(timer);
  }
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
 * Let TF.js stop waiting for a GPU that is gone: it polls a fence of a lost WebGL context forever
 * (`pollFence` in tfjs-backend-webgl/src/gpgpu_context.ts). Once it believes that the fence has been passed, it
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
