// Kernels that take each number by itself, and those that move numbers. See steps.h for the layouts.
#include "functions.h"

// Small rather than fast: little time is spent here.
#pragma clang attribute push(__attribute__((minsize)), apply_to = function)

void activate(float *pixel, int pixels, int stride, int channels, const activation *a) {
  for (; pixels > 0; pixels--, pixel += stride)
    for (int c = 0; c < channels; c += LANES) store(pixel + c, activated(load(pixel + c), a));
}

void map_pixels(const map *m, int part, int parts) {
  const share mine = share_of(m->pixels, part, parts);
  const vector lowest = splat(m->activation.lowest), highest = splat(m->activation.highest);
  const int is_clamp = m->activation.function == CLAMP;
  for (int p = mine.begin; p < mine.end; p++) {
    const float *x = m->input + p * m->input_stride;
    float *y = m->output + p * m->output_stride;
    for (int c = 0; c < m->channels; c += LANES) {
      vector value = load(x + c);
      if (m->scale) value = mul(value, load(m->scale + c));
      if (m->offset) value = add(value, load(m->offset + c));
      store(y + c, is_clamp ? clamp(value, lowest, highest) : value);
    }
    if (!is_clamp) activate(y, 1, 0, m->channels, &m->activation);
  }
}

INLINE vector combined(vector x, vector y, int how) {
  switch (how) {
  case ADD: return add(x, y);
  case SUBTRACT: return sub(x, y);
  case MULTIPLY: return mul(x, y);
  case DIVIDE: return quotient(x, y);
  case MAXIMUM: return wasm_f32x4_max(x, y);
  case MINIMUM: return wasm_f32x4_min(x, y);
  default: return mul(sub(x, y), sub(x, y));
  }
}

void combine_pixels(const combine *m, int part, int parts) {
  const share mine = share_of(m->pixels, part, parts);
  const vector lowest = splat(m->activation.lowest), highest = splat(m->activation.highest);
  const int is_clamp = m->activation.function == CLAMP;
  for (int p = mine.begin; p < mine.end; p++) {
    const float *x = m->first + p * m->first_stride, *y = m->second + p * m->second_stride;
    float *output = m->output + p * m->output_stride;
    for (int c = 0; c < m->channels; c += LANES) {
      vector value = combined(load(x + c), load(y + c), m->combination);
      store(output + c, is_clamp ? clamp(value, lowest, highest) : value);
    }
    if (!is_clamp) activate(output, 1, 0, m->channels, &m->activation);
  }
}

/** Six nested loops, as a number that is taken apart: how far the i-th element of `sides` lies from the first. */
INLINE int place(int i, const int *sides, const int *steps) {
  int found = 0;
  UNROLLED for (int axis = 5; axis >= 0; axis--) {
    found += i % sides[axis] * steps[axis];
    i /= sides[axis];
  }
  return found;
}

INLINE int product(const int *sides) { return sides[0] * sides[1] * sides[2] * sides[3] * sides[4] * sides[5]; }

void combine_any_shapes(const combine_any *m, int part, int parts) {
  const share mine = share_of(product(m->sides), part, parts);
  for (int i = mine.begin; i < mine.end; i++) {
    vector x = splat(m->first[place(i, m->sides, m->first_steps)]);
    vector y = splat(m->second[place(i, m->sides, m->second_steps)]);
    m->output[place(i, m->sides, m->output_steps)] = wasm_f32x4_extract_lane(combined(x, y, m->combination), 0);
  }
}

void reduce_any_axes(const reduce_any *r, int part, int parts) {
  const share mine = share_of(product(r->kept), part, parts);
  const int count = product(r->reduced);
  for (int i = mine.begin; i < mine.end; i++) {
    const float *from = r->input + place(i, r->kept, r->input_steps);
    float found = from[0];
    for (int k = 1; k < count; k++) {
      float value = from[place(k, r->reduced, r->reduced_steps)];
      found = r->reduction != MAX ? found + value : value > found ? value : found;
    }
    if (r->reduction == MEAN) found /= (float)count;
    r->output[place(i, r->kept, r->output_steps)] = found;
  }
}

/** Copy `count` floats that lie side by side. */
INLINE void copy_line(float *to, const float *from, int count) { __builtin_memcpy(to, from, (size_t)count * 4); }

void copy_block(const copy *b, int part, int parts) {
  int lines[6] = {b->sides[0], b->sides[1], b->sides[2], b->sides[3], b->sides[4], 1};
  const share mine = share_of(product(lines), part, parts);
  const int in = b->input_steps[5], out = b->output_steps[5];
  for (int i = mine.begin; i < mine.end; i++) {
    const float *from = b->input + place(i, lines, b->input_steps);
    float *to = b->output + place(i, lines, b->output_steps);
    if (in == 1 && out == 1) copy_line(to, from, b->sides[5]);
    else
      for (int k = 0; k < b->sides[5]; k++) to[k * out] = from[k * in];
  }
}

void fill_floats(const fill *f, int part, int parts) {
  const share mine = share_of(f->count / LANES, part, parts);
  for (int i = mine.begin; i < mine.end; i++) store(f->output + i * LANES, splat(f->value));
}

#pragma clang attribute pop
