// MediaPipe's ImageClassifier on the CPU; it has no threads.
import { FilesetResolver, ImageClassifier } from '../vendor/mediapipe/vision_bundle.js';
import { start } from './page.js';

const SIZE = 224;

start(async ({ model }) => {
  const files = await FilesetResolver.forVisionTasks(
    new URL('../vendor/mediapipe/wasm', import.meta.url).href,
  );
  const classifier = await ImageClassifier.createFromOptions(files, {
    baseOptions: { modelAssetPath: `${model}model-bytes.tflite`, delegate: 'CPU' },
    runningMode: 'IMAGE',
    maxResults: -1,
  });
  return {
    async run(pixels) {
      const image = new ImageData(SIZE, SIZE);
      for (let i = 0; i < SIZE * SIZE; i++) {
        for (let c = 0; c < 3; c++) image.data[4 * i + c] = pixels[3 * i + c];
        image.data[4 * i + 3] = 255;
      }
      const [{ categories }] = classifier.classify(image).classifications;
      const probabilities = new Float32Array(categories.length);
      for (const { index, score } of categories) probabilities[index] = score;
      return probabilities;
    },
  };
});
