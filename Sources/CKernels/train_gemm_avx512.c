// The bf16 tile of training products: one vdpbf16ps for 16 columns and a pair of the depth.
#include "train.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(ANNIE_TARGET_AVX512, apply_to = function)

ANNIE_INLINE __mmask16 lanes_of(long columns) {
    return columns >= 16 ? (__mmask16)0xFFFF : columns <= 0 ? 0 : (__mmask16)((1u << columns) - 1);
}

ANNIE_INLINE void multiply_rows(const train_tile *tile, const int rows, const int width) {
    __m512 sums[most_tile_rows][4];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (int w = 0; w < width; w++) sums[r][w] = _mm512_setzero_ps();
    const char *right = tile->right, *left = tile->left;
    const long stride = tile->left_stride;
    for (long u = tile->units; u > 0; u--, right += panel_unit_bytes, left += 4) {
        __m512bh b[4];
#pragma clang loop unroll(full)
        for (int w = 0; w < width; w++) b[w] = (__m512bh)_mm512_loadu_si512(right + w * 64);
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++) {
            __m512i two = _mm512_set1_epi32(*(const int32_t *)(left + r * stride));
            __asm__("" : "+v"(two));  // read once, not once a column
#pragma clang loop unroll(full)
            for (int w = 0; w < width; w++) sums[r][w] = _mm512_dpbf16_ps(sums[r][w], b[w], (__m512bh)two);
        }
    }
    __m512 alpha = _mm512_set1_ps(tile->alpha);
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (int w = 0; w < width; w++) {
            __mmask16 mask = lanes_of(tile->columns - w * 16);
            float *out = tile->out + r * tile->ldo + w * 16;
            __m512 sum = _mm512_mul_ps(sums[r][w], alpha);
            if (tile->addend)
                sum = _mm512_add_ps(sum, _mm512_maskz_loadu_ps(mask, tile->addend + r * tile->lda + w * 16));
            _mm512_mask_storeu_ps(out, mask, sum);
        }
}

ANNIE_INLINE void multiply_width(const train_tile *tile, const int width) {
    switch (tile->rows) {
    case 1: multiply_rows(tile, 1, width); break;
    case 2: multiply_rows(tile, 2, width); break;
    case 3: multiply_rows(tile, 3, width); break;
    case 4: multiply_rows(tile, 4, width); break;
    case 5: multiply_rows(tile, 5, width); break;
    default: multiply_rows(tile, 6, width); break;
    }
}

// Only vectors that have columns are multiplied: products with a low rank are narrow.
void train_tile_bf16_avx512(const train_tile *tile) {
    switch (divided_up(tile->columns, 16)) {
    case 1: multiply_width(tile, 1); break;
    case 2: multiply_width(tile, 2); break;
    case 3: multiply_width(tile, 3); break;
    default: multiply_width(tile, 4); break;
    }
}

#pragma clang attribute pop
#endif
