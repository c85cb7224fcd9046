// What the classifier uses of TensorFlow.js, named one by one: the list is the contract between
// the app and the runtime, and whatever is not on it can be left out of the bundle.
export {
  dispose,
  engine,
  env,
  getBackend,
  memory,
  nextFrame,
  ready,
  removeBackend,
  setBackend,
  tensor,
  tidy,
  version_core as version,
} from '@tensorflow/tfjs-core';
export { GraphModel, loadGraphModel } from '@tensorflow/tfjs-converter';
