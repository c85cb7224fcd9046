// The WebAssembly backend with fused multiply-add. TensorFlow.js compiles its kernels for SIMD alone:
// each step of a matrix product is an f32x4.mul and an f32x4.add. Browsers with relaxed SIMD have one
// instruction for both (https://github.com/WebAssembly/relaxed-simd), which rounds once instead of
// twice where the processor has it, and computes as before where not.
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** What the backend's binaries are compiled with, and what this adds. */
const FEATURES = { simd: true, threads: true, relaxed_simd: true };

/** Fewer in a binary would mean that the kernels are not what this was written for. */
const LEAST = 500;

const FUNCTION = /^ {2}\(func \(;\d+;\)/;
const PRODUCT_AND_SUM = /\n( +)f32x4\.mul\n +f32x4\.add(?=[\n)])/g;

/**
 * Returns a function that makes a WebAssembly binary's products and sums fused ones.
 *
 * @param {string} work  the folder that holds node_modules/
 * @returns {Promise<(binary: Uint8Array) => Uint8Array>}
 */
export async function relaxedSimd(work) {
  /** @type {typeof import('wabt')} */
  const startWabt = createRequire(join(work, 'package.json'))('wabt');
  const wabt = await startWabt();
  return (binary) => {
    const read = wabt.readWasm(binary, { ...FEATURES, readDebugNames: false });
    const { text, count } = fuseProducts(read.toText({ foldExprs: false, inlineExport: false }));
    read.destroy();
    if (count < LEAST) throw new Error(`${count} fused products in the kernels, not ${LEAST}.`);
    const parsed = wabt.parseWat('relaxed.wat', text, FEATURES);
    const { buffer } = parsed.toBinary({ canonicalize_lebs: true });
    parsed.destroy();
    if (!WebAssembly.validate(Uint8Array.from(buffer)))
      throw new Error('The fused kernels are not valid.');
    return buffer;
  };
}

/**
 * Fuses each product that is added to what lay below its factors on the stack.
 *
 * @param {string} text  a module in WebAssembly's text format, unfolded, functions without names
 * @returns {{text: string, count: number}}  the module, and how many products it fuses
 */
export function fuseProducts(text) {
  let count = 0;
  const functions = splitBefore(text.split('\n'), FUNCTION).map((lines) => {
    const body = lines.join('\n');
    const products = body.match(PRODUCT_AND_SUM)?.length ?? 0;
    if (products === 0) return body;
    count += products;
    const first = numberOfVariables(lines);
    return withVariables(lines)
      .join('\n')
      .replace(PRODUCT_AND_SUM, (_, indent) =>
        inOrder(first)
          .map((line) => `\n${indent}${line}`)
          .join(''),
      );
  });
  return { text: functions.join('\n'), count };
}

/**
 * The stack has the summand below the factors, and the fused instruction wants it above them. Compilers remove
 * these moves.
 *
 * @param {number} first  of three variables
 */
function inOrder(first) {
  const [factor, other, summand] = [first, first + 1, first + 2];
  return [
    ...[other, factor, summand].map((variable) => `local.set ${variable}`),
    ...[factor, other, summand].map((variable) => `local.get ${variable}`),
    'f32x4.relaxed_madd',
  ];
}

/** @param {string[]} lines  of a function */
function numberOfVariables([head, second]) {
  return listed(head, 'param').length + listed(second, 'local').length;
}

/** @param {string[]} lines  of a function, which gets three variables more */
function withVariables([head, second, ...rest]) {
  const types = [...listed(second, 'local'), 'v128', 'v128', 'v128'];
  const others = /^ +\(local /.test(second) ? rest : [second, ...rest];
  return [head, `    (local ${types.join(' ')})`, ...others];
}

/**
 * @param {string} line
 * @param {string} what  "param" or "local"
 */
function listed(line, what) {
  const types = new RegExp(`\\(${what} ([^)]*)\\)`).exec(line)?.[1] ?? '';
  return types.split(' ').filter(Boolean);
}

/**
 * @param {string[]} lines
 * @param {RegExp} start
 * @returns {string[][]}  the lines before the first that matches, and from each that does on
 */
function splitBefore(lines, start) {
  /** @type {string[][]} */
  const parts = [[]];
  for (const line of lines) {
    if (start.test(line)) parts.push([]);
    parts[parts.length - 1].push(line);
  }
  return parts;
}
