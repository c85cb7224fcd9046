/**
 * What the thread that would run the model can do.
 *
 * @typedef {ProcessorCapabilities & GraphicsCapabilities} Capabilities
 *
 * @typedef {object} ProcessorCapabilities
 * @property {import('./builds.js').WasmBuild | 'none'} wasm the build of WebAssembly that runs here, if
 *   it may be compiled
 * @property {number} threads how many WebAssembly may use, 1 where memory cannot be shared
 *
 * @typedef {object} GraphicsCapabilities
 * @property {GpuKind} webgpu
 * @property {GpuKind} webgl WebGL 2
 */

/** @typedef {'none' | 'software' | 'hardware'} GpuKind */

/**
 * A way to run the model.
 *
 * @typedef {object} Candidate
 * @property {string} way its own name: the backend's, for several threads "wasm:4" or the like
 * @property {'webgpu' | 'webgl' | 'wasm' | 'cpu'} backend TF.js's name
 * @property {string} module file of the runtime that registers it
 * @property {string | null} binary WebAssembly file of the runtime, if it needs one
 * @property {number} threads 1 for all but WebAssembly
 */

/** @type {GraphicsCapabilities} */
const NO_GRAPHICS = { webgpu: 'none', webgl: 'none' };

/** Renderer names of OpenGL implementations that compute on the CPU. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render|swrast|mesa offscreen/i;

/**
 * Say whether a WebGL renderer or WebGPU adapter is a graphics card or a pretence of one, which is
 * some ten times slower than WebAssembly.
 *
 * @param {string} description
 * @returns {GpuKind}
 */
export function gpuKind(description) {
  return SOFTWARE.test(description) ? 'software' : 'hardware';
}

/**
 * List the ways to run the model in the order in which to try them. WebAssembly starts soonest, and its
 * answers are the same everywhere; whether something else is faster must be measured.
 *
 * @param {Capabilities} capabilities
 * @param {string} [wanted] only this way or backend, a software GPU included
 * @param {string} [preferred] the way that was measured to be the fastest, if it is there
 * @returns {Candidate[]} empty if there is none
 */
export function backendCandidates(capabilities, wanted, preferred) {
  const all = possibleWays(capabilities, wanted !== undefined);
  if (wanted !== undefined) {
    return all.filter(({ way, backend }) => way === wanted || backend === wanted);
  }
  const first = all.filter(({ way }) => way === preferred);
  // Several threads are no refuge where one has failed.
  return [...first, ...all.filter(({ way, threads }) => way !== preferred && threads === 1)];
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
  if (preferred === 'webgpu' || preferred === 'webgl') return null;
  const known = { ...processor, ...NO_GRAPHICS };
  const [first] = backendCandidates(known, wanted, preferred);
  return first?.backend === 'wasm' ? first : null;
}

/**
 * List the ways that may turn out to be faster than the present one.
 *
 * @param {Capabilities} capabilities
 * @param {string} present
 * @returns {string[]}
 */
export function rivalWays(capabilities, present) {
  return possibleWays(capabilities, false)
    .map(({ way }) => way)
    .filter((way) => way !== present && way !== 'cpu');
}

/**
 * @param {Capabilities} capabilities
 * @param {boolean} all also what is possible but never wise
 * @returns {Candidate[]}
 */
function possibleWays({ webgpu, webgl, wasm, threads }, all) {
  const enough = (/** @type {GpuKind} */ kind) =>
    kind === 'hardware' || (all && kind === 'software');
  /** @type {Candidate[]} */
  const ways = [];
  if (wasm !== 'none') ways.push(wasmCandidate(wasm));
  if (enough(webgpu)) ways.push(candidate('webgpu'));
  if (enough(webgl)) ways.push(candidate('webgl'));
  // Hundreds of times slower than a GPU: only where there is nothing else.
  if (wasm === 'none' || all) ways.push(candidate('cpu'));
  if (wasm !== 'none' && wasm !== 'plain') {
    ways.push(...threadCounts(threads).map((count) => wasmCandidate(wasm, count)));
  }
  return ways;
}

/**
 * Which numbers of threads are worth measuring: all cores, and half of them, because some cores are slow
 * or busy and the slowest thread is waited for.
 *
 * @param {number} cores
 * @returns {number[]}
 */
export function threadCounts(cores) {
  // More than eight bring image classifiers nothing.
  const most = Math.min(cores, 8);
  return [most, Math.floor(most / 2)].filter((count) => count > 1);
}

/**
 * @param {'webgpu' | 'webgl' | 'cpu'} backend
 * @returns {Candidate}
 */
function candidate(backend) {
  return { way: backend, backend, module: `backend-${backend}.js`, binary: null, threads: 1 };
}

/**
 * @param {import('./builds.js').WasmBuild} build
 * @param {number} [threads]
 * @returns {Candidate}
 */
function wasmCandidate(build, threads = 1) {
  const way = threads === 1 ? 'wasm' : `wasm:${threads}`;
  const suffix = build === 'plain' ? '' : `-${build}`;
  const binary = `tfjs-backend-wasm${threads === 1 ? '' : '-threaded'}${suffix}.wasm`;
  return { way, backend: 'wasm', module: 'backend-wasm.js', binary, threads };
}
