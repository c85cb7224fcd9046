// @tensorflow-models/mobilenet, loaded anew at each click, as tutorials and student projects do.
import { start } from './page.js';

const { tf, mobilenet } = /** @type {any} */ (globalThis);

start(async ({ threads, model }) => {
  tf.wasm.setWasmPaths(new URL('../vendor/', import.meta.url).href);
  tf.wasm.setThreadsCount(threads);
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', threads > 1);
  await tf.setBackend('wasm');
  const load = () =>
    mobilenet.load({
      version: 1,
      alpha: 1,
      modelUrl: `${model}tfjs1001/model.json`,
      inputRange: [-1, 1],
    });
  return {
    async run(pixels) {
      const network = await load();
      const logits = network.infer(tf.tensor(pixels, [224, 224, 3], 'int32'));
      const answer = logits.softmax();
      return answer.data();
    },
    async click(image) {
      const network = await load();
      return network.classify(image);
    },
    tensors: () => tf.memory().numTensors,
  };
});
