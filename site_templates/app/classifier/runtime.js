import { ClassifierError } from './errors.js';

/** @typedef {import('./types.js').TensorFlow} TensorFlow */
/** @typedef {import('./backend.js').Candidate} Candidate */
/** @typedef {typeof import('@tensorflow/tfjs-backend-wasm')} WasmModule */

/** Stands before the binary's name where TF.js would have its folder. No URL that can be fetched. */
const VERIFIED = 'verified:';

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
 * @param {Pick<import('./weights.js').SiteFiles, 'fetch' | 'url'>} files
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
    async start({ backend, module, binary }) {
      const [tf, registered, bytes] = await Promise.all([
        load('tf.js'),
        load(module),
        binary === null ? null : files.fetch(folder + binary),
      ]);
      if (binary !== null && bytes !== null) configureWasm(tf, registered, binary, bytes);
      await activate(tf, backend);
      if (backend === 'webgl') endWaitsOnLoss(tf);
      return tf;
    },
  };
}

/**
 * Have the WASM backend take its binary from bytes that are verified already.
 *
 * TF.js would fetch it itself and believe whatever comes; it offers no way to hand bytes over, but
 * asks its platform's `fetch` when told to.
 *
 * @param {TensorFlow} tf
 * @param {WasmModule} wasm
 * @param {string} binary name of the file
 * @param {ArrayBuffer} bytes
 */
function configureWasm(tf, wasm, binary, bytes) {
  tf.env().set('WASM_HAS_SIMD_SUPPORT', binary.endsWith('-simd.wasm'));
  const { platform } = tf.env();
  const fetchOthers = platform.fetch.bind(platform);
  platform.fetch = async (url, init) =>
    url === VERIFIED + binary ? new Response(bytes) : fetchOthers(url, init);
  wasm.setWasmPaths(VERIFIED, true);
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
