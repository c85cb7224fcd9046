/**
 * The classifier's worker, which the script in the page's head starts: a thread takes time to start and
 * the runtime to parse, which the app's own modules need not be waited for.
 *
 * @typedef {object} EarlyWorker
 * @property {Worker} worker
 * @property {boolean} lost whether it has failed
 *
 * @typedef {object} Scope what is needed of the window
 * @property {new (url: string, options: WorkerOptions) => Worker} Worker
 * @property {import('../trusted_scripts.js').TrustedTypesFactory} [trustedTypes]
 * @property {EarlyWorker} [earlyWorker]
 */

/**
 * Start the worker; have it import modules and take files that it will need. The modules stand in its
 * name, which it can read at once: messages wait for this thread to come to know that it has started.
 *
 * @param {Scope} scope
 * @param {string} url absolute, of app/classifier/worker.js
 * @param {string[]} modules absolute URLs
 * @param {string[]} files absolute URLs
 * @param {(url: string, port: MessagePort) => void} passOn fetches a file; as in pass-on.js
 */
export function startWorker(scope, url, modules, files, passOn) {
  const rules = { createScriptURL: () => url };
  const policy = scope.trustedTypes?.createPolicy('classifier-pwa-start', rules) ?? rules;
  try {
    const trusted = /** @type {string} */ (policy.createScriptURL(url));
    const worker = new scope.Worker(trusted, { type: 'module', name: modules.join(' ') });
    const early = { worker, lost: false };
    worker.addEventListener('error', () => void (early.lost = true));
    const relayed = files.map((file) => {
      const { port1, port2 } = new MessageChannel();
      passOn(file, port1);
      return { url: file, port: port2 };
    });
    // A call without anyone who waits for the reply; see classifier/rpc.js.
    worker.postMessage(
      { id: 0, method: 'expect', args: relayed },
      relayed.map(({ port }) => port),
    );
    scope.earlyWorker = early;
  } catch {
    // The app tries again, and tells.
  }
}

/**
 * Take over the worker that was started, if it is alive. There is none a second time.
 *
 * @param {Scope} scope
 * @returns {Worker | undefined}
 */
export function takeWorker(scope) {
  const { earlyWorker } = scope;
  scope.earlyWorker = undefined;
  return earlyWorker?.lost ? undefined : earlyWorker?.worker;
}
