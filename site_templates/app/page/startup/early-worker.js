/**
 * The classifier's worker, which the script in the page's head starts: starting a thread and parsing the
 * runtime take time, and need not wait for the app's own modules.
 *
 * @typedef {object} EarlyWorker
 * @property {Worker} worker
 * @property {boolean} lost whether it has failed
 *
 * @typedef {object} Scope what is needed of the window
 * @property {new (url: string, options: WorkerOptions) => Worker} Worker
 * @property {import('../../shared/trusted-scripts.js').TrustedTypesFactory} [trustedTypes]
 * @property {EarlyWorker} [earlyWorker]
 */

/**
 * Start the worker; have it import modules and take files that it will need. The modules stand in its
 * name, which it can read at once: messages wait until this thread learns that the worker has started.
 *
 * @param {Scope} scope
 * @param {string} url absolute, of app/classifier/worker.js
 * @param {string[]} modules absolute URLs
 * @param {string[]} files absolute URLs
 * @param {(url: string, port: MessagePort) => void} relay fetches a file and passes it on
 */
export function startWorker(scope, url, modules, files, relay) {
  const rules = { createScriptURL: () => url };
  const policy = scope.trustedTypes?.createPolicy('classifier-pwa-start', rules) ?? rules;
  try {
    const trusted = /** @type {string} */ (policy.createScriptURL(url));
    const worker = new scope.Worker(trusted, { type: 'module', name: modules.join(' ') });
    const early = { worker, lost: false };
    worker.addEventListener('error', () => void (early.lost = true));
    const relayed = files.map((file) => {
      const { port1, port2 } = new MessageChannel();
      relay(file, port1);
      return { url: file, port: port2 };
    });
    // A call whose reply nobody awaits; see classifier/rpc.js.
    worker.postMessage(
      { id: 0, method: 'expect', args: relayed },
      relayed.map(({ port }) => port),
    );
    scope.earlyWorker = early;
  } catch {
    // The app tries again, and reports a failure.
  }
}

/**
 * Take over the worker that was started, if it is alive. A second call returns none.
 *
 * @param {Scope} scope
 * @returns {Worker | undefined}
 */
export function takeWorker(scope) {
  const { earlyWorker } = scope;
  scope.earlyWorker = undefined;
  return earlyWorker?.lost ? undefined : earlyWorker?.worker;
}

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
