import { axisSpans } from './axis.js';
import { rowFilter } from './rows.js';

/**
 * Resizes a photo that arrives in strips of rows, and keeps only what the network sees of it.
 *
 * Rows are reduced sideways as they come and added, weighted, to the few output rows they belong
 * to: apart from the result there is one row of memory, however large the photo.
 */
export class StripResizer {
  #filter;
  #spans;
  #row;
  #nextRow;
  #rows;
  #columns;
  #active = 0;

  /**
   * @param {number} photoWidth pixels
   * @param {number} photoHeight pixels
   * @param {import('./geometry.js').Geometry} geometry
   */
  constructor(photoWidth, photoHeight, { rows, columns, halvings }) {
    this.#filter = rowFilter(photoWidth, columns, halvings);
    this.#spans = axisSpans(photoHeight, rows, halvings);
    this.#row = new Float32Array(3 * columns.count);
    this.#nextRow = this.#spans.starts[0];
    this.#rows = rows;
    this.#columns = columns;
    /** The part of the photo that the result depends on, pixels. */
    this.region = {
      x: this.#filter.start,
      y: this.#nextRow,
      width: this.#filter.end - this.#filter.start,
      height: this.#spans.ends[rows.count - 1] - this.#nextRow,
    };
    /** RGB, row by row, 0…255, black beside the photo; complete with the last row of the region. */
    this.pixels = new Float32Array(3 * columns.size * rows.size);
  }

  /**
   * Add the next rows of the region, top to bottom.
   *
   * @param {Uint8Array | Uint8ClampedArray} rgba `rows` rows of `region.width` pixels
   * @param {number} rows
   */
  addRows(rgba, rows) {
    for (let row = 0; row < rows; row++) {
      this.#filter.apply(rgba, 4 * row * this.region.width, this.#row);
      this.#addRow(this.#nextRow++);
    }
  }

  /**
   * Add the reduced row to all output rows whose span holds it. Spans begin and end in order, so
   * the rows that are done are never looked at again.
   *
   * @param {number} y row of the photo
   */
  #addRow(y) {
    const { starts, ends, weights, stride } = this.#spans;
    const { count, before } = this.#rows;
    const row = this.#row;
    const length = row.length;
    while (this.#active < count && ends[this.#active] <= y) this.#active++;
    for (let i = this.#active; i < count && starts[i] <= y; i++) {
      if (y >= ends[i]) continue;
      const weight = weights[i * stride + y - starts[i]];
      const out = this.pixels;
      const base = 3 * ((i + before) * this.#columns.size + this.#columns.before);
      for (let k = 0; k < length; k++) out[base + k] += weight * row[k];
    }
  }
}
