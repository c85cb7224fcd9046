// What all kernels share: vectors of four floats, fused multiply-add where the build has it, work shared out
// among threads, and the limits of an activation.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <wasm_simd128.h>

typedef v128_t vector; // four float32
enum { LANES = 4 };

#define INLINE static inline __attribute__((always_inline))
#define UNROLLED _Pragma("clang loop unroll(full)")
// Clang would unroll loops whose bodies already fill V8's registers, and spill.
#define ROLLED _Pragma("clang loop unroll(disable)")

INLINE vector load(const float *from) { return wasm_v128_load(from); }
INLINE void store(float *to, vector x) { wasm_v128_store(to, x); }
INLINE vector splat(float x) { return wasm_f32x4_splat(x); }
INLINE vector add(vector x, vector y) { return wasm_f32x4_add(x, y); }
INLINE vector sub(vector x, vector y) { return wasm_f32x4_sub(x, y); }
INLINE vector mul(vector x, vector y) { return wasm_f32x4_mul(x, y); }
INLINE vector quotient(vector x, vector y) { return wasm_f32x4_div(x, y); }
INLINE vector least(vector x, vector y) { return wasm_f32x4_pmin(x, y); }
INLINE vector most(vector x, vector y) { return wasm_f32x4_pmax(x, y); }
INLINE vector clamp(vector x, vector low, vector high) { return least(most(x, low), high); }

/** x·y + z. */
INLINE vector madd(vector x, vector y, vector z) {
#ifdef __wasm_relaxed_simd__
  return wasm_f32x4_relaxed_madd(x, y, z);
#else
  return add(mul(x, y), z);
#endif
}

INLINE float lane_sum(vector x) {
  return (wasm_f32x4_extract_lane(x, 0) + wasm_f32x4_extract_lane(x, 1)) +
         (wasm_f32x4_extract_lane(x, 2) + wasm_f32x4_extract_lane(x, 3));
}

INLINE int smaller(int x, int y) { return x < y ? x : y; }
INLINE int larger(int x, int y) { return x > y ? x : y; }

/** Units of work, from begin to before end, that one thread does. */
typedef struct {
  int begin, end;
} share;

/** The part-th of `parts` equal shares of `total` units. */
INLINE share share_of(int total, int part, int parts) {
  return (share){total * part / parts, total * (part + 1) / parts};
}
