// The WebAssembly backend's binary. TensorFlow.js would fetch it by itself and trust whatever arrives; here it
// is handed in, verified and compiled, and a failure to start is reported.
import { readFile } from 'node:fs/promises';

import { replaced } from './replaced.mjs';

const BACKEND = /tfjs-backend-wasm\/dist\/backend_wasm\.js$/;
const FETCHES = /function createInstantiateWasmFunc\(path\) \{.+?\n\}\n/s;
const ASKS = /createInstantiateWasmFunc\(getPathToWasmBinary\(.+?\)\);/s;

const TAKES = `
let compiled;
/** Use this module as the binary. */
export function useModule(module) {
  compiled = module;
  customFetch = true;
}
const instantiateWith = (reject) => (imports, callback) => {
  const start = (instance) => callback(instance, compiled);
  WebAssembly.instantiate(compiled, imports).then(start).catch(reject);
  return {};
};
`;

/** @type {import('esbuild').Plugin} */
export const binaryHandedIn = {
  name: 'binary-handed-in',
  setup({ onLoad }) {
    onLoad({ filter: BACKEND }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const taking = replaced(text, FETCHES, TAKES);
      return { contents: replaced(taking, ASKS, 'instantiateWith(reject);') };
    });
  },
};
