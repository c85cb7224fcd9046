/**
 * A graph model that computes: by TF.js, or by the engine of our own.
 *
 * @typedef {import('./types.js').TensorFlow} TensorFlow
 * @typedef {import('./weights.js').ModelFiles} ModelFiles
 * @typedef {import('./weights.js').ModelArtifacts} ModelArtifacts
 * @typedef {import('./session.js').OutputName} OutputName
 *
 * @typedef {object} Network
 * @property {(picture: Float32Array | ImageBitmap, outputs: readonly OutputName[]) => Promise<Float32Array[]>}
 *   run computes what the outputs need, and no more
 * @property {FrameReader | null} frames reads frames of a camera; null where that is left to the page
 * @property {() => {numTensors: number, numBytes: number}} memory what is held in this thread
 * @property {() => void} dispose frees the weights
 *
 * @typedef {object} OwnEngine what the runtime's `engine.js` exports, and its compiled kernels
 * @property {typeof import('../engine/executor.js').Executor} Executor
 * @property {typeof import('../engine/weights.js').readWeights} readWeights
 * @property {WebAssembly.Module} kernels
 */
import { FrameReader } from './frames.js';

/**
 * @param {TensorFlow} tf with the backend set
 * @param {ModelFiles} files
 * @returns {Promise<Network>}
 */
export async function tensorFlowNetwork(tf, { metadata, artifacts }) {
  // A copy, because TF.js keeps the artifacts for as long as the model.
  const handedOver = { ...artifacts };
  const model = await tf.loadGraphModel({ load: async () => handedOver });
  handedOver.weightData = undefined;
  const nodes = outputNodes(artifacts);
  const frames = tf.frames ? new FrameReader(tf, tf.frames, metadata.preprocessing) : null;
  const shape = [1, ...metadata.inputSize, 3];
  /** @param {Float32Array | ImageBitmap} picture */
  const input = (picture) =>
    picture instanceof Float32Array
      ? tf.tensor(picture, shape, 'float32')
      : /** @type {FrameReader} */ (frames).read(picture);
  return {
    frames,
    async run(picture, outputs) {
      const results = tf.tidy(() => {
        const tensors = model.execute(
          input(picture),
          outputs.map((output) => nodes[output] ?? output),
        );
        return Array.isArray(tensors) ? tensors : [tensors];
      });
      try {
        return await Promise.all(
          results.map(async (result) => /** @type {Float32Array} */ (await result.data())),
        );
      } finally {
        for (const result of results) result.dispose();
      }
    },
    memory() {
      const { numTensors, numBytes } = tf.memory();
      return { numTensors, numBytes };
    },
    dispose() {
      frames?.dispose();
      model.dispose();
    },
  };
}

/** Maps of where evidence lies are wanted now and then; all other outputs come with each answer. */
const WHEN_ASKED = 'class_activation';

/**
 * @param {OwnEngine} engine
 * @param {ModelFiles} files
 * @returns {Network}
 * @throws {import('../engine/unsupported.js').Unsupported} where the engine lacks something that the graph needs
 */
export function ownNetwork({ Executor, readWeights, kernels }, { artifacts }) {
  const { modelTopology, weightSpecs = [], weightData = [] } = artifacts;
  const { node } = /** @type {{node: import('../engine/graph.js').NodeDef[]}} */ (modelTopology);
  const nodes = outputNodes(artifacts);
  const names = Object.keys(nodes);
  const executor = new Executor(kernels, {
    nodes: node,
    weights: readWeights(
      /** @type {import('../engine/weights.js').WeightSpec[]} */ (weightSpecs),
      Array.isArray(weightData) ? weightData : [/** @type {ArrayBuffer} */ (weightData)],
    ),
    outputs: names.filter((name) => name !== WHEN_ASKED).map((name) => nodes[name]),
    others: names.filter((name) => name === WHEN_ASKED).map((name) => nodes[name]),
  });
  return {
    frames: null,
    async run(picture, outputs) {
      const wanted = outputs.map((output) => nodes[output] ?? output);
      const pixels = /** @type {Float32Array} */ (picture);
      return executor.run(pixels, wanted).map(({ values }) => values);
    },
    // All tensors lie in one memory.
    memory: () => ({ numTensors: 1, numBytes: executor.bytes }),
    // The memory goes with the executor.
    dispose() {},
  };
}

/**
 * Map the outputs' names to the graph's nodes, as the model's signature says.
 *
 * @param {ModelArtifacts} artifacts
 * @returns {Record<string, string>}
 */
function outputNodes({ signature, userDefinedMetadata }) {
  const { outputs = {} } = /** @type {{outputs?: Record<string, {name: string}>}} */ (
    signature ?? userDefinedMetadata?.signature ?? {}
  );
  return Object.fromEntries(Object.entries(outputs).map(([key, { name }]) => [key, name]));
}
