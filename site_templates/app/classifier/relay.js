/**
 * Takes files that the page passes on: those that its HTML told the browser to load before any script had
 * run (`<link rel="preload" as="fetch">`). Browsers keep these for the document, which therefore has to
 * ask for them (page/pass-on.js); a worker that asked itself would have them loaded twice.
 */

/**
 * Return a `fetch` that takes files which are being passed on for the answer to the first plain request
 * for each, until `end` is called.
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
      for (const { fail } of arriving.values()) fail(new TypeError('Nobody wants it any more.'));
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
  // Whoever asks for the file hears of a failure.
  response.catch(() => {});
  return { response, fail };
}
