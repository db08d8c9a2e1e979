// Fake quantisation of sixteen blocks at once: what a block needs once (its largest magnitude, its scale, its error) is
// computed for sixteen blocks in one vector. The same bits as encoding a block and reading it back (nvfp4_body.h), whose
// operations these are, one for one.
#ifndef ANNIE_TRAIN_NVFP4_GROUP_H
#define ANNIE_TRAIN_NVFP4_GROUP_H

#include "nvfp4_body.h"

enum { group_blocks = 16, group_values = group_blocks * 16 };

// Sixteen vectors to one: lane i is vector i reduced, halves first, in the order of f32x16_sum.
#define ANNIE_REDUCE(name, combine)                                                                                    \
    ANNIE_INLINE f32x16 name(const f32x16 *v) {                                                                        \
        f32x16 a[8], b[4], c[2];                                                                                       \
        for (int i = 0; i < 8; i++) {                                                                                  \
            f32x16 low = __builtin_shufflevector(v[2 * i], v[2 * i + 1], 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20,   \
                                                 21, 22, 23);                                                          \
            f32x16 high = __builtin_shufflevector(v[2 * i], v[2 * i + 1], 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26,    \
                                                  27, 28, 29, 30, 31);                                                 \
            a[i] = combine(low, high);                                                                                 \
        }                                                                                                              \
        for (int i = 0; i < 4; i++) {                                                                                  \
            f32x16 low = __builtin_shufflevector(a[2 * i], a[2 * i + 1], 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, \
                                                 25, 26, 27);                                                          \
            f32x16 high = __builtin_shufflevector(a[2 * i], a[2 * i + 1], 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23,  \
                                                  28, 29, 30, 31);                                                     \
            b[i] = combine(low, high);                                                                                 \
        }                                                                                                              \
        for (int i = 0; i < 2; i++) {                                                                                  \
            f32x16 low = __builtin_shufflevector(b[2 * i], b[2 * i + 1], 0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21, 24, \
                                                 25, 28, 29);                                                          \
            f32x16 high = __builtin_shufflevector(b[2 * i], b[2 * i + 1], 2, 3, 6, 7, 10, 11, 14, 15, 18, 19, 22, 23,  \
                                                  26, 27, 30, 31);                                                     \
            c[i] = combine(low, high);                                                                                 \
        }                                                                                                              \
        f32x16 low = __builtin_shufflevector(c[0], c[1], 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);   \
        f32x16 high = __builtin_shufflevector(c[0], c[1], 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);  \
        return combine(low, high);                                                                                     \
    }

#define ANNIE_SUM(a, b) ((a) + (b))
#define ANNIE_LARGER(a, b) ((a) > (b) ? (a) : (b))
ANNIE_REDUCE(sums_of_sixteen, ANNIE_SUM)
ANNIE_REDUCE(largest_of_sixteen, ANNIE_LARGER)

ANNIE_INLINE f32x16 magnitudes(f32x16 v) { return f32x16_from_bits(f32x16_bits(v) & 0x7FFFFFFFu); }

ANNIE_INLINE f32x16 smaller(f32x16 v, float limit) { return v < (f32x16)limit ? v : (f32x16)limit; }

// v to a multiple of a step that doubles with v's exponent, to nearest even: 2^-down times the power of two below v, but
// no less than for `least`. Adding a number in whose last place the step stands rounds there.
ANNIE_INLINE f32x16 rounded_to_steps(f32x16 v, float least, const int down) {
#pragma STDC FP_CONTRACT OFF
    u32x16 power = f32x16_bits(v) & 0x7F800000u, lowest = (u32x16)bits_from_f32(least);
    power = power > lowest ? power : lowest;
    f32x16 shift = f32x16_from_bits(power + ((uint32_t)(23 - down) << 23));
    return (v + shift) - shift;
}

// nvfp4_scale and back, for finite magnitudes.
ANNIE_INLINE f32x16 group_scales(f32x16 amax, float divisor) {
    f32x16 scale = amax / divisor;
    scale = scale == 0.0f ? (f32x16)1.0f : scale;
    scale = scale < 0x1p-9f ? (f32x16)0x1p-9f : scale;
    return smaller(rounded_to_steps(smaller(scale, 448.0f), 0x1p-6f, 3), 448.0f);
}

// What the code of v stands for, without its sign.
ANNIE_INLINE f32x16 e2m1_rounded(f32x16 v) { return rounded_to_steps(smaller(magnitudes(v), 6.0f), 1.0f, 1); }

ANNIE_INLINE f32x16 with_sign_of(f32x16 magnitude, f32x16 v) {
    return f32x16_from_bits(f32x16_bits(magnitude) | (f32x16_bits(v) & 0x80000000u));
}

// Each block's squared error with these scales, and its rounded magnitudes.
ANNIE_INLINE f32x16 group_errors(const f32x16 *w, f32x16 scales, float tensor_scale, f32x16 *rounded) {
#pragma STDC FP_CONTRACT OFF
    f32x16 steps = scales * tensor_scale, squares[group_blocks];
    for (int i = 0; i < group_blocks; i++) {
        f32x16 step = (f32x16)steps[i];
        rounded[i] = e2m1_rounded(w[i] / step);
        f32x16 difference = w[i] - with_sign_of(rounded[i], w[i]) * step;
        squares[i] = difference * difference;
    }
    return sums_of_sixteen(squares);
}

// Values in units of the tensor's scale; false where a magnitude is not finite or a step could be nothing, which is for
// the block's own way.
ANNIE_INLINE bool fake_quantize_group(f32x16 *values, const f32x16 *w, float tensor_scale, annie_nvfp4_method method) {
    if (!(tensor_scale >= 0x1p-100f)) return false;
    f32x16 large[group_blocks];
    for (int i = 0; i < group_blocks; i++) large[i] = magnitudes(w[i]);
    // A NaN's magnitude is the largest as an integer, and must not be lost.
    u32x16 bits = f32x16_bits(large[0]);
    for (int i = 1; i < group_blocks; i++) {
        u32x16 other = f32x16_bits(large[i]);
        bits = bits > other ? bits : other;
    }
    if (__builtin_reduce_max(bits) >= 0x7F800000u) return false;
    f32x16 amax = largest_of_sixteen(large), scales = group_scales(amax, 6.0f * tensor_scale);
    if (method == ANNIE_NVFP4_MAX) {
        f32x16 steps = scales * tensor_scale;
        for (int i = 0; i < group_blocks; i++)
            values[i] = with_sign_of(e2m1_rounded(w[i] / (f32x16)steps[i]), w[i]) * (f32x16)scales[i] + 0.0f;
        return true;
    }
    f32x16 six[group_blocks], four[group_blocks], wider = group_scales(amax, 4.0f * tensor_scale);
    f32x16 error = group_errors(w, scales, tensor_scale, six);
    i32x16 takes_four = group_errors(w, wider, tensor_scale, four) < error;
    scales = takes_four ? wider : scales;
    for (int i = 0; i < group_blocks; i++) {
        f32x16 magnitude = (i32x16)takes_four[i] ? four[i] : six[i];
        values[i] = with_sign_of(magnitude, w[i]) * (f32x16)scales[i] + 0.0f;
    }
    return true;
}

#endif
