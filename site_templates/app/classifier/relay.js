/**
 * Brings files to the worker that the page's HTML told the browser to load before any script had run
 * (`<link rel="preload" as="fetch">`). Browsers keep these for the document, which therefore has to ask
 * for them; a worker that asked itself would have them loaded twice.
 *
 * The worker sends `{url}` with a port, over which come `{status, type}`, each `{chunk}`, and `{end}`;
 * or `{failure}`.
 *
 * @typedef {Pick<MessagePort, 'postMessage' | 'addEventListener' | 'start'>} RelayPort
 */

/**
 * The addresses of files that the document loads early.
 *
 * @param {Pick<Document, 'querySelectorAll'> | undefined} [document]
 * @returns {string[]} absolute URLs
 */
export function preloadedFiles(document = globalThis.document) {
  const links = document?.querySelectorAll('link[rel="preload"][as="fetch"]') ?? [];
  return Array.from(links, (link) => /** @type {HTMLLinkElement} */ (link).href);
}

/**
 * Fetch what the other side asks for, and pass the bytes on as they come, without a copy.
 *
 * @param {RelayPort} port
 * @param {typeof globalThis.fetch} [fetch]
 */
export function serveFiles(port, fetch = globalThis.fetch.bind(globalThis)) {
  port.addEventListener('message', (event) => {
    const { data, ports } = /** @type {MessageEvent<{url: string}>} */ (event);
    passOn(data.url, ports[0], fetch);
  });
  port.start();
}

/**
 * @param {string} url
 * @param {Pick<MessagePort, 'postMessage'>} port
 * @param {typeof globalThis.fetch} fetch
 */
async function passOn(url, port, fetch) {
  try {
    // As the preload asks, or else it would not be taken.
    const response = await fetch(url, { credentials: 'same-origin' });
    port.postMessage({
      status: response.status,
      type: response.headers.get('content-type') ?? '',
    });
    const reader = response.body?.getReader();
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      port.postMessage({ chunk: part.value }, [part.value.buffer]);
    }
    port.postMessage({ end: true });
  } catch (error) {
    port.postMessage({ failure: String(error) });
  }
}

/**
 * Return a `fetch` that has the first plain request for each of some files answered by the page, until
 * `end` is called.
 *
 * @param {RelayPort} port whose other side serves files
 * @param {string[]} urls absolute
 * @param {typeof globalThis.fetch} [fetch] for all else: repetitions, parts of a file, other files
 * @returns {{fetch: typeof globalThis.fetch, end: () => void}}
 */
export function relayedFetch(port, urls, fetch = globalThis.fetch.bind(globalThis)) {
  const waiting = new Set(urls);
  return {
    fetch(input, init = {}) {
      const plain = (init.cache ?? 'default') === 'default' && init.headers === undefined;
      const relayed = plain && typeof input === 'string' && waiting.delete(input);
      return relayed ? askFor(input, port, init.signal) : fetch(input, init);
    },
    end: () => waiting.clear(),
  };
}

/**
 * @param {string} url
 * @param {RelayPort} relay
 * @param {AbortSignal | null} [signal]
 * @returns {Promise<Response>}
 */
function askFor(url, relay, signal) {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve, reject) => {
    /** @type {ReadableStreamDefaultController<Uint8Array>} */
    let stream;
    const fail = (/** @type {unknown} */ error) => {
      port1.close();
      reject(error);
      stream?.error(error);
    };
    signal?.addEventListener('abort', () => fail(signal.reason), { once: true });
    port1.onmessage = ({ data }) => {
      if (data.chunk) stream.enqueue(data.chunk);
      else if (data.failure) fail(new TypeError(data.failure));
      else if (data.end) {
        port1.close();
        stream.close();
      } else {
        const body = new ReadableStream({ start: (controller) => void (stream = controller) });
        resolve(
          new Response(body, { status: data.status, headers: { 'content-type': data.type } }),
        );
      }
    };
    relay.postMessage({ url }, [port2]);
  });
}
