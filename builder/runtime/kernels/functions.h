// Functions of one number, four at a time.
#pragma once
#include "steps.h"

/**
 * exp(x) to 2 units in the last place: 2^n · p(r), x = n · ln 2 + r, |r| ≤ ln 2 / 2. The polynomial is Cephes's
 * expf (Stephen L. Moshier, https://www.netlib.org/cephes/).
 */
INLINE vector exponential(vector x) {
  // Below, 2^n would not be a normal number; above, it would be infinite. NaN passes.
  vector bounded = clamp(x, splat(-87.33f), splat(88.37f));
  vector n = wasm_f32x4_nearest(mul(bounded, splat(1.44269504088896341f)));
  vector r = sub(bounded, mul(n, splat(0.693359375f)));
  r = sub(r, mul(n, splat(-2.12194440e-4f)));
  vector p = splat(1.9875691500e-4f);
  p = madd(p, r, splat(1.3981999507e-3f));
  p = madd(p, r, splat(8.3334519073e-3f));
  p = madd(p, r, splat(4.1665795894e-2f));
  p = madd(p, r, splat(1.6666665459e-1f));
  p = madd(p, r, splat(5.0000001201e-1f));
  p = add(madd(mul(r, r), p, r), splat(1));
  vector power = wasm_i32x4_shl(wasm_i32x4_add(wasm_i32x4_trunc_sat_f32x4(n), wasm_i32x4_splat(127)), 23);
  vector found = mul(p, power);
  found = wasm_v128_bitselect(splat(0), found, wasm_f32x4_lt(x, splat(-87.33f)));
  return wasm_v128_bitselect(splat(__builtin_inff()), found, wasm_f32x4_gt(x, splat(88.7228f)));
}

INLINE vector sigmoid(vector x) { return quotient(splat(1), add(splat(1), exponential(wasm_f32x4_neg(x)))); }

/** Near zero by its odd series, where 1 - 2 / (exp(2x) + 1) would lose digits (Cephes's tanhf). */
INLINE vector hyperbolic_tangent(vector x) {
  vector z = mul(x, x);
  vector p = splat(-5.70498872745e-3f);
  p = madd(p, z, splat(2.06390887954e-2f));
  p = madd(p, z, splat(-5.37397155531e-2f));
  p = madd(p, z, splat(1.33314422036e-1f));
  p = madd(p, z, splat(-3.33332819422e-1f));
  vector near = madd(mul(p, z), x, x);
  vector far = sub(splat(1), quotient(splat(2), add(exponential(add(x, x)), splat(1))));
  return wasm_v128_bitselect(near, far, wasm_f32x4_lt(wasm_f32x4_abs(x), splat(0.625f)));
}

/** exp(x) - 1 for x ≤ 0; near zero by its series. */
INLINE vector exponential_less_one(vector x) {
  vector p = splat(1.f / 5040);
  p = madd(p, x, splat(1.f / 720));
  p = madd(p, x, splat(1.f / 120));
  p = madd(p, x, splat(1.f / 24));
  p = madd(p, x, splat(1.f / 6));
  p = madd(p, x, splat(1.f / 2));
  vector near = madd(mul(p, x), x, x);
  return wasm_v128_bitselect(near, sub(exponential(x), splat(1)), wasm_f32x4_gt(x, splat(-0.5f)));
}

/**
 * erf(x) to 1.5e-7: Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26; near zero, where that
 * loses digits, by its series.
 */
INLINE vector error_function(vector x) {
  vector size = wasm_f32x4_abs(x), z = mul(x, x);
  vector t = quotient(splat(1), madd(splat(0.3275911f), size, splat(1)));
  vector p = splat(1.061405429f);
  p = madd(p, t, splat(-1.453152027f));
  p = madd(p, t, splat(1.421413741f));
  p = madd(p, t, splat(-0.284496736f));
  p = madd(p, t, splat(0.254829592f));
  vector far = sub(splat(1), mul(mul(p, t), exponential(wasm_f32x4_neg(z))));
  vector sign = wasm_v128_and(x, wasm_i32x4_splat(INT32_MIN));
  vector series = splat(-0.0268661706f);
  series = madd(series, z, splat(0.112837917f));
  series = madd(series, z, splat(-0.376126389f));
  series = madd(series, z, splat(1.12837917f));
  return wasm_v128_bitselect(mul(series, x), wasm_v128_or(far, sign), wasm_f32x4_lt(size, splat(0.25f)));
}

INLINE vector below_zero(vector x, vector then) {
  return wasm_v128_bitselect(then, x, wasm_f32x4_lt(x, splat(0)));
}

/** All functions but the clamp. Kernels call it for whole rows: inlined in each of them, it would be large. */
INLINE vector activated(vector x, const activation *a) {
  switch (a->function) {
  case SIGMOID: return sigmoid(x);
  case SWISH: return mul(x, sigmoid(x));
  case GATE: return mul(x, clamp(madd(x, splat(a->slope), splat(a->shift)), splat(a->lowest), splat(a->highest)));
  case ELU: return below_zero(x, mul(splat(a->slope), exponential_less_one(x)));
  case LEAKY: return below_zero(x, mul(splat(a->slope), x));
  case TANH: return hyperbolic_tangent(x);
  case GELU: return mul(mul(x, splat(0.5f)), add(splat(1), error_function(mul(x, splat(0.70710678f)))));
  case ERF: return error_function(x);
  case EXP: return exponential(x);
  case ABS: return wasm_f32x4_abs(x);
  case SQUARE: return mul(x, x);
  case SQRT: return wasm_f32x4_sqrt(x);
  case RSQRT: return quotient(splat(1), wasm_f32x4_sqrt(x));
  case NEGATIVE: return wasm_f32x4_neg(x);
  case RECIPROCAL: return quotient(splat(1), x);
  default: return clamp(x, splat(a->lowest), splat(a->highest));
  }
}

/** Pass the first `channels` numbers, of `pixels` pixels, through a function other than the clamp. */
void activate(float *pixel, int pixels, int stride, int channels, const activation *a);
