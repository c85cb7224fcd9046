// LiteRT.js on XNNPACK.
import { Tensor, loadAndCompile, loadLiteRt } from '../vendor/litert/index.js';
import { start } from './page.js';

const asked = new URLSearchParams(location.search);

start(async ({ threads, model }) => {
  await loadLiteRt(new URL('../vendor/litert/wasm/', import.meta.url).href, {
    threads: threads > 1,
  });
  const file = asked.get('weights') === 'int8' ? 'model-int8.tflite' : 'model.tflite';
  const compiled = await loadAndCompile(model + file, {
    accelerator: 'wasm',
    cpuOptions: { numThreads: threads },
  });
  return {
    async run(pixels) {
      const image = new Tensor(pixels, [1, 224, 224, 3]);
      const [answer] = await compiled.run(image);
      const probabilities = answer.toTypedArray().slice();
      image.delete();
      answer.delete();
      return probabilities;
    },
  };
});
