/** Small graphs, and the engine's kernels as they were built. */
import { readFileSync } from 'node:fs';

const runtime = new URL('../../../assets/runtime/', import.meta.url);

/** @param {string} build */
export const kernels = (build) =>
  new WebAssembly.Module(readFileSync(new URL(`engine-${build}.wasm`, runtime)));

/**
 * @param {string} name
 * @param {string} op
 * @param {string[]} input
 * @param {Record<string, any>} [attr]
 */
export const node = (name, op, input, attr = {}) => ({ name, op, input, attr });

/** @param {string} value as protocol buffers have it in JSON */
export const text = (value) => ({ s: btoa(value) });

/** @param {readonly number[]} numbers */
export const integers = (numbers) => ({ list: { i: numbers.map(String) } });

/** @param {readonly number[]} sides */
export const photo = (sides) =>
  node('image', 'Placeholder', [], { shape: { shape: { dim: sides.map((size) => ({ size })) } } });

/** @param {Record<string, {shape: number[], data: number[], whole?: boolean}>} values */
export function constants(values) {
  return {
    nodes: Object.keys(values).map((name) => node(name, 'Const', [])),
    weights: new Map(
      Object.entries(values).map(([name, { shape, data, whole }]) => [
        name,
        { shape, data: whole ? Int32Array.from(data) : Float32Array.from(data) },
      ]),
    ),
  };
}
