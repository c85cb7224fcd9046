/**
 * A TF.js graph model's topology, read into plain values.
 *
 * @typedef {object} GraphNode
 * @property {string} name
 * @property {string} op
 * @property {string[]} inputs names of nodes; control inputs are left out
 * @property {Attributes} attributes
 */
import { Unsupported } from './unsupported.js';

/**
 * A node of a GraphDef in JSON.
 *
 * @typedef {object} NodeDef
 * @property {string} name
 * @property {string} op
 * @property {string[]} [input]
 * @property {Record<string, any>} [attr]
 */

/** Attributes by name, whose texts JSON has in base64 and whose whole numbers it has as texts. */
export class Attributes {
  #attributes;

  /** @param {Record<string, any>} [attributes] */
  constructor(attributes = {}) {
    this.#attributes = attributes;
  }

  /** @param {string} name @returns {string | undefined} */
  text(name) {
    const text = this.#attributes[name]?.s;
    return text === undefined ? undefined : atob(text);
  }

  /** @param {string} name @returns {string[]} */
  texts(name) {
    return (this.#attributes[name]?.list?.s ?? []).map(atob);
  }

  /** @param {string} name @returns {number[] | undefined} */
  integers(name) {
    return this.#attributes[name]?.list?.i?.map(Number);
  }

  /** @param {string} name @param {number} otherwise */
  float(name, otherwise) {
    return Number(this.#attributes[name]?.f ?? otherwise);
  }

  /** @param {string} name */
  isTrue(name) {
    return this.#attributes[name]?.b === true;
  }

  /** @param {string} name @returns {number[]} sides; one that is open, as a batch's, is 1 */
  shape(name) {
    const sides = this.#attributes[name]?.shape?.dim ?? [];
    return sides.map((/** @type {{size?: string}} */ side) => Math.max(1, Number(side.size ?? 1)));
  }

  /** @param {string} name @returns {string | undefined} "DT_FLOAT" … */
  type(name) {
    return this.#attributes[name]?.type;
  }
}

/**
 * Return the nodes that outputs need, in an order in which each comes after its inputs: first all that the
 * first output needs, then what else the second does, and so on.
 *
 * @param {readonly NodeDef[]} definitions
 * @param {readonly string[]} outputs names of nodes, or references to them
 * @returns {GraphNode[]}
 * @throws {Unsupported} where a node is missing
 */
export function orderedNodes(definitions, outputs) {
  const byName = new Map(definitions.map((node) => [node.name, node]));
  /** @type {Map<string, GraphNode>} */
  const ordered = new Map();
  // Deep graphs would overflow the stack of a function that calls itself.
  const open = outputs.map(nodeOf).reverse();
  while (open.length > 0) {
    const name = open[open.length - 1];
    const node = byName.get(name);
    if (node === undefined) throw new Unsupported('a node that is missing', name);
    const inputs = (node.input ?? []).filter((input) => !input.startsWith('^')).map(nodeOf);
    const missing = inputs.filter((input) => !ordered.has(input));
    if (ordered.has(name) || missing.length === 0) {
      open.pop();
      if (!ordered.has(name)) {
        ordered.set(name, { name, op: node.op, inputs, attributes: new Attributes(node.attr) });
      }
    } else {
      open.push(...missing.reverse());
    }
  }
  return [...ordered.values()];
}

/**
 * Only first outputs of nodes are used: of the operators that are supported none has another that is of use.
 *
 * @param {string} reference "name" or "name:0"
 */
export function nodeOf(reference) {
  const [name, output = '0'] = reference.split(':');
  if (output !== '0') throw new Unsupported(`output ${output} of a node`, name);
  return name;
}
