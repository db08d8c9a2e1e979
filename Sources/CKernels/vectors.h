// Sixteen lanes in the compiler's own vector type: one source that becomes AVX-512, two AVX2 registers, or four of SSE
// or NEON, by the target attribute of the function it is inlined into.
#ifndef ANNIE_VECTORS_H
#define ANNIE_VECTORS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define ANNIE_INLINE static inline __attribute__((always_inline))

#if defined(__x86_64__)
#define ANNIE_TARGET_AVX2 __attribute__((target("avx2,fma,f16c,bmi,bmi2")))
#define ANNIE_TARGET_AVX512                                                                                            \
    __attribute__((target("avx2,fma,f16c,bmi,bmi2,avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,avx512bf16,"           \
                          "avx512vbmi")))
#endif

#if defined(__x86_64__)
// __builtin_prefetch asks for a copy to read unless a target attribute, which not every compiler takes, says otherwise;
// every processor with AVX-512 has the instruction.
ANNIE_INLINE void prefetch_for_write(const void *p) { __asm__ volatile("prefetchw %0" : : "m"(*(const char *)p)); }
#endif

// These functions are always inlined, so no vector is ever passed by the platform's calling convention.
#pragma clang diagnostic ignored "-Wpsabi"

typedef float f32x16 __attribute__((ext_vector_type(16)));
typedef float f32x8 __attribute__((ext_vector_type(8)));
typedef float f32x4 __attribute__((ext_vector_type(4)));
typedef float f32x2 __attribute__((ext_vector_type(2)));
typedef int32_t i32x16 __attribute__((ext_vector_type(16)));
typedef uint32_t u32x16 __attribute__((ext_vector_type(16)));
typedef uint16_t u16x16 __attribute__((ext_vector_type(16)));
typedef int8_t i8x16 __attribute__((ext_vector_type(16)));
typedef uint8_t u8x16 __attribute__((ext_vector_type(16)));

ANNIE_INLINE f32x16 f32x16_load(const float *p) {
    f32x16 v;
    memcpy(&v, p, sizeof v);
    return v;
}

ANNIE_INLINE void f32x16_store(float *p, f32x16 v) { memcpy(p, &v, sizeof v); }

// The first count (1 ... 15) lanes, zeros behind.
ANNIE_INLINE f32x16 f32x16_load_first(const float *p, long count) {
    float lanes[16] = {0};
    memcpy(lanes, p, (size_t)count * sizeof(float));
    return f32x16_load(lanes);
}

ANNIE_INLINE void f32x16_store_first(float *p, f32x16 v, long count) {
    float lanes[16];
    f32x16_store(lanes, v);
    memcpy(p, lanes, (size_t)count * sizeof(float));
}

ANNIE_INLINE f32x16 f32x16_from_bits(u32x16 bits) {
    f32x16 v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

ANNIE_INLINE u32x16 f32x16_bits(f32x16 v) {
    u32x16 bits;
    memcpy(&bits, &v, sizeof v);
    return bits;
}

ANNIE_INLINE f32x16 f32x16_from_bf16(const uint16_t *p) {
    u16x16 v;
    memcpy(&v, p, sizeof v);
    return f32x16_from_bits(__builtin_convertvector(v, u32x16) << 16);
}

// To bf16's precision and back, to nearest even; NaN stays NaN.
ANNIE_INLINE f32x16 f32x16_rounded_to_bf16(f32x16 v) {
    u32x16 bits = f32x16_bits(v);
    u32x16 rounded = (bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000u;
    u32x16 quiet = (bits | 0x00400000u) & 0xFFFF0000u;
    return f32x16_from_bits((bits & 0x7FFFFFFFu) > 0x7F800000u ? quiet : rounded);
}

// e4m3 bytes to floats, exactly, subnormals too. A NaN byte reads as +-480.
ANNIE_INLINE f32x16 f32x16_from_e4m3(const uint8_t *p) {
    u8x16 bytes;
    memcpy(&bytes, p, sizeof bytes);
    u32x16 wide = __builtin_convertvector(bytes, u32x16);
    return f32x16_from_bits(((wide & 0x7F) << 20) | ((wide & 0x80) << 24)) * 0x1p120f;
}

// By halves: a fixed order, so that a sum does not depend on how it was compiled.
ANNIE_INLINE float f32x16_sum(f32x16 v) {
    f32x8 eight = v.lo + v.hi;
    f32x4 four = eight.lo + eight.hi;
    f32x2 two = four.lo + four.hi;
    return two.lo + two.hi;
}

// NaN lanes lose against numbers when they stand on the left of a comparison only; callers that care test separately.
ANNIE_INLINE float f32x16_maximum(f32x16 v) {
    f32x8 eight = v.lo > v.hi ? v.lo : v.hi;
    f32x4 four = eight.lo > eight.hi ? eight.lo : eight.hi;
    f32x2 two = four.lo > four.hi ? four.lo : four.hi;
    return two.lo > two.hi ? two.lo : two.hi;
}

// exp for arguments clamped to [-87.3, 88.3], relative error below 2e-7; NaN stays NaN.
// Cephes' range reduction and polynomial: e^x = 2^n * e^r, |r| <= ln 2 / 2.
ANNIE_INLINE f32x16 f32x16_exp(f32x16 x) {
    const f32x16 low = (f32x16)-87.3f, high = (f32x16)88.3f, magic = (f32x16)12582912.0f;
    x = x < low ? low : x;
    x = x > high ? high : x;
    f32x16 shifted = x * 1.44269504f + magic;  // adding 1.5 * 2^23 rounds to an integer in the low mantissa bits
    f32x16 n = shifted - magic;
    f32x16 r = n * -0.693359375f + x;
    r = n * 2.12194440e-4f + r;
    f32x16 p = (f32x16)1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * (r * r) + (r + 1.0f);
    u32x16 power = (f32x16_bits(shifted) << 23) + 0x3F800000u;
    return p * f32x16_from_bits(power);
}

// For functions with a target attribute, which cannot pass vectors to those without, inlined or not.
ANNIE_INLINE void exp_in_place(f32x16 *result, const f32x16 *x) { *result = f32x16_exp(*x); }

#endif
