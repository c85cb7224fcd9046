// The engine that runs graph models without TensorFlow.js, as one module.
export { Executor } from '../engine/executor.js';
export { readWeights } from '../engine/weights.js';
