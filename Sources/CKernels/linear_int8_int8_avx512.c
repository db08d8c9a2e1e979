// int8 weights, int8 input: exact integer sums over groups of 64 columns, then the group's two scales. Weights are
// stored with 128 added, which starting the sum at -128 * sum(x) takes away again.
#include "linear_avx512.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(ANNIE_TARGET_AVX512, apply_to = function)

enum { quads_per_group = 16, prefetch_distance = 16 * 1024 };

ANNIE_INLINE __m512 group_scales(const char *scales) {
    __m256i halves = _mm256_loadu_si256((const __m256i *)scales);
    return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(halves), 16));
}

ANNIE_INLINE void multiply(const linear_job *job, long t0, long b, const int rows, const int tiles) {
    const char *scales = (const char *)job->linear->packed + (size_t)t0 * job->tile_size;
    const char *codes = scales + int8_scales_bytes(job->linear->columns), *x = block_of(job, b);
    _Alignas(64) float total[rows_per_block][2][16] = {0};
    for (long g = groups_of(job->linear->columns); g > 0; g--) {
        __m512i integers[rows_per_block][2];
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++) {
            __m512i offset = _mm512_set1_epi32(((const int32_t *)(x + rows * int8_codes_bytes))[r]);
            integers[r][0] = integers[r][1] = offset;
        }
#pragma clang loop unroll_count(2)
        for (int i = 0; i < quads_per_group; i++) {
            __m512i w[2];
#pragma clang loop unroll(full)
            for (int t = 0; t < tiles; t++) {
                w[t] = _mm512_loadu_si512(codes + (size_t)t * job->tile_size + i * 64);
                _mm_prefetch(codes + (size_t)t * job->tile_size + prefetch_distance + i * 64, _MM_HINT_T0);
            }
#pragma clang loop unroll(full)
            for (int r = 0; r < rows; r++) {
                __m512i four = _mm512_set1_epi32(*(const int32_t *)(x + r * int8_codes_bytes + i * 4));
                if (tiles > 1) __asm__("" : "+v"(four));  // read once
#pragma clang loop unroll(full)
                for (int t = 0; t < tiles; t++) integers[r][t] = _mm512_dpbusd_epi32(integers[r][t], w[t], four);
            }
        }
        const float *x_scales = (const float *)(x + rows * (int8_codes_bytes + int8_offsets_bytes));
#pragma clang loop unroll(full)
        for (int t = 0; t < tiles; t++) {
            __m512 w_scales = group_scales(scales + (size_t)t * job->tile_size);
#pragma clang loop unroll(full)
            for (int r = 0; r < rows; r++) {
                __m512 scaled = _mm512_mul_ps(_mm512_cvtepi32_ps(integers[r][t]), w_scales);
                __m512 sum = _mm512_fmadd_ps(scaled, _mm512_set1_ps(x_scales[r]), _mm512_load_ps(total[r][t]));
                _mm512_store_ps(total[r][t], sum);
            }
        }
        codes += int8_group_bytes;
        scales += 32;
        x += rows * int8_row_bytes;
    }
    for (int r = 0; r < rows && r < rows_of_block(job, b); r++)
        for (int t = 0; t < tiles; t++) linear_finish(job, t0 + t, b * rows + r, total[r][t]);
}

ANNIE_INLINE void multiply_tiles(const linear_job *job, long t0, long t1, long b0, long b1, const int rows) {
    const int tiles = rows == 1 ? 1 : 2;
    long t = t0;
    for (; t + tiles <= t1; t += tiles)
        for (long b = b0; b < b1; b++) multiply(job, t, b, rows, tiles);
    for (; t < t1; t++)
        for (long b = b0; b < b1; b++) multiply(job, t, b, rows, 1);
}

void linear_int8_int8_avx512(const linear_job *job, long t0, long t1, long b0, long b1) {
    ANNIE_FOR_ROWS_IN_BLOCK(multiply_tiles, job, t0, t1, b0, b1)
}

#pragma clang attribute pop
#endif
