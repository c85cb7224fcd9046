// Depthwise convolutions: each channel by itself. See steps.h for the layouts.
#include "functions.h"

enum { COLUMNS = 4 };

/** Some output pixels of one row, side by side, and the part of the kernel that lies inside of the input. */
typedef struct {
  const float *input; // where the first tap of the first pixel lies
  int pixel, tap;     // floats from one output pixel's first tap to the next's, and from tap to tap
  int line, lines;    // floats from one line of taps to the next, and how many lines
  const float *weights;
  int weights_line;  // floats from one line of weights to the next
  int weights_group; // floats from four channels' weights to the next four's
  int weights_first; // floats from their biases to the first tap's weights
  float *output;
  int output_stride, channels;
  vector lowest, highest;
} span;

/** `columns` pixels with `taps` taps a line. */
INLINE void columns_of(int columns, int taps, const span *s) {
  const float *input = s->input, *weights = s->weights;
  float *output = s->output;
  const int pixel = s->pixel, tap = s->tap;
  ROLLED for (int c = s->channels; c > 0; c -= LANES) {
    vector sums[COLUMNS];
    vector bias = load(weights);
    UNROLLED for (int p = 0; p < columns; p++) sums[p] = bias;
    const float *line = input, *at = weights + s->weights_first;
    ROLLED for (int i = s->lines; i > 0; i--, line += s->line, at += s->weights_line) {
      const float *column = line;
      UNROLLED for (int t = 0; t < taps; t++, column += tap) {
        vector weight = load(at + t * LANES);
        const float *x = column;
        UNROLLED for (int p = 0; p < columns; p++, x += pixel) sums[p] = madd(load(x), weight, sums[p]);
      }
    }
    float *to = output;
    UNROLLED for (int p = 0; p < columns; p++, to += s->output_stride)
      store(to, clamp(sums[p], s->lowest, s->highest));
    input += LANES, weights += s->weights_group, output += LANES;
  }
}

/** One pixel with any number of taps a line. */
static void column_of_any(int taps, const span *s) {
  for (int c = 0; c < s->channels; c += LANES) {
    const float *weights = s->weights + c / LANES * s->weights_group;
    vector sum = load(weights);
    for (int i = 0; i < s->lines; i++) {
      const float *x = s->input + c + i * s->line, *at = weights + s->weights_first + i * s->weights_line;
      for (int t = 0; t < taps; t++) sum = madd(load(x + t * s->tap), load(at + t * LANES), sum);
    }
    store(s->output + c, clamp(sum, s->lowest, s->highest));
  }
}

static void one(int taps, const span *s) {
  switch (taps) {
  case 2: return columns_of(1, 2, s);
  case 3: return columns_of(1, 3, s);
  default: return column_of_any(taps, s);
  }
}

static void several(int taps, const span *s) {
  if (taps == 3) return columns_of(COLUMNS, 3, s);
  columns_of(COLUMNS, 5, s);
}

INLINE int rounded_up(int number, int unit) { return (number + unit - 1) / unit; }

/** The taps of a pixel that lie inside: from the first on, `count`. */
typedef struct {
  int first, count;
} inside;

/** `origin`: where the first tap lies; `size`: of the input on this axis. */
INLINE inside taps_inside(int origin, int kernel, int dilation, int size) {
  int first = origin < 0 ? rounded_up(-origin, dilation) : 0;
  int end = origin < size ? smaller(kernel, rounded_up(size - origin, dilation)) : 0;
  return (inside){first, larger(end - first, 0)};
}

void convolve_depthwise(const depthwise *d, int part, int parts) {
  const int is_clamp = d->activation.function == CLAMP;
  const share rows = share_of(d->output_height, part, parts);
  span s = {
      .pixel = d->stride_x * d->input_stride,
      .tap = d->dilation_x * d->input_stride,
      .line = d->dilation_y * d->input_width * d->input_stride,
      .weights = d->weights,
      .weights_line = d->kernel_width * LANES,
      .weights_group = (1 + d->kernel_height * d->kernel_width) * LANES,
      .output_stride = d->output_stride,
      .channels = d->channels,
      .lowest = splat(is_clamp ? d->activation.lowest : -__builtin_inff()),
      .highest = splat(is_clamp ? d->activation.highest : __builtin_inff()),
  };
  const int unrolled = d->kernel_width == 3 || d->kernel_width == 5;
  for (int y = rows.begin; y < rows.end; y++) {
    const int row = y * d->stride_y - d->top;
    const inside lines = taps_inside(row, d->kernel_height, d->dilation_y, d->input_height);
    s.lines = lines.count;
    float *output = d->output + y * d->output_width * d->output_stride;
    for (int x = 0; x < d->output_width;) {
      const int column = x * d->stride_x - d->left;
      const int last = column + (COLUMNS - 1) * d->stride_x + (d->kernel_width - 1) * d->dilation_x;
      const int whole = unrolled && column >= 0 && x + COLUMNS <= d->output_width && last < d->input_width;
      const inside taps = whole ? (inside){0, d->kernel_width}
                                : taps_inside(column, d->kernel_width, d->dilation_x, d->input_width);
      s.input = d->input + ((row + lines.first * d->dilation_y) * d->input_width + column +
                            taps.first * d->dilation_x) *
                               d->input_stride;
      s.weights_first = (1 + lines.first * d->kernel_width + taps.first) * LANES;
      s.output = output + x * d->output_stride;
      if (whole) several(taps.count, &s);
      else one(taps.count, &s);
      x += whole ? COLUMNS : 1;
    }
    if (!is_clamp) activate(output, d->output_width, d->output_stride, d->channels, &d->activation);
  }
}
