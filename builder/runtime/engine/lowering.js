/** From a graph's nodes to operations. */
import { Draft } from './draft.js';
import { nodeOf, orderedNodes } from './graph.js';
import { avgPool, conv2d, depthwiseConv2d, matMul, maxPool } from './operators/convolutions.js';
import { BINARY, UNARY, batchNorm, binary, unary } from './operators/elementwise.js';
import { max, mean, softmax, sum } from './operators/reductions.js';
import {
  concat,
  expandDims,
  identity,
  pad,
  reshape,
  squeeze,
  transpose,
} from './operators/shaping.js';
import { strideOf } from './tensors.js';
import { Unsupported } from './unsupported.js';

/**
 * @typedef {import('./tensors.js').Tensor} Tensor
 * @typedef {import('./weights.js').Constant} Constant
 *
 * @typedef {object} Lowered
 * @property {Draft} draft
 * @property {Tensor} input the photo; where the graph has no placeholder, a tensor that nothing reads
 * @property {Map<string, Tensor>} outputs by name
 * @property {number} first how many operations the first outputs need, and all others besides
 *
 * @typedef {object} Padding zeros around an image, as a convolution can have them itself
 * @property {Tensor} input
 * @property {import('./draft.js').Operation[]} operations
 * @property {number[][]} around above and below, left and right
 */

/** @type {Readonly<Record<string, (node: Lowering) => Tensor>>} */
const OPERATORS = {
  Identity: identity,
  Conv2D: conv2d,
  _FusedConv2D: conv2d,
  DepthwiseConv2dNative: depthwiseConv2d,
  FusedDepthwiseConv2dNative: depthwiseConv2d,
  MatMul: matMul,
  _FusedMatMul: matMul,
  MaxPool: maxPool,
  AvgPool: avgPool,
  FusedBatchNormV3: batchNorm,
  ...Object.fromEntries(UNARY.map((name) => [name, unary])),
  ...Object.fromEntries(BINARY.map((name) => [name, binary])),
  Mean: mean,
  Sum: sum,
  Max: max,
  Softmax: softmax,
  Reshape: reshape,
  Squeeze: squeeze,
  ExpandDims: expandDims,
  Pad: pad,
  PadV2: pad,
  ConcatV2: concat,
  Transpose: transpose,
};

/** A node that becomes operations, and what it reads. */
export class Lowering {
  #node;
  #results;

  /**
   * @param {import('./graph.js').GraphNode} node
   * @param {ReadonlyMap<string, Tensor>} results by node
   * @param {number} uses of the node's own result
   * @param {Draft} draft
   * @param {Map<Tensor, Padding>} paddings
   */
  constructor(node, results, uses, draft, paddings) {
    this.#node = node;
    this.#results = results;
    this.uses = uses;
    this.draft = draft;
    this.paddings = paddings;
  }

  get op() {
    return this.#node.op;
  }

  get attributes() {
    return this.#node.attributes;
  }

  get inputs() {
    return this.#node.inputs.length;
  }

  strideOf = strideOf;

  /** @param {string} what */
  lacks(what) {
    return new Unsupported(what, this.#node.name);
  }

  /** @param {number} i @returns {Tensor} of floats */
  tensor(i) {
    const found = /** @type {Tensor} */ (this.#results.get(this.#node.inputs[i]));
    if (found.data instanceof Int32Array) throw this.lacks(`${this.op} of whole numbers`);
    return found;
  }

  /** @param {number} i @returns {Tensor} [1, height, width, channels] */
  image(i) {
    const format = this.attributes.text('data_format') ?? 'NHWC';
    if (format !== 'NHWC') throw this.lacks(`${this.op} in the order ${format}`);
    const found = this.tensor(i);
    if (found.shape[0] !== 1) throw this.lacks(`${this.op} of ${found.shape[0]} images`);
    return found;
  }

  /** @param {number} i @returns {Constant | null} null where it is computed */
  constant(i) {
    const found = this.#results.get(this.#node.inputs[i]);
    return found?.data ? { shape: found.shape, data: found.data } : null;
  }

  /** @param {number} i @returns {Constant} */
  weights(i) {
    const found = this.constant(i);
    if (found === null) throw this.lacks(`${this.op} with weights that are computed`);
    return found;
  }

  /** @param {number} i @returns {number[]} a constant's */
  integers(i) {
    return [...this.weights(i).data];
  }

  /** @param {string} name of an attribute with a number for each axis @returns {number[]} height's and width's */
  pair(name) {
    const [, height = 1, width = 1] = this.attributes.integers(name) ?? [];
    return [height, width];
  }
}

/**
 * @param {readonly import('./graph.js').NodeDef[]} definitions
 * @param {ReadonlyMap<string, Constant>} weights
 * @param {readonly string[]} names of the outputs that are always computed
 * @param {readonly string[]} others outputs that are computed when they are asked for
 * @returns {Lowered}
 * @throws {Unsupported}
 */
export function lowered(definitions, weights, names, others) {
  const draft = new Draft();
  const nodes = orderedNodes(definitions, [...names, ...others]);
  const needed = new Set(orderedNodes(definitions, names).map(({ name }) => name));
  const uses = usesOf(nodes, [...names, ...others].map(nodeOf));
  /** @type {Map<string, Tensor>} */
  const results = new Map();
  /** @type {Map<Tensor, Padding>} */
  const paddings = new Map();
  /** @type {Tensor | null} */
  let input = null;
  let first = 0;
  for (const node of nodes) {
    const used = uses.get(node.name) ?? 0;
    if (node.op === 'Const') {
      results.set(node.name, constantTensor(node.name, weights, used));
    } else if (node.op === 'Placeholder') {
      if (input !== null) throw new Unsupported('second input', node.name);
      input = draft.tensor(node.attributes.shape('shape'), used);
      results.set(node.name, input);
    } else {
      const operator = OPERATORS[node.op];
      if (operator === undefined) throw new Unsupported(node.op, node.name);
      results.set(node.name, operator(new Lowering(node, results, used, draft, paddings)));
    }
    if (needed.has(node.name)) first = draft.operations.length;
  }
  const outputs = new Map(
    [...names, ...others].map((name) => [name, /** @type {Tensor} */ (results.get(nodeOf(name)))]),
  );
  return { draft, input: input ?? draft.tensor([], 0), outputs, first };
}

/**
 * @param {string} name
 * @param {ReadonlyMap<string, Constant>} weights
 * @param {number} uses
 * @returns {Tensor}
 */
function constantTensor(name, weights, uses) {
  const constant = weights.get(name);
  if (constant === undefined) throw new Unsupported('weights', name);
  return { shape: constant.shape, data: constant.data, uses, from: null, view: null };
}

/**
 * @param {readonly import('./graph.js').GraphNode[]} nodes
 * @param {readonly string[]} outputs
 */
function usesOf(nodes, outputs) {
  /** @type {Map<string, number>} */
  const uses = new Map();
  for (const name of [...nodes.flatMap(({ inputs }) => inputs), ...outputs]) {
    uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  return uses;
}
