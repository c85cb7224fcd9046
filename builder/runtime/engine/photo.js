/** The photo in memory. */
import { channelsOf, pixelsOf, sizeOf, strideOf } from './tensors.js';
import { beyondBorder } from './packing.js';

/**
 * @typedef {import('./tensors.js').Tensor} Tensor
 *
 * @typedef {object} Photo
 * @property {Tensor} tensor
 * @property {Float32Array | null} border a pixel of the border that lies around it in memory: the first convolution
 *   then reads each line of its kernel as one. Null where it has the layout of any tensor
 * @property {number} size floats
 * @property {number} line floats from a line to the next
 * @property {number} begin floats before its first pixel
 */

/**
 * Choose the photo's layout: where only a convolution reads it, its border lies in memory, too.
 *
 * @param {Tensor} tensor
 * @param {readonly import('./draft.js').Operation[]} operations
 * @returns {Photo}
 */
export function photoFor(tensor, operations) {
  const { shape } = tensor;
  const readers = operations.filter(({ reads }) =>
    reads.some((read) => read === tensor || read.view === tensor),
  );
  const [reader] = readers;
  const isAlone = readers.length === 1 && tensor.uses === 1 && reader.reads[0] === tensor;
  if (
    !isAlone ||
    reader.kernel !== 'convolution' ||
    reader.window.dilation[1] !== 1 ||
    shape.length !== 4
  ) {
    return { tensor, border: null, size: sizeOf(shape), line: 0, begin: 0 };
  }
  const { before, after } = reader.window;
  const [, height, width, channels] = shape;
  const line = (before[1] + width + after[1]) * channels;
  return {
    tensor,
    border: beyondBorder(reader.filter),
    size: Math.ceil(((before[0] + height + after[0]) * line) / 4) * 4,
    line,
    begin: before[0] * line + before[1] * channels,
  };
}

/** @param {Photo} photo @param {Float32Array} to the photo's memory */
export function writeBorder({ border }, to) {
  if (border === null) return;
  for (let at = 0; at + border.length <= to.length; at += border.length) to.set(border, at);
}

/**
 * @param {Photo} photo
 * @param {Float32Array} pixels [height, width, channels]
 * @param {Float32Array} to the photo's memory
 */
export function writePhoto({ tensor: { shape }, border, line, begin }, pixels, to) {
  const channels = channelsOf(shape);
  const isLines = border !== null;
  const [count, length] = isLines ? [shape[1], shape[2] * channels] : [pixelsOf(shape), channels];
  const step = isLines ? line : strideOf(shape);
  for (let i = 0; i < count; i++) {
    to.set(pixels.subarray(i * length, (i + 1) * length), begin + i * step);
  }
}
