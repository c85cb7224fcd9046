import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  startWorker,
  takeWorker,
} from '../../../../site_templates/app/page/startup/early-worker.js';

const WORKER = 'https://example.org/app/a/classifier/worker.js';
const MODULES = ['tf.js', 'backend-wasm.js'].map((name) => `https://example.org/runtime/r/${name}`);
const FILES = ['https://example.org/model/m/a.bin', 'https://example.org/model/m/b.bin'];

class FakeWorker extends EventTarget {
  /** @type {{message: any, transfer: any[]}[]} */
  posted = [];
  /**
   * @param {unknown} url
   * @param {WorkerOptions} options
   */
  constructor(url, options) {
    super();
    this.made = { url, ...options };
  }
  /**
   * @param {any} message
   * @param {any[]} transfer
   */
  postMessage(message, transfer) {
    this.posted.push({ message, transfer });
  }
}

/** @param {object} [more] of the window */
function started(more) {
  const scope = /** @type {any} */ ({ Worker: FakeWorker, ...more });
  /** @type {{url: string, port: MessagePort}[]} */
  const passed = [];
  startWorker(scope, WORKER, MODULES, FILES, (url, port) => passed.push({ url, port }));
  passed.forEach(({ port }) => port.close());
  return { scope, passed: passed.map(({ url }) => url) };
}

test('the worker is told which modules to import, and gets a port for each file', () => {
  const { scope, passed } = started();
  const worker = /** @type {any} */ (takeWorker(scope));
  assert.deepEqual(worker.made, { url: WORKER, type: 'module', name: MODULES.join(' ') });
  assert.deepEqual(passed, FILES);
  const [{ message, transfer }] = worker.posted;
  assert.equal(message.method, 'expect');
  const files = message.args;
  assert.deepEqual(
    files.map((/** @type {{url: string}} */ { url }) => url),
    FILES,
  );
  assert.deepEqual(
    files.map((/** @type {{port: MessagePort}} */ { port }) => port),
    transfer,
  );
});

test('it is taken over once: what replaces it starts in the ordinary way', () => {
  const { scope } = started();
  assert.ok(takeWorker(scope));
  assert.equal(takeWorker(scope), undefined);
});

test('a worker that has failed, or that the browser did not let start, is not taken over', () => {
  const { scope } = started();
  scope.earlyWorker.worker.dispatchEvent(new Event('error'));
  assert.equal(takeWorker(scope), undefined);
  const refusing = started({
    Worker: function Refused() {
      throw new DOMException('no', 'SecurityError');
    },
  });
  assert.equal(takeWorker(refusing.scope), undefined);
});

test('under Trusted Types the browser gets what it trusts, for this one script', () => {
  /** @type {string[]} */
  const names = [];
  const trustedTypes = {
    createPolicy(
      /** @type {string} */ name,
      /** @type {{createScriptURL: (url: string) => string}} */ rules,
    ) {
      names.push(name);
      return { createScriptURL: (/** @type {string} */ url) => [rules.createScriptURL(url)] };
    },
  };
  const { scope } = started({ trustedTypes });
  assert.deepEqual(names, ['classifier-pwa-start']);
  assert.deepEqual(/** @type {any} */ (takeWorker(scope)).made.url, [WORKER]);
});
