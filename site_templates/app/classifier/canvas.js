/**
 * Resizing as Chromium's canvas does it, whose `drawImage` Teachable Machine's models are trained on:
 * bilinear without antialiasing, after halving the photo as often as it stays large enough. The same as
 * `builder/model/images/canvas.py`, which names the sources; browsers' own canvases differ from each other.
 */

/** @typedef {import('./spans.js').Spans} Spans */

/**
 * @param {number} length samples of the input, ≥ 1
 * @param {number} resized samples of the whole output, ≥ 1
 * @param {number} first the first output wanted
 * @param {number} count how many outputs are wanted
 * @param {number} halvings
 * @returns {Spans}
 */
export function canvasSpans(length, resized, first, count, halvings) {
  if (halvings === 0) return bilinearSpans(length, resized, first, count);
  const lengths = Array.from({ length: halvings }, (_, i) =>
    Math.max(1, Math.floor(length / 2 ** i)),
  );
  const halved = Math.ceil(length / 2 ** halvings);
  const last = bilinearSpans(lengths[halvings - 1], halved, 0, halved);
  let spans = through(bilinearSpans(halved, resized, first, count), last);
  for (let i = halvings - 2; i >= 0; i--) spans = through(spans, halfSpans(lengths[i]));
  return spans;
}

/**
 * @param {number} length
 * @param {number} resized
 * @param {number} first
 * @param {number} count
 * @returns {Spans}
 */
function bilinearSpans(length, resized, first, count) {
  const spans = emptySpans(count, 2);
  for (let i = 0; i < count; i++) {
    const centre = ((first + i + 0.5) * length) / resized - 0.5;
    const lower = Math.floor(centre);
    // Skia's fractions have four bits.
    const part = Math.floor((centre - lower) * 16) / 16;
    const start = Math.max(lower, 0);
    const end = Math.min(lower + 1, length - 1) + 1;
    spans.starts[i] = start;
    spans.ends[i] = end;
    // At the edges the sample that is missing is the one beside it.
    spans.weights[2 * i] = end - start === 1 ? 1 : 1 - part;
    if (end - start === 2) spans.weights[2 * i + 1] = part;
  }
  return spans;
}

/**
 * @param {number} length
 * @returns {Spans} of half as many outputs, rounded down
 */
function halfSpans(length) {
  const taps = length === 1 ? [1] : length % 2 === 0 ? [0.5, 0.5] : [0.25, 0.5, 0.25];
  const count = Math.max(1, Math.floor(length / 2));
  const spans = emptySpans(count, taps.length);
  for (let i = 0; i < count; i++) {
    spans.starts[i] = 2 * i;
    spans.ends[i] = 2 * i + taps.length;
    spans.weights.set(taps, i * taps.length);
  }
  return spans;
}

/**
 * @param {Spans} outer of the outputs of `inner`
 * @param {Spans} inner
 * @returns {Spans} of the inputs of `inner`
 */
function through(outer, inner) {
  const count = outer.starts.length;
  const reach = (/** @type {number} */ i) =>
    inner.ends[outer.ends[i] - 1] - inner.starts[outer.starts[i]];
  const longest = Math.max(...Array.from(outer.starts, (_, i) => reach(i)));
  const spans = emptySpans(count, longest);
  for (let i = 0; i < count; i++) {
    const start = inner.starts[outer.starts[i]];
    spans.starts[i] = start;
    spans.ends[i] = start + reach(i);
    for (let middle = outer.starts[i]; middle < outer.ends[i]; middle++) {
      const weight = outer.weights[i * outer.stride + middle - outer.starts[i]];
      for (let sample = inner.starts[middle]; sample < inner.ends[middle]; sample++) {
        const part = inner.weights[middle * inner.stride + sample - inner.starts[middle]];
        spans.weights[i * longest + sample - start] += weight * part;
      }
    }
  }
  return spans;
}

/**
 * @param {number} count
 * @param {number} stride
 * @returns {Spans}
 */
function emptySpans(count, stride) {
  const weights = new Float64Array(count * stride);
  return { starts: new Int32Array(count), ends: new Int32Array(count), weights, stride };
}
