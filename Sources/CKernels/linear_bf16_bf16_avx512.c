// bf16 weights, bf16 input: one vdpbf16ps a pair of columns, in the order of the columns.
#include "linear_avx512.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(ANNIE_TARGET_AVX512, apply_to = function)

enum { most_tiles = 4, prefetch_distance = 4 * 1024 };

ANNIE_INLINE void multiply(const linear_job *job, long t0, long b, const int rows, const int tiles) {
    const char *tile = (const char *)job->linear->packed + (size_t)t0 * job->tile_size, *x = block_of(job, b);
    __m512 sums[rows_per_block][most_tiles];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (int t = 0; t < tiles; t++) sums[r][t] = _mm512_setzero_ps();
    for (long pair = divided_up(job->linear->columns, 2); pair > 0; pair--, tile += 64, x += rows * 4) {
        __m512bh w[most_tiles];
#pragma clang loop unroll(full)
        for (int t = 0; t < tiles; t++) {
            w[t] = (__m512bh)_mm512_loadu_si512(tile + (size_t)t * job->tile_size);
            _mm_prefetch(tile + (size_t)t * job->tile_size + prefetch_distance, _MM_HINT_T0);
        }
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++) {
            __m512i two = _mm512_set1_epi32(((const int32_t *)x)[r]);
            if (tiles > 1) __asm__("" : "+v"(two));  // read once
#pragma clang loop unroll(full)
            for (int t = 0; t < tiles; t++) sums[r][t] = _mm512_dpbf16_ps(sums[r][t], w[t], (__m512bh)two);
        }
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
        if (r >= rows_of_block(job, b)) break;
#pragma clang loop unroll(full)
        for (int t = 0; t < tiles; t++) linear_finish(job, t0 + t, b * rows + r, &sums[r][t]);
    }
}

// Enough tiles at once that the sums do not wait for each other.
ANNIE_INLINE void multiply_tiles(const linear_job *job, long t0, long t1, long b0, long b1, const int rows) {
    const int tiles = rows <= 4 ? 4 : 2;
    long t = t0;
    for (; t + tiles <= t1; t += tiles)
        for (long b = b0; b < b1; b++) multiply(job, t, b, rows, tiles);
    for (; t < t1; t++)
        for (long b = b0; b < b1; b++) multiply(job, t, b, rows, 1);
}

void linear_bf16_bf16_avx512(const linear_job *job, long t0, long t1, long b0, long b1) {
    ANNIE_FOR_ROWS_IN_BLOCK(multiply_tiles, job, t0, t1, b0, b1)
}

#pragma clang attribute pop
#endif
