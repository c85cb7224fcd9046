/**
 * Return a `fetch` for one file, WebAssembly, that also has the browser compile the file as it arrives.
 *
 * @param {typeof globalThis.fetch} [fetch]
 * @returns {{fetch: typeof globalThis.fetch, compiled: () => Promise<WebAssembly.Module | null>}}
 *   `compiled`: the module, once all has come; null where the file took more than one answer, or one that
 *   browsers don't compile, as without the type application/wasm
 */
export function compiledAsItComes(fetch = globalThis.fetch.bind(globalThis)) {
  let answers = 0;
  /** @type {Promise<WebAssembly.Module | null>} */
  let module = Promise.resolve(null);
  return {
    async fetch(input, init) {
      const response = await fetch(input, init);
      answers += 1;
      if (answers === 1 && response.status === 200 && 'compileStreaming' in WebAssembly) {
        module = WebAssembly.compileStreaming(response.clone()).catch(() => null);
      }
      return response;
    },
    // Where there were two answers, one was broken or wrong.
    compiled: async () => (answers === 1 ? module : null),
  };
}
