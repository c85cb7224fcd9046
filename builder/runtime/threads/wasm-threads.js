// The threaded build of the WebAssembly backend, and the script of each of its threads.
import factory from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js';
// @ts-expect-error -- threads.mjs makes it a module.
import { serveThread } from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.worker.js';

/** The name of the workers that are threads. */
export const THREAD = 'wasm-thread';

if (/** @type {{name?: string}} */ (globalThis).name === THREAD) serveThread(factory);

export default factory;
