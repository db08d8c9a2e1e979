// Rows of f32 to bf16 pairs, laid out for the AVX-512 kernels: [pair][row of the block][2].
#include "linear_avx512.h"

#if defined(__x86_64__)
#include <immintrin.h>

// NVFP4 weights are unpacked two columns at a time, in the order the nibbles of a vector give
// (linear_nvfp4_bf16_avx512.c).
static const uint16_t nvfp4_order[16] = {0, 2, 4, 6, 1, 3, 5, 7, 8, 10, 12, 14, 9, 11, 13, 15};

ANNIE_TARGET_AVX512 void convert_bf16_avx512(void *block, long r, long rows, const float *x, long columns,
                                             bool for_nvfp4) {
    const __m256i order = _mm256_loadu_si256((const __m256i *)nvfp4_order);
    uint32_t *out = (uint32_t *)block + r;
    for (long first = 0; first < groups_of(columns) * group_columns; first += 16, out += 8 * rows) {
        long left = x == NULL ? 0 : columns - first;
        __mmask16 present = left >= 16 ? 0xFFFF : left > 0 ? (__mmask16)((1u << left) - 1) : 0;
        __m512 v = present != 0 ? _mm512_maskz_loadu_ps(present, x + first) : _mm512_setzero_ps();
        __m256i pairs = (__m256i)_mm512_cvtneps_pbh(v);
        if (for_nvfp4) pairs = _mm256_permutexvar_epi16(order, pairs);
        uint32_t dwords[8];
        _mm256_storeu_si256((__m256i *)dwords, pairs);
        for (int p = 0; p < 8; p++) out[p * rows] = dwords[p];
    }
}
#endif
