// A program is a row of steps, which the planner (builder/runtime/engine/) writes into memory as 32-bit words
// and run() carries out. Each step begins with its kernel's number and its own length in words; its other
// words are the fields below, in this order. tests/js/engine/steps.test.js holds the planner's table against it.
//
// Tensors lie in memory as pixels of `channels` floats each, `stride` floats (a multiple of four) from one pixel to
// the next: [1, H, W, C] has H·W pixels of C channels. Kernels compute whole vectors, so what lies between
// `channels` and `stride` is written but has no meaning.
#pragma once
#include "simd.h"

enum kernel {
  CONVOLUTION,
  DEPTHWISE,
  POOL,
  MAP,
  COMBINE,
  COMBINE_ANY,
  REDUCE_PIXELS,
  REDUCE_CHANNELS,
  REDUCE_ANY,
  SOFTMAX,
  COPY,
  FILL,
};

enum function {
  CLAMP, // to lowest … highest; with infinite ones, nothing
  SIGMOID,
  SWISH, // x · sigmoid(x)
  GATE,  // x · clamp(slope · x + shift, lowest, highest), as the hard swish
  ELU,   // slope · (exp(x) - 1) below zero
  LEAKY, // slope · x below zero
  TANH,
  GELU, // x · (1 + erf(x / √2)) / 2
  ERF,
  EXP,
  ABS,
  SQUARE,
  SQRT,
  RSQRT,
  NEGATIVE,
  RECIPROCAL,
};

enum combination { ADD, SUBTRACT, MULTIPLY, DIVIDE, MAXIMUM, MINIMUM, SQUARED_DIFFERENCE };

enum reduction { SUM, MEAN, MAX };

/** What becomes of each number before it is stored. */
typedef struct {
  int function;
  float lowest, highest, slope, shift;
} activation;

typedef struct {
  int kernel, words;
} step;

/**
 * A convolution as a matrix product whose rows are gathered: each output pixel is, for each tap of the kernel,
 * `depth` floats of the input times a matrix [depth, channels]. Dense layers and pointwise convolutions have one tap.
 *
 * Weights: for each block of eight output channels eight biases, then [taps, depth, 8], with zeros for channels
 * that there aren't.
 */
typedef struct {
  step head;
  const float *input;
  int input_height, input_width, input_stride, depth;
  const float *weights;
  const float *beyond; // `depth` floats: a pixel outside of the input
  float *output;
  int output_height, output_width, output_stride, channels;
  int kernel_height, kernel_width, stride_y, stride_x, dilation_y, dilation_x, top, left;
  const float *residual; // added before the activation, or null
  int residual_stride;
  activation activation;
  const float **table; // room for panel · taps · ROWS addresses, for each thread
  int panel;           // tiles that are multiplied by a block of weights before the next
} convolution;

/** Weights: for each four channels four biases, then [kernel_height, kernel_width, 4]. */
typedef struct {
  step head;
  const float *input;
  int input_height, input_width, input_stride;
  const float *weights;
  float *output;
  int output_height, output_width, output_stride, channels;
  int kernel_height, kernel_width, stride_y, stride_x, dilation_y, dilation_x, top, left;
  activation activation;
} depthwise;

/** The largest number or the mean in windows, without what lies outside of the input. */
typedef struct {
  step head;
  const float *input;
  int input_height, input_width, input_stride;
  float *output;
  int output_height, output_width, output_stride, channels;
  int kernel_height, kernel_width, stride_y, stride_x, top, left;
  int reduction; // MEAN or MAX
} pool;

/** activation(scale · x + offset), a scale and an offset for each channel; null for 1 and 0. */
typedef struct {
  step head;
  const float *input;
  int input_stride;
  float *output;
  int output_stride, pixels, channels;
  const float *scale, *offset;
  activation activation;
} map;

/** activation(first ∘ second); a stride of zero takes the same pixel each time. */
typedef struct {
  step head;
  const float *first, *second;
  int first_stride, second_stride;
  float *output;
  int output_stride, pixels, channels, combination;
  activation activation;
} combine;

/** The same for operands that broadcast in another way: six sides, and how far apart neighbours are, in floats. */
typedef struct {
  step head;
  const float *first, *second;
  float *output;
  int combination;
  int sides[6], first_steps[6], second_steps[6], output_steps[6];
} combine_any;

/** Each channel by itself, over all pixels. */
typedef struct {
  step head;
  const float *input;
  int input_stride, pixels, channels;
  float *output;
  int reduction;
} reduce_pixels;

/** Each pixel by itself, over its channels. */
typedef struct {
  step head;
  const float *input;
  int input_stride, pixels, channels;
  float *output;
  int output_step, reduction;
} reduce_channels;

/** Over `reduced` sides for each of `kept` sides. */
typedef struct {
  step head;
  const float *input;
  float *output;
  int reduction;
  int kept[6], input_steps[6], output_steps[6], reduced[6], reduced_steps[6];
} reduce_any;

/** Each pixel by itself, over its channels. */
typedef struct {
  step head;
  const float *input;
  int input_stride;
  float *output;
  int output_stride, pixels, channels;
} softmax;

/** A block of six sides from one place to another. */
typedef struct {
  step head;
  const float *input;
  float *output;
  int sides[6], input_steps[6], output_steps[6];
} copy;

typedef struct {
  step head;
  float *output;
  int count; // floats, a multiple of four
  float value;
} fill;
