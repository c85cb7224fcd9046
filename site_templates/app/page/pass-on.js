/**
 * Fetch a file, and pass the bytes on to the worker as they come, without a copy: `{status, type}`, each
 * `{chunk}`, and `{end}`; or `{failure}`.
 *
 * @param {string} url absolute
 * @param {Pick<MessagePort, 'postMessage'>} port
 * @param {typeof globalThis.fetch} fetch
 */
export async function passOn(url, port, fetch) {
  try {
    // As the preload asks, or else it would not be taken; scripts come first.
    const response = await fetch(url, { credentials: 'same-origin', priority: 'low' });
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
