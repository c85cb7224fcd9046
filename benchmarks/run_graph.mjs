// Runs a graph model on images with TensorFlow.js's WebAssembly backend, outside of a browser:
//   node run_graph.mjs MODEL_FOLDER IMAGES.bin HEIGHT WIDTH
// IMAGES.bin holds float32 RGB images, one after the other. Prints JSON: probabilities of each
// image and the milliseconds that each took, the first one (which warms up) left out.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
const tf = require('@tensorflow/tfjs-core');
const { loadGraphModel } = require('@tensorflow/tfjs-converter');
const { setWasmPaths, setThreadsCount } = require('@tensorflow/tfjs-backend-wasm');

const [folder, file, height, width] = process.argv.slice(2);
const side = [1, Number(height), Number(width), 3];
const length = side.reduce((product, value) => product * value);

setWasmPaths(join(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'), '../dist/'));
setThreadsCount(1);
await tf.setBackend('wasm');

const document = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8'));
const [{ paths, weights }] = document.weightsManifest;
const shards = await Promise.all(paths.map((path) => readFile(join(folder, path))));
const { buffer, byteOffset, byteLength } = Buffer.concat(shards);
const model = await loadGraphModel({
  load: async () => ({
    ...document,
    weightSpecs: weights,
    weightData: buffer.slice(byteOffset, byteOffset + byteLength),
  }),
});

const bytes = await readFile(file);
const images = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);

/** Returns the probabilities of an image. @param {number} index */
async function classify(index) {
  const values = images.subarray(index * length, (index + 1) * length);
  const image = tf.tensor(values, side);
  const output = model.execute({ image }, 'probabilities');
  const probabilities = [...(await output.data())];
  tf.dispose([image, output]);
  return probabilities;
}

await classify(0);
const probabilities = [];
const milliseconds = [];
for (let index = 0; index < images.length / length; index++) {
  const start = performance.now();
  probabilities.push(await classify(index));
  milliseconds.push(performance.now() - start);
}
process.stdout.write(JSON.stringify({ probabilities, milliseconds }));
