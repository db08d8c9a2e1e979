// A row of f32 to int8, symmetric, with a scale per 64 columns.
#ifndef ANNIE_CONVERT_INT8_BODY_H
#define ANNIE_CONVERT_INT8_BODY_H

#include "linear.h"

// The largest magnitude's bits: as integers, so that infinities and NaN win, and reach the result through the scale.
ANNIE_INLINE uint32_t largest_magnitude_bits(const f32x16 v[4]) {
    u32x16 largest = (u32x16)0u;
    for (int i = 0; i < 4; i++) {
        u32x16 bits = f32x16_bits(v[i]) & 0x7FFFFFFFu;
        largest = bits > largest ? bits : largest;
    }
    return __builtin_reduce_max(largest);
}

ANNIE_INLINE void quantize_group(int8_t *codes, float *scale, int32_t sums[4], const f32x16 v[4]) {
    uint32_t bits = largest_magnitude_bits(v);
    float amax;
    memcpy(&amax, &bits, sizeof amax);
    *scale = amax / 127.0f;
    // A group with an infinity or NaN becomes zeros, and its scale carries the news. One whose inverse would overflow
    // is as good as zero.
    bool usable = amax >= 0x1p-100f && amax <= 0x1.fffffep127f;
    float inverse = usable ? 127.0f / amax : 0.0f;
    for (int i = 0; i < 4; i++) {
#pragma STDC FP_CONTRACT OFF
        // Adding 1.5 * 2^23 leaves the integer nearest to the value (ties to even) in the low bits.
        u32x16 shifted = f32x16_bits((usable ? v[i] : (f32x16)0.0f) * inverse + 12582912.0f);
        i32x16 integers = __builtin_convertvector(shifted, i32x16) - 0x4B400000;
        i8x16 bytes = __builtin_convertvector(integers, i8x16);
        memcpy(codes + i * 16, &bytes, 16);
        sums[i] = __builtin_reduce_add(integers);
    }
}

ANNIE_INLINE void convert_int8_body(void *block, long r, long rows, const float *x, long columns, bool for_nvfp4) {
    char *group = block;
    for (long first = 0; first < columns; first += group_columns, group += rows * int8_row_bytes) {
        f32x16 v[4];
        for (int i = 0; i < 4; i++) {
            long left = x == NULL ? 0 : columns - first - i * 16;
            v[i] = left >= 16 ? f32x16_load(x + first + i * 16)
                   : left > 0 ? f32x16_load_first(x + first + i * 16, left)
                              : (f32x16)0.0f;
        }
        int32_t sums[4], *offsets = (int32_t *)(group + rows * int8_codes_bytes) + r;
        float *scales = (float *)(group + rows * (int8_codes_bytes + int8_offsets_bytes));
        quantize_group((int8_t *)group + r * int8_codes_bytes, &scales[r], sums, v);
        if (for_nvfp4) {
            for (int i = 0; i < 4; i++) offsets[i * rows] = -12 * sums[i];
        } else {
            offsets[0] = -128 * (sums[0] + sums[1] + sums[2] + sums[3]);
        }
    }
}

#endif
