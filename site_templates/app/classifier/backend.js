import { BACKENDS, BACKEND_NAMES, backendNamed, buildFor } from '../shared/backends.js';

/**
 * @typedef {import('../shared/backends.js').BackendName} BackendName
 * @typedef {import('../shared/backends.js').WasmBuild} WasmBuild
 */

/**
 * What the thread that would run the model can do.
 *
 * @typedef {ProcessorCapabilities & GraphicsCapabilities} Capabilities
 *
 * @typedef {object} ProcessorCapabilities
 * @property {WasmBuild | 'none'} wasm the best build of WebAssembly that runs here, if it may be
 *   compiled
 * @property {number} threads how many WebAssembly may use, 1 where memory cannot be shared
 *
 * @typedef {Partial<Record<Exclude<BackendName, keyof ProcessorCapabilities>, GpuKind>>} GraphicsCapabilities by
 *   backend; "none" where it is not listed
 */

/** @typedef {'none' | 'software' | 'hardware'} GpuKind */

/**
 * A backend with a number of threads: what the model can be run on.
 *
 * @typedef {object} Candidate
 * @property {string} variant its own name: the backend's, for several threads "wasm:4" or the like
 * @property {BackendName} backend
 * @property {string} module file of the runtime that registers it
 * @property {string | null} binary WebAssembly file of the runtime, if it needs one
 * @property {number} threads more than 1 only with a threaded build of WebAssembly
 */

/** Renderer names of OpenGL implementations that compute on the CPU. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render|swrast|mesa offscreen/i;

/**
 * Say whether a WebGL renderer or WebGPU adapter is a graphics card, or emulated on the processor, which is
 * some ten times slower than WebAssembly.
 *
 * @param {string} description
 * @returns {GpuKind}
 */
export function gpuKind(description) {
  return SOFTWARE.test(description) ? 'software' : 'hardware';
}

/**
 * List what the model can be run on, in the order in which to try it.
 *
 * @param {Capabilities} capabilities
 * @param {string} [wanted] only this variant or backend, a software GPU included
 * @param {string} [preferred] the variant that was measured to be the fastest, if it is there
 * @returns {Candidate[]} empty if there is none
 */
export function backendCandidates(capabilities, wanted, preferred) {
  const all = possibleCandidates(capabilities, wanted !== undefined);
  if (wanted !== undefined) {
    return all.filter(({ variant, backend }) => variant === wanted || backend === wanted);
  }
  const first = all.filter(({ variant }) => variant === preferred);
  // Several threads do not help where one has failed.
  return [
    ...first,
    ...all.filter(({ variant, threads }) => variant !== preferred && threads === 1),
  ];
}

/**
 * Return the first of `backendCandidates` where it is the same whatever graphics card there may be:
 * looking for one takes as long as starting WebAssembly.
 *
 * @param {ProcessorCapabilities} processor
 * @param {string} [wanted]
 * @param {string} [preferred]
 * @returns {Candidate | null}
 */
export function immediateCandidate(processor, wanted, preferred) {
  if (preferred && backendNamed(preferred)?.device === 'graphics') return null;
  const { wasm, threads } = processor;
  const [first] = backendCandidates({ wasm, threads }, wanted, preferred);
  return first && !BACKENDS[first.backend].lastResort ? first : null;
}

/**
 * List the variants that may turn out to be faster than the present one.
 *
 * @param {Capabilities} capabilities
 * @param {string} present
 * @returns {string[]}
 */
export function alternativesTo(capabilities, present) {
  return possibleCandidates(capabilities, false)
    .filter(({ variant, backend }) => variant !== present && !BACKENDS[backend].lastResort)
    .map(({ variant }) => variant);
}

/**
 * @param {Capabilities} capabilities
 * @param {boolean} all also what is possible but never wise
 * @returns {Candidate[]} those with one thread first
 */
function possibleCandidates(capabilities, all) {
  const { wasm, threads } = capabilities;
  const running = BACKEND_NAMES.filter(
    (name) => (all || !BACKENDS[name].onRequest) && runs(name, capabilities, all),
  );
  const regular = running.filter((name) => !BACKENDS[name].lastResort);
  const onProcessor = regular.some((name) => BACKENDS[name].device === 'processor');
  const chosen = onProcessor && !all ? regular : running;
  const single = chosen.map((name) => candidate(name, wasm, 1));
  const threaded = chosen
    .filter((name) => buildFilesOf(name, wasm)?.threaded)
    .flatMap((name) => threadCounts(threads).map((count) => candidate(name, wasm, count)));
  return [...single, ...threaded];
}

/**
 * @param {BackendName} name
 * @param {Capabilities} capabilities
 * @param {boolean} inSoftware whether a graphics card may be one that a processor stands in for
 */
function runs(name, capabilities, inSoftware) {
  const { device, builds } = BACKENDS[name];
  if (device === 'graphics') {
    const kind = /** @type {Record<string, string | number>} */ (capabilities)[name];
    return kind === 'hardware' || (inSoftware && kind === 'software');
  }
  return !builds || buildFilesOf(name, capabilities.wasm) !== undefined;
}

/**
 * Which numbers of threads are worth measuring: all cores, and half of them, because some cores are slow
 * or busy and the slowest thread is waited for.
 *
 * @param {number} cores
 * @returns {number[]}
 */
export function threadCounts(cores) {
  // More than eight do not make image classifiers faster.
  const most = Math.min(cores, 8);
  return [most, Math.floor(most / 2)].filter((count) => count > 1);
}

/**
 * @param {BackendName} backend
 * @param {WasmBuild | 'none'} wasm
 * @param {number} threads
 * @returns {Candidate}
 */
function candidate(backend, wasm, threads) {
  const files = buildFilesOf(backend, wasm);
  const binary = (threads === 1 ? files?.binary : files?.threaded) ?? null;
  const variant = threads === 1 ? backend : `${backend}:${threads}`;
  return { variant, backend, module: BACKENDS[backend].module, binary, threads };
}

/**
 * @param {BackendName} name
 * @param {WasmBuild | 'none'} wasm what the browser understands
 */
function buildFilesOf(name, wasm) {
  const build = buildFor(BACKENDS[name], wasm);
  return build ? BACKENDS[name].builds?.[build] : undefined;
}
