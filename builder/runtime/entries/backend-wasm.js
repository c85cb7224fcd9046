// Importing this module registers the WebAssembly backend with the runtime's core.
import { env } from '@tensorflow/tfjs-core';

export { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';

// The threaded build starts its workers from blob: URLs, which the page's Content-Security-Policy
// forbids; on a cross-origin isolated page the backend would choose it by itself.
env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
