// ONNX Runtime Web with the smallest of its bundles, which has the WASM engine only.
import * as ort from '../vendor/ort.wasm.bundle.js';
import { start } from './page.js';

start(async ({ threads, model }) => {
  ort.env.wasm.numThreads = threads;
  ort.env.wasm.wasmPaths = {
    wasm: new URL('../vendor/ort-wasm-simd-threaded.wasm', import.meta.url).href,
  };
  const session = await ort.InferenceSession.create(`${model}model.onnx`, {
    executionProviders: ['wasm'],
  });
  return {
    async run(pixels) {
      const image = new ort.Tensor('float32', pixels, [1, 224, 224, 3]);
      return (await session.run({ image })).probabilities.data;
    },
  };
});
