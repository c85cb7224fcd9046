/**
 * What every peer's page does around its runtime: it takes a photo as the app's own page does, and
 * shows the five best classes, so that the same program can measure them all.
 */

const SIZE = 224;

/**
 * @typedef {object} Peer
 * @property {(pixels: Float32Array) => Promise<ArrayLike<number>>} run from 224 × 224 RGB pixels, 0…255,
 *   to probabilities
 * @property {(image: HTMLImageElement) => Promise<unknown>} [click] what a click on a page does that
 *   loads the model anew each time
 * @property {() => number} [tensors] that are held
 */

/**
 * Load a peer immediately, and answer the photos that are given.
 *
 * @param {(options: {threads: number, model: string}) => Promise<Peer>} load
 */
export function start(load) {
  const asked = new URLSearchParams(location.search);
  const threads = Number(asked.get('threads') ?? 1);
  const peer = load({ threads, model: new URL('../models/', import.meta.url).href });
  const { dataset } = document.documentElement;
  const input = /** @type {HTMLInputElement} */ (document.getElementById('photo-input'));
  input.addEventListener('change', async () => {
    const [file] = input.files ?? [];
    if (!file) return;
    const pixels = await photoPixels(file);
    show(await (await peer).run(pixels));
    dataset.state = 'result';
  });
  Object.assign(globalThis, { peer });
}

/** @param {Blob} file */
async function photoPixels(file) {
  const bitmap = await createImageBitmap(file, { resizeWidth: SIZE, resizeHeight: SIZE });
  const context = new OffscreenCanvas(SIZE, SIZE).getContext('2d');
  if (!context) throw new Error('no canvas');
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, SIZE, SIZE);
  const pixels = new Float32Array(3 * SIZE * SIZE);
  for (let i = 0; i < SIZE * SIZE; i++) {
    for (let c = 0; c < 3; c++) pixels[3 * i + c] = data[4 * i + c];
  }
  return pixels;
}

/** @param {ArrayLike<number>} probabilities */
function show(probabilities) {
  const best = Array.from(probabilities, (probability, index) => ({ probability, index }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, 5);
  const list = document.getElementById('results');
  list?.replaceChildren(
    ...best.map(({ probability, index }) => {
      const item = document.createElement('li');
      item.textContent = `${index}: ${(100 * probability).toFixed(2)} %`;
      return item;
    }),
  );
}
