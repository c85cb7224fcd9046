/**
 * Takes files that the page passes on: those that its HTML made the browser load before any script had
 * run (`<link rel="preload" as="fetch">`). Browsers keep these for the document, which therefore has to
 * ask for them (page/startup/early-worker.js); a worker that asked for them by itself would load them twice.
 */

/**
 * Return a `fetch` that answers the first plain request for each file that is being passed on with that file,
 * until `end` is called.
 *
 * @param {typeof globalThis.fetch} [fetch] for all else: repetitions, parts of a file, other files
 * @returns {{expect: (url: string, port: MessagePort) => void, fetch: typeof globalThis.fetch,
 *   end: () => void}} `expect` names a file and the port over which it comes
 */
export function relayedFetch(fetch = globalThis.fetch.bind(globalThis)) {
  /** @type {Map<string, ReturnType<typeof receive>>} */
  const arriving = new Map();
  return {
    expect: (url, port) => void arriving.set(url, receive(port)),
    fetch(input, init = {}) {
      const plain = (init.cache ?? 'default') === 'default' && init.headers === undefined;
      const relayed = plain && typeof input === 'string' ? arriving.get(input) : undefined;
      if (!relayed) return fetch(input, init);
      arriving.delete(/** @type {string} */ (input));
      const { signal } = init;
      signal?.addEventListener('abort', () => relayed.fail(signal.reason), { once: true });
      return relayed.response;
    },
    end() {
      for (const { fail } of arriving.values()) fail(new TypeError('It is no longer needed.'));
      arriving.clear();
    },
  };
}

/**
 * @param {MessagePort} port
 * @returns {{response: Promise<Response>, fail: (reason: unknown) => void}}
 */
function receive(port) {
  /** @type {(reason: unknown) => void} */
  let fail = () => {};
  /** @type {Promise<Response>} */
  const response = new Promise((resolve, reject) => {
    /** @type {ReadableStreamDefaultController<Uint8Array>} */
    let stream;
    fail = (reason) => {
      port.close();
      reject(reason);
      stream?.error(reason);
    };
    port.onmessage = ({ data }) => {
      if (data.chunk) stream.enqueue(data.chunk);
      else if (data.failure) fail(new TypeError(data.failure));
      else if (data.end) {
        port.close();
        stream.close();
      } else {
        const body = new ReadableStream({ start: (controller) => void (stream = controller) });
        resolve(
          new Response(body, { status: data.status, headers: { 'content-type': data.type } }),
        );
      }
    };
  });
  // A failure is reported to the code that asks for the file.
  response.catch(() => {});
  return { response, fail };
}
