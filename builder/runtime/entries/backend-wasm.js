// Importing this module registers the WebAssembly backend with the runtime's core.
import { env } from '@tensorflow/tfjs-core';

export { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
// @ts-expect-error -- compiled.mjs puts it there.
export { useModule } from '@tensorflow/tfjs-backend-wasm/dist/backend_wasm.js';
// @ts-expect-error -- threads.mjs puts it there.
export { useThreads } from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js';

// Which number of threads is worth it has to be measured; on a cross-origin isolated page the backend
// would take half of the cores by itself.
env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
