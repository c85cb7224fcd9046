/**
 * What the thread that would run the model can do.
 *
 * @typedef {object} Capabilities
 * @property {GpuKind} webgpu
 * @property {GpuKind} webgl WebGL 2
 * @property {boolean} wasm whether WebAssembly exists and may be compiled here
 * @property {boolean} simd whether WebAssembly SIMD does
 */

/** @typedef {'none' | 'software' | 'hardware'} GpuKind */

/**
 * A way to run the model.
 *
 * @typedef {object} Candidate
 * @property {'webgpu' | 'webgl' | 'wasm' | 'cpu'} backend TF.js's name
 * @property {string} module file of the runtime that registers it
 * @property {string | null} binary WebAssembly file of the runtime, if it needs one
 */

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
 * List the ways to run the model, best first.
 *
 * @param {Capabilities} capabilities
 * @param {string} [wanted] only this backend, a software GPU included
 * @returns {Candidate[]} empty if there is none
 */
export function backendCandidates({ webgpu, webgl, wasm, simd }, wanted) {
  const wasmBinary = simd ? 'tfjs-backend-wasm-simd.wasm' : 'tfjs-backend-wasm.wasm';
  const enough = (/** @type {GpuKind} */ kind) =>
    kind === 'hardware' || (wanted !== undefined && kind === 'software');
  /** @type {(Candidate & {possible: boolean})[]} */
  const all = [
    { backend: 'webgpu', module: 'backend-webgpu.js', binary: null, possible: enough(webgpu) },
    { backend: 'webgl', module: 'backend-webgl.js', binary: null, possible: enough(webgl) },
    { backend: 'wasm', module: 'backend-wasm.js', binary: wasmBinary, possible: wasm },
    // Hundreds of times slower than a GPU: only where there is nothing else.
    { backend: 'cpu', module: 'backend-cpu.js', binary: null, possible: !wasm || wanted === 'cpu' },
  ];
  return all
    .filter(({ backend, possible }) => possible && (wanted === undefined || backend === wanted))
    .map(({ backend, module, binary }) => ({ backend, module, binary }));
}
