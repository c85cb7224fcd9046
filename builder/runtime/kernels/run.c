// The module's only entry point.
#include "steps.h"

void convolve(const convolution *, int part, int parts);
void convolve_depthwise(const depthwise *, int part, int parts);
void pool_windows(const pool *, int part, int parts);
void map_pixels(const map *, int part, int parts);
void combine_pixels(const combine *, int part, int parts);
void combine_any_shapes(const combine_any *, int part, int parts);
void reduce_all_pixels(const reduce_pixels *, int part, int parts);
void reduce_all_channels(const reduce_channels *, int part, int parts);
void reduce_any_axes(const reduce_any *, int part, int parts);
void soften(const softmax *, int part, int parts);
void copy_block(const copy *, int part, int parts);
void fill_floats(const fill *, int part, int parts);

static void carry_out(const step *s, int part, int parts) {
  switch ((enum kernel)s->kernel) {
  case CONVOLUTION: return convolve((const convolution *)s, part, parts);
  case DEPTHWISE: return convolve_depthwise((const depthwise *)s, part, parts);
  case POOL: return pool_windows((const pool *)s, part, parts);
  case MAP: return map_pixels((const map *)s, part, parts);
  case COMBINE: return combine_pixels((const combine *)s, part, parts);
  case COMBINE_ANY: return combine_any_shapes((const combine_any *)s, part, parts);
  case REDUCE_PIXELS: return reduce_all_pixels((const reduce_pixels *)s, part, parts);
  case REDUCE_CHANNELS: return reduce_all_channels((const reduce_channels *)s, part, parts);
  case REDUCE_ANY: return reduce_any_axes((const reduce_any *)s, part, parts);
  case SOFTMAX: return soften((const softmax *)s, part, parts);
  case COPY: return copy_block((const copy *)s, part, parts);
  case FILL: return fill_floats((const fill *)s, part, parts);
  }
}

/** Carry out the steps from `at` to before `end`. */
__attribute__((export_name("run"))) void run(const int *at, const int *end) {
  for (; at < end; at += ((const step *)at)->words) carry_out((const step *)at, 0, 1);
}
