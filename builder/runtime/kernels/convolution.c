// Convolutions and dense layers: the product of gathered rows with packed weights. See steps.h for the layouts.
#include "functions.h"

// V8 has 15 vector registers on x64. A tile of rows × 8 takes rows · 2 for its sums, two for the weights and
// one for the input; with product and sum apart one more passes between them.
#ifdef __wasm_relaxed_simd__
enum { ROWS = 6 };
#else
enum { ROWS = 4 };
#endif
enum { BLOCK = 2 * LANES, DENSE_BLOCKS = 4 };

/** Where a tile's output goes, and what becomes of it. */
typedef struct {
  float *output;
  const float *residual;
  int output_stride, residual_stride;
  float lowest, highest;
  int halves; // 1 where the block has no more than four channels
} target;

/** Add one input channel times its weights to the sums of all rows. */
INLINE void accumulate(int rows, vector sums[][2], const float *rows_at[], const float *weights) {
  vector first = load(weights), second = load(weights + LANES);
  UNROLLED for (int r = 0; r < rows; r++) {
    vector x = wasm_v128_load32_splat(rows_at[r]++);
    sums[r][0] = madd(x, first, sums[r][0]);
    sums[r][1] = madd(x, second, sums[r][1]);
  }
}

/** One tile: `rows` output pixels, eight channels. `table` has ROWS addresses for each tap. */
INLINE void tile(int rows, const float *const *table, int taps, int depth, const float *weights, const target *to) {
  vector sums[ROWS][2];
  vector first = load(weights), second = load(weights + LANES);
  UNROLLED for (int r = 0; r < rows; r++) sums[r][0] = first, sums[r][1] = second;
  weights += BLOCK;
  ROLLED for (; taps > 0; taps--, table += ROWS) {
    const float *rows_at[ROWS];
    UNROLLED for (int r = 0; r < rows; r++) rows_at[r] = table[r];
    ROLLED for (int k = depth; k > 0; k--, weights += BLOCK) accumulate(rows, sums, rows_at, weights);
  }
  const vector lowest = splat(to->lowest), highest = splat(to->highest);
  UNROLLED for (int half = 0; half < 2; half++) {
    if (half == to->halves) return;
    UNROLLED for (int r = 0; r < rows; r++) {
      vector x = sums[r][half];
      if (to->residual) x = add(x, load(to->residual + r * to->residual_stride + half * LANES));
      store(to->output + r * to->output_stride + half * LANES, clamp(x, lowest, highest));
    }
  }
}

static void tile_of(int rows, const float *const *table, int taps, int depth, const float *weights, const target *to) {
  switch (rows) {
  case 1: return tile(1, table, taps, depth, weights, to);
  case 2: return tile(2, table, taps, depth, weights, to);
  case 3: return tile(3, table, taps, depth, weights, to);
#ifdef __wasm_relaxed_simd__
  case 4: return tile(4, table, taps, depth, weights, to);
  case 5: return tile(5, table, taps, depth, weights, to);
#endif
  default: return tile(ROWS, table, taps, depth, weights, to);
  }
}

/**
 * One pixel, all channels: four blocks at a time, because each sum waits for the one before it, and eight sums
 * side by side hide that.
 */
static void single(const float *input, int depth, const float *weights, int blocks, float *output, vector lowest,
                   vector highest) {
  const int size = BLOCK * (1 + depth);
  ROLLED for (; blocks >= DENSE_BLOCKS; blocks -= DENSE_BLOCKS) {
    vector sums[2 * DENSE_BLOCKS];
    UNROLLED for (int i = 0; i < 2 * DENSE_BLOCKS; i++) sums[i] = load(weights + i / 2 * size + i % 2 * LANES);
    const float *at = weights + BLOCK;
    ROLLED for (int k = 0; k < depth; k++, at += BLOCK) {
      vector x = wasm_v128_load32_splat(input + k);
      UNROLLED for (int i = 0; i < 2 * DENSE_BLOCKS; i++)
        sums[i] = madd(x, load(at + i / 2 * size + i % 2 * LANES), sums[i]);
    }
    UNROLLED for (int i = 0; i < 2 * DENSE_BLOCKS; i++) store(output + i * LANES, clamp(sums[i], lowest, highest));
    weights += DENSE_BLOCKS * size;
    output += DENSE_BLOCKS * BLOCK;
  }
}

/** Write the addresses that one output pixel's window has in the input, and those beyond it. */
static void gather_clipped(const convolution *c, int row, int column, const float **at) {
  for (int i = 0; i < c->kernel_height; i++, row += c->dilation_y) {
    for (int j = 0, x = column; j < c->kernel_width; j++, x += c->dilation_x, at += ROWS) {
      int inside = (unsigned)row < (unsigned)c->input_height && (unsigned)x < (unsigned)c->input_width;
      *at = inside ? c->input + (row * c->input_width + x) * c->input_stride : c->beyond;
    }
  }
}

/** Write the addresses of a tile's pixels for each tap. */
static void gather(const convolution *c, int pixel, int rows, const float **table) {
  const int tap = c->dilation_x * c->input_stride, line = c->dilation_y * c->input_width * c->input_stride;
  const int last_row = c->input_height - 1 - (c->kernel_height - 1) * c->dilation_y;
  const int last_column = c->input_width - 1 - (c->kernel_width - 1) * c->dilation_x;
  if (c->kernel_height * c->kernel_width == 1 && c->stride_x == 1 && c->output_width == c->input_width &&
      c->output_height == c->input_height) {
    ROLLED for (int r = 0; r < rows; r++) table[r] = c->input + (pixel + r) * c->input_stride;
    return;
  }
  int y = pixel / c->output_width, x = pixel - y * c->output_width;
  ROLLED for (int r = 0; r < rows; r++) {
    const int row = y * c->stride_y - c->top, column = x * c->stride_x - c->left;
    const float **at = table + r;
    if (row >= 0 && row <= last_row && column >= 0 && column <= last_column) {
      const float *from = c->input + (row * c->input_width + column) * c->input_stride;
      ROLLED for (int i = c->kernel_height; i > 0; i--, from += line) {
        const float *address = from;
        ROLLED for (int j = c->kernel_width; j > 0; j--, address += tap, at += ROWS) *at = address;
      }
    } else {
      gather_clipped(c, row, column, at);
    }
    if (++x == c->output_width) x = 0, y++;
  }
}

/** How pixels are shared out among tiles, evenly: 49 are five and six each, and none is alone. */
typedef struct {
  int size, longer; // the first `longer` tiles have one pixel more
} division;

INLINE share pixels_of(division d, int tile) {
  const int begin = tile * d.size + smaller(tile, d.longer);
  return (share){begin, begin + d.size + (tile < d.longer)};
}

/** Multiply some of the tiles, `panel` at a time, with some blocks of weights. */
static void multiply(const convolution *c, share tiles, division d, share blocks, const float **table) {
  const int taps = c->kernel_height * c->kernel_width;
  const int size = BLOCK * (1 + taps * c->depth);
  const int is_clamp = c->activation.function == CLAMP;
  target to = {
      .output_stride = c->output_stride,
      .residual_stride = c->residual_stride,
      .lowest = is_clamp ? c->activation.lowest : -__builtin_inff(),
      .highest = is_clamp ? c->activation.highest : __builtin_inff(),
  };
  for (int first = tiles.begin; first < tiles.end; first += c->panel) {
    const int last = smaller(first + c->panel, tiles.end);
    for (int t = first; t < last; t++) {
      const share pixels = pixels_of(d, t);
      gather(c, pixels.begin, pixels.end - pixels.begin, table + (t - first) * taps * ROWS);
    }
    for (int block = blocks.begin; block < blocks.end; block++) {
      const int channel = block * BLOCK;
      to.halves = c->channels - channel > LANES ? 2 : 1;
      for (int t = first; t < last; t++) {
        const share pixels = pixels_of(d, t);
        to.output = c->output + pixels.begin * c->output_stride + channel;
        to.residual = c->residual ? c->residual + pixels.begin * c->residual_stride + channel : NULL;
        tile_of(pixels.end - pixels.begin, table + (t - first) * taps * ROWS, taps, c->depth,
                c->weights + block * size, &to);
      }
    }
    if (!is_clamp) {
      const int begin = pixels_of(d, first).begin, end = pixels_of(d, last).begin;
      const int channel = blocks.begin * BLOCK;
      activate(c->output + begin * c->output_stride + channel, end - begin, c->output_stride,
               smaller(blocks.end * BLOCK, c->channels) - channel, &c->activation);
    }
  }
}

void convolve(const convolution *c, int part, int parts) {
  const int pixels = c->output_height * c->output_width, taps = c->kernel_height * c->kernel_width;
  const int tiles = (pixels + ROWS - 1) / ROWS, blocks = (c->channels + BLOCK - 1) / BLOCK;
  const division d = {pixels / tiles, pixels % tiles};
  const float **table = c->table + part * c->panel * taps * ROWS;
  if (tiles >= 4 * parts) return multiply(c, share_of(tiles, part, parts), d, (share){0, blocks}, table);
  share mine = share_of(blocks, part, parts);
  if (pixels == 1 && taps == 1 && !c->residual && c->activation.function == CLAMP) {
    // The last block may have fewer than eight channels, and is left to a tile.
    const int whole = smaller(mine.end, c->channels / BLOCK) - mine.begin;
    const int some = whole / DENSE_BLOCKS * DENSE_BLOCKS;
    single(c->input, c->depth, c->weights + mine.begin * BLOCK * (1 + c->depth), some,
           c->output + mine.begin * BLOCK, splat(c->activation.lowest), splat(c->activation.highest));
    mine.begin += some;
  }
  multiply(c, (share){0, tiles}, d, mine, table);
}
