// int8 weights, bf16 input: the integers are exact in bf16, so a group of 64 columns is summed unscaled and then
// multiplied with its scale.
#include "linear_avx512.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(ANNIE_TARGET_AVX512, apply_to = function)

enum { quads_per_group = 16 };

// Byte i of each quad as a float.
ANNIE_INLINE __m512 byte_values(__m512i quad, const int i) {
    __m512i byte = _mm512_and_si512(_mm512_srli_epi32(quad, (unsigned)i * 8), _mm512_set1_epi32(255));
    return _mm512_cvtepi32_ps(_mm512_sub_epi32(byte, _mm512_set1_epi32(128)));
}

// Two columns of a quad as a bf16 pair: their floats end in sixteen zero bits.
ANNIE_INLINE __m512bh pair_values(__m512i quad, const int i) {
    __m512i even = _mm512_srli_epi32(_mm512_castps_si512(byte_values(quad, i)), 16);
    return (__m512bh)_mm512_or_si512(even, _mm512_castps_si512(byte_values(quad, i + 1)));
}

ANNIE_INLINE void multiply(const linear_job *job, long t, long b, const int rows) {
    const char *scales = (const char *)job->linear->packed + (size_t)t * job->tile_size;
    const char *codes = scales + int8_scales_bytes(job->linear->columns), *x = block_of(job, b);
    __m512 sums[rows_per_block];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) sums[r] = _mm512_setzero_ps();
    for (long g = groups_of(job->linear->columns); g > 0; g--, codes += int8_group_bytes, scales += 32) {
        __m512 group_sums[rows_per_block];
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++) group_sums[r] = _mm512_setzero_ps();
        for (int i = 0; i < quads_per_group; i++, x += rows * 8) {
            __m512i quad = _mm512_loadu_si512(codes + i * 64);
            __m512bh first = pair_values(quad, 0), second = pair_values(quad, 2);
#pragma clang loop unroll(full)
            for (int r = 0; r < rows; r++) {
                const int32_t *pairs = (const int32_t *)x + r;
                group_sums[r] = _mm512_dpbf16_ps(group_sums[r], first, (__m512bh)_mm512_set1_epi32(pairs[0]));
                group_sums[r] = _mm512_dpbf16_ps(group_sums[r], second, (__m512bh)_mm512_set1_epi32(pairs[rows]));
            }
        }
        __m256i halves = _mm256_loadu_si256((const __m256i *)scales);
        __m512 w_scales = _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(halves), 16));
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++) sums[r] = _mm512_fmadd_ps(group_sums[r], w_scales, sums[r]);
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
        if (r >= rows_of_block(job, b)) break;
        linear_finish(job, t, b * rows + r, &sums[r]);
    }
}

ANNIE_INLINE void multiply_tiles(const linear_job *job, long t0, long t1, long b0, long b1, const int rows) {
    for (long t = t0; t < t1; t++)
        for (long b = b0; b < b1; b++) multiply(job, t, b, rows);
}

void linear_int8_bf16_avx512(const linear_job *job, long t0, long t1, long b0, long b1) {
    ANNIE_FOR_ROWS_IN_BLOCK(multiply_tiles, job, t0, t1, b0, b1)
}

#pragma clang attribute pop
#endif
