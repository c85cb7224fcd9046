/** What WebAssembly a browser understands. Pure. */

/**
 * A module with one function that uses SIMD: i32.const 0, i8x16.splat, i8x16.popcnt. Source:
 * GoogleChromeLabs/wasm-feature-detect, detectors/simd.
 */
export const SIMD_MODULE = [
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0],
  ...[65, 0, 253, 15, 253, 98, 11],
];

/** The same for relaxed SIMD: three times i32.const 0 and i8x16.splat, f32x4.relaxed_madd. */
export const RELAXED_MODULE = [
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0],
  ...[65, 0, 253, 15, 65, 0, 253, 15, 65, 0, 253, 15, 253, 133, 2, 11],
];

/**
 * Say which builds of WebAssembly run here.
 *
 * @param {{validate(bytes: Uint8Array<ArrayBuffer>): boolean} | undefined} wasm the global
 *   `WebAssembly`, which Safari's Lockdown Mode takes away
 * @returns {import('./backends.js').WasmBuild | 'none'} the best of them; it runs those below it, too
 */
export function wasmBuild(wasm) {
  if (!wasm) return 'none';
  const runs = (/** @type {number[]} */ module) => wasm.validate(Uint8Array.from(module));
  if (!runs(SIMD_MODULE)) return 'plain';
  return runs(RELAXED_MODULE) ? 'relaxed-simd' : 'simd';
}
