// Pools, reductions and softmax. See steps.h for the layouts.
#include "functions.h"

// Small rather than fast: little time is spent here.
#pragma clang attribute push(__attribute__((minsize)), apply_to = function)

/** The window of an output pixel that lies inside: rows and columns of the input. */
INLINE vector window(const pool *p, const float *from, share rows, share columns) {
  const int is_max = p->reduction == MAX;
  vector found = splat(is_max ? -__builtin_inff() : 0);
  for (int y = rows.begin; y < rows.end; y++) {
    for (int x = columns.begin; x < columns.end; x++) {
      vector value = load(from + (y * p->input_width + x) * p->input_stride);
      found = is_max ? most(found, value) : add(found, value);
    }
  }
  const int count = (rows.end - rows.begin) * (columns.end - columns.begin);
  return is_max ? found : quotient(found, splat((float)count));
}

INLINE share clipped(int begin, int size, int limit) {
  return (share){larger(begin, 0), smaller(begin + size, limit)};
}

void pool_windows(const pool *p, int part, int parts) {
  const share mine = share_of(p->output_height, part, parts);
  for (int y = mine.begin; y < mine.end; y++) {
    const share rows = clipped(y * p->stride_y - p->top, p->kernel_height, p->input_height);
    for (int x = 0; x < p->output_width; x++) {
      const share columns = clipped(x * p->stride_x - p->left, p->kernel_width, p->input_width);
      float *output = p->output + (y * p->output_width + x) * p->output_stride;
      for (int c = 0; c < p->channels; c += LANES) store(output + c, window(p, p->input + c, rows, columns));
    }
  }
}

void reduce_all_pixels(const reduce_pixels *r, int part, int parts) {
  const share mine = share_of((r->channels + LANES - 1) / LANES, part, parts);
  const int is_max = r->reduction == MAX;
  for (int c = mine.begin * LANES; c < mine.end * LANES; c += LANES) {
    // Two sums: each addition waits for the one before it, and rounds a shorter sum.
    vector first = load(r->input + c), second = splat(is_max ? -__builtin_inff() : 0);
    const float *at = r->input + c + r->input_stride;
    int left = r->pixels - 1;
    for (; left >= 2; left -= 2, at += 2 * r->input_stride) {
      vector x = load(at), y = load(at + r->input_stride);
      second = is_max ? most(second, x) : add(second, x);
      first = is_max ? most(first, y) : add(first, y);
    }
    if (left) second = is_max ? most(second, load(at)) : add(second, load(at));
    vector found = is_max ? most(first, second) : add(first, second);
    store(r->output + c, r->reduction == MEAN ? quotient(found, splat((float)r->pixels)) : found);
  }
}

INLINE float greatest(const float *x, int count) {
  float found = x[0];
  for (int i = 1; i < count; i++) found = x[i] > found ? x[i] : found;
  return found;
}

/** By fours, then what is left. */
static float sum_of(const float *x, int count) {
  vector sums = splat(0);
  int i = 0;
  for (; i + LANES <= count; i += LANES) sums = add(sums, load(x + i));
  float sum = lane_sum(sums);
  for (; i < count; i++) sum += x[i];
  return sum;
}

void reduce_all_channels(const reduce_channels *r, int part, int parts) {
  const share mine = share_of(r->pixels, part, parts);
  for (int p = mine.begin; p < mine.end; p++) {
    const float *x = r->input + p * r->input_stride;
    float found = r->reduction == MAX ? greatest(x, r->channels) : sum_of(x, r->channels);
    r->output[p * r->output_step] = r->reduction == MEAN ? found / (float)r->channels : found;
  }
}

/** x → exp(x - max) / Σ exp(x - max), so that no exponential is infinite. */
void soften(const softmax *s, int part, int parts) {
  const share mine = share_of(s->pixels, part, parts);
  for (int p = mine.begin; p < mine.end; p++) {
    const float *x = s->input + p * s->input_stride;
    float *y = s->output + p * s->output_stride;
    vector top = splat(greatest(x, s->channels));
    for (int c = 0; c < s->channels; c += LANES) store(y + c, exponential(sub(load(x + c), top)));
    vector total = splat(sum_of(y, s->channels));
    for (int c = 0; c < s->channels; c += LANES) store(y + c, quotient(load(y + c), total));
  }
}

#pragma clang attribute pop
