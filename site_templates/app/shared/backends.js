/**
 * The backends: what can compute a network, in the order in which they are tried.
 *
 * This is the only list of them. Page, worker and service worker import it; the package's build writes it into
 * assets/runtime/runtime.json, where Python reads it (builder/site/backends.py). A new backend is a row here, the
 * module of builder/runtime/entries/ that the row names, and for one on a graphics processor how a device shows
 * that it has it (classifier/capabilities.js).
 */

/**
 * What a browser's WebAssembly understands, the most first.
 *
 * @typedef {'relaxed-simd' | 'simd' | 'plain'} WasmBuild
 *
 * @typedef {object} BuildFiles WebAssembly of a backend, as a file of the runtime
 * @property {string} binary
 * @property {string} [threaded] the same for several threads, where there is such a build
 *
 * @typedef {object} Backend
 * @property {string} label its name for people, the same in every language
 * @property {'processor' | 'graphics'} device what computes
 * @property {string} module the runtime's file that registers it
 * @property {Partial<Record<WasmBuild, BuildFiles>>} [builds] its WebAssembly; without, it is JavaScript alone
 * @property {string} [threadModule] the runtime's file that each of its threads runs
 * @property {'needed' | 'extra' | 'on-demand'} offline whether a device keeps its files: "needed" where the app
 *   does not work offline without them, "extra" where it does, "on-demand" once the page computes with them
 * @property {boolean} [onRequest] only where somebody asks for it by name
 * @property {boolean} [lastResort] far slower than all others: only where no other backend of its device runs
 * @property {number} sampleEvery `build --verify browser` compares only one picture in this many on it: where a
 *   processor stands in for a graphics card, WebGL takes up to a second for each, as plain JavaScript does, and
 *   WebGPU up to ten
 */

/**
 * @typedef {'wasm' | 'webgpu' | 'webgl' | 'cpu' | 'engine'} BackendName as TensorFlow.js calls it; "engine" is our
 *   own, which does without TensorFlow.js
 */

/** @type {Readonly<Record<BackendName, Backend>>} */
export const BACKENDS = {
  // Starts soonest, and its answers are the same everywhere; whether another is faster must be measured.
  wasm: {
    label: 'WebAssembly',
    device: 'processor',
    module: 'backend-wasm.js',
    builds: {
      'relaxed-simd': {
        binary: 'tfjs-backend-wasm-relaxed-simd.wasm',
        threaded: 'tfjs-backend-wasm-threaded-relaxed-simd.wasm',
      },
      simd: {
        binary: 'tfjs-backend-wasm-simd.wasm',
        threaded: 'tfjs-backend-wasm-threaded-simd.wasm',
      },
      plain: { binary: 'tfjs-backend-wasm.wasm' },
    },
    threadModule: 'wasm-threads.js',
    offline: 'needed',
    sampleEvery: 1,
  },
  webgpu: {
    label: 'WebGPU',
    device: 'graphics',
    module: 'backend-webgpu.js',
    offline: 'on-demand',
    sampleEvery: 51,
  },
  webgl: {
    label: 'WebGL',
    device: 'graphics',
    module: 'backend-webgl.js',
    offline: 'on-demand',
    sampleEvery: 4,
  },
  // Hundreds of times slower than a GPU.
  cpu: {
    label: 'JavaScript',
    device: 'processor',
    module: 'backend-cpu.js',
    offline: 'on-demand',
    lastResort: true,
    sampleEvery: 4,
  },
  engine: {
    label: 'Engine',
    device: 'processor',
    module: 'engine.js',
    builds: {
      'relaxed-simd': { binary: 'engine-relaxed-simd.wasm' },
      simd: { binary: 'engine-simd.wasm' },
    },
    offline: 'on-demand',
    onRequest: true,
    sampleEvery: 1,
  },
};

/** In the order in which they are tried. */
export const BACKEND_NAMES = /** @type {BackendName[]} */ (Object.keys(BACKENDS));

/** @type {readonly WasmBuild[]} */
const WASM_BUILDS = ['relaxed-simd', 'simd', 'plain'];

/**
 * Look up a backend by a name that may be another's, such as one in a newer version.
 *
 * @param {string} name
 * @returns {Backend | undefined}
 */
export function backendNamed(name) {
  return Object.hasOwn(BACKENDS, name) ? BACKENDS[/** @type {BackendName} */ (name)] : undefined;
}

/**
 * The build of a backend's WebAssembly that a browser runs: the best of those that it understands.
 *
 * @param {Backend} backend
 * @param {WasmBuild | 'none'} understood by the browser
 * @returns {WasmBuild | null} null where it runs none
 */
export function buildFor({ builds = {} }, understood) {
  if (understood === 'none') return null;
  const runnable = WASM_BUILDS.slice(WASM_BUILDS.indexOf(understood));
  return runnable.find((build) => builds[build]) ?? null;
}

/**
 * The group in the precache manifest of the files that a backend needs.
 *
 * @param {string} name of the backend
 * @param {WasmBuild | null} [build]
 * @param {boolean} [threads] for several threads
 * @returns {string} "webgl", "wasm-simd", "wasm-simd-threads"
 */
export function groupOf(name, build = null, threads = false) {
  return [name, build, threads && 'threads'].filter(Boolean).join('-');
}
