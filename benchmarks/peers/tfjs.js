// TensorFlow.js as its guide shows it: the union bundle, the WASM plugin, the converter's graph.
import { start } from './page.js';

const { tf } = /** @type {any} */ (globalThis);

start(async ({ threads, model }) => {
  tf.wasm.setWasmPaths(new URL('../vendor/', import.meta.url).href);
  tf.wasm.setThreadsCount(threads);
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', threads > 1);
  await tf.setBackend('wasm');
  const graph = await tf.loadGraphModel(`${model}tfjs/model.json`);
  return {
    async run(pixels) {
      const answer = tf.tidy(() =>
        graph.predict(tf.tensor(pixels, [1, 224, 224, 3]).div(127.5).sub(1)),
      );
      const probabilities = await answer.data();
      answer.dispose();
      return probabilities;
    },
    tensors: () => tf.memory().numTensors,
  };
});
