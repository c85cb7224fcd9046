/** Messages to a service worker, and its answers. */

import { REPLY_MS } from '../../shared/page-timeouts.js';
import { createWatch, Late } from '../deadlines.js';

/**
 * The registration's activated worker, waited for while one is on its way there; null when none is.
 *
 * @param {ServiceWorkerRegistration} registration
 * @param {() => void} onChange called at each step on the way
 * @returns {Promise<ServiceWorker | null>}
 */
export async function activeWorker(registration, onChange) {
  for (;;) {
    const { active, waiting, installing } = registration;
    const worker = [active, waiting, installing].find(
      (candidate) => candidate && candidate.state !== 'redundant',
    );
    if (!worker || worker.state === 'activated') return worker ?? null;
    await new Promise((resolve) => {
      worker.addEventListener('statechange', resolve, { once: true });
    });
    onChange();
  }
}

/**
 * Send a message to the service worker and wait for its answer, for as long as it gives signs of life.
 *
 * @param {ServiceWorker} worker
 * @param {Record<string, unknown>} message
 * @returns {Promise<Record<string, any>>} rejects with `Late` where it keeps silent
 */
export function ask(worker, message) {
  return new Promise((resolve, reject) => {
    const { port1, port2 } = new MessageChannel();
    const watch = createWatch(REPLY_MS, () => {
      port1.close();
      reject(new Late(REPLY_MS));
    });
    port1.onmessage = ({ data }) => {
      if (data.type === 'working') {
        watch.sign();
        return;
      }
      watch.stop();
      port1.close();
      resolve(data);
    };
    watch.sign();
    worker.postMessage(message, [port2]);
  });
}
