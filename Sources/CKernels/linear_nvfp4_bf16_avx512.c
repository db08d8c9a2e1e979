// NVFP4 weights, bf16 input: e2m1 values are exact in bf16, so a block of 16 columns is summed unscaled and then
// multiplied with its e4m3 scale.
//
// A word of a vector holds four nibbles of a row. Looked up as they are, shifted by 4, 8 and 12, they give the columns
// (0,2), (4,6), (1,3), (5,7) of eight; the input is laid out in that order.
#include "linear_avx512.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(ANNIE_TARGET_AVX512, apply_to = function)

enum {
    pairs_per_block = 8,
    panel_groups = 8,
    panel_block_bytes = (pairs_per_block + 1) * 64,
    panel_group_bytes = 4 * panel_block_bytes,
    prefetch_distance = 9 * 1024
};

ANNIE_INLINE __m512i value_table(void) {
    const __m256i sixteen = _mm256_setr_epi16(0, 0x3F00, 0x3F80, 0x3FC0, 0x4000, 0x4040, 0x4080, 0x40C0,  //
                                              (short)0x8000, (short)0xBF00, (short)0xBF80, (short)0xBFC0,
                                              (short)0xC000, (short)0xC040, (short)0xC080, (short)0xC0C0);
    return _mm512_broadcast_i64x4(sixteen);
}

ANNIE_INLINE void expand_block(__m512i pairs[pairs_per_block], const char *block, __m512i table) {
#pragma clang loop unroll(full)
    for (int j = 0; j < 2; j++) {
        __m512i nibbles = _mm512_loadu_si512(block + j * 64);
        pairs[j * 4] = _mm512_permutexvar_epi16(nibbles, table);
        pairs[j * 4 + 1] = _mm512_permutexvar_epi16(_mm512_srli_epi16(nibbles, 4), table);
        pairs[j * 4 + 2] = _mm512_permutexvar_epi16(_mm512_srli_epi16(nibbles, 8), table);
        pairs[j * 4 + 3] = _mm512_permutexvar_epi16(_mm512_srli_epi16(nibbles, 12), table);
    }
}

ANNIE_INLINE __m512 expand_scales(const char *scales) {
    __m512i wide = _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)scales));
    return _mm512_mul_ps(_mm512_castsi512_ps(_mm512_slli_epi32(wide, 20)), _mm512_set1_ps(0x1p120f));
}

// A block of 16 columns against `count` rows; x points to the first of them in the block's first pair.
ANNIE_INLINE void add_block(__m512 sums[rows_per_block][2], __m512i pairs[2][pairs_per_block], const __m512 scales[2],
                            const char *x, const int count, const int rows, const int tiles) {
    __m512 block_sums[rows_per_block][2];
#pragma clang loop unroll(full)
    for (int r = 0; r < count; r++) block_sums[r][0] = block_sums[r][1] = _mm512_setzero_ps();
#pragma clang loop unroll(full)
    for (int p = 0; p < pairs_per_block; p++)
#pragma clang loop unroll(full)
        for (int r = 0; r < count; r++) {
            __m512i two = _mm512_set1_epi32(((const int32_t *)x)[p * rows + r]);
            if (tiles > 1) __asm__("" : "+v"(two));  // read once
#pragma clang loop unroll(full)
            for (int t = 0; t < tiles; t++)
                block_sums[r][t] = _mm512_dpbf16_ps(block_sums[r][t], (__m512bh)pairs[t][p], (__m512bh)two);
        }
#pragma clang loop unroll(full)
    for (int r = 0; r < count; r++)
#pragma clang loop unroll(full)
        for (int t = 0; t < tiles; t++) sums[r][t] = _mm512_fmadd_ps(block_sums[r][t], scales[t], sums[r][t]);
}

// A tile expanded as it streams by, for input of one block.
ANNIE_INLINE void multiply_direct(const linear_job *job, long t, const int rows) {
    const char *tile = (const char *)job->linear->packed + (size_t)t * job->tile_size, *x = block_of(job, 0);
    const __m512i table = value_table();
    __m512 sums[rows_per_block][2];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) sums[r][0] = _mm512_setzero_ps();
    for (long g = groups_of(job->linear->columns); g > 0; g--, tile += nvfp4_group_bytes) {
        for (int line = 0; line < nvfp4_group_bytes; line += 64)
            _mm_prefetch(tile + prefetch_distance + line, _MM_HINT_T0);
#pragma clang loop unroll(disable)
        for (int b = 0; b < 4; b++, x += rows * pairs_per_block * 4) {
            __m512i pairs[2][pairs_per_block];
            __m512 scales[2] = {expand_scales(tile + nvfp4_scales_offset + b * 16)};
            expand_block(pairs[0], tile + b * nvfp4_block_bytes, table);
            add_block(sums, pairs, scales, x, rows, rows, 1);
        }
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) linear_finish(job, t, r, &sums[r][0]);
}

static void expand_panel(char *panel, const char *tile, long groups) {
    const __m512i table = value_table();
    for (long g = 0; g < groups; g++, tile += nvfp4_group_bytes)
        for (int b = 0; b < 4; b++, panel += panel_block_bytes) {
            __m512i pairs[pairs_per_block];
            expand_block(pairs, tile + b * nvfp4_block_bytes, table);
            for (int p = 0; p < pairs_per_block; p++) _mm512_store_si512(panel + p * 64, pairs[p]);
            _mm512_store_ps(panel + pairs_per_block * 64, expand_scales(tile + nvfp4_scales_offset + b * 16));
        }
}

// total[row][tile][16] += groups of a panel against `count` rows of a block.
ANNIE_INLINE void multiply_panel(float *total, const char *panel, const char *x, long groups, const int count,
                                 const int rows, const int tiles) {
    const size_t tile_bytes = (size_t)groups * panel_group_bytes;
    __m512 sums[rows_per_block][2];
#pragma clang loop unroll(full)
    for (int r = 0; r < count; r++)
#pragma clang loop unroll(full)
        for (int t = 0; t < tiles; t++) sums[r][t] = _mm512_load_ps(total + (r * tiles + t) * 16);
    for (long block = 0; block < groups * 4; block++, panel += panel_block_bytes, x += rows * pairs_per_block * 4) {
        __m512i pairs[2][pairs_per_block];
        __m512 scales[2];
#pragma clang loop unroll(full)
        for (int t = 0; t < tiles; t++) {
#pragma clang loop unroll(full)
            for (int p = 0; p < pairs_per_block; p++)
                pairs[t][p] = _mm512_load_si512(panel + (size_t)t * tile_bytes + p * 64);
            scales[t] = _mm512_load_ps(panel + (size_t)t * tile_bytes + pairs_per_block * 64);
        }
        add_block(sums, pairs, scales, x, count, rows, tiles);
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < count; r++)
#pragma clang loop unroll(full)
        for (int t = 0; t < tiles; t++) _mm512_store_ps(total + (r * tiles + t) * 16, sums[r][t]);
}

ANNIE_INLINE void multiply_blocks(const linear_job *job, long t0, long b0, long b1, const int rows, const int tiles) {
    _Alignas(64) char panel[2 * panel_groups * panel_group_bytes];
    _Alignas(64) float total[blocks_at_once][rows_per_block * 2 * 16];
    const int half = (rows + 1) / 2;
    memset(total, 0, (size_t)(b1 - b0) * sizeof total[0]);
    long all_groups = groups_of(job->linear->columns);
    for (long first = 0; first < all_groups; first += panel_groups) {
        long groups = all_groups - first < panel_groups ? all_groups - first : panel_groups;
        for (int t = 0; t < tiles; t++)
            expand_panel(panel + t * groups * panel_group_bytes,
                         (const char *)job->linear->packed + (size_t)(t0 + t) * job->tile_size
                             + first * nvfp4_group_bytes,
                         groups);
        for (long b = b0; b < b1; b++) {
            const char *x = block_of(job, b) + first * bf16_group_row_bytes * rows;
            multiply_panel(total[b - b0], panel, x, groups, half, rows, tiles);
            multiply_panel(total[b - b0] + half * tiles * 16, panel, x + half * 4, groups, rows - half, rows, tiles);
        }
    }
    for (long b = b0; b < b1; b++)
        for (long r = 0; r < rows_of_block(job, b); r++)
            for (int t = 0; t < tiles; t++)
                linear_finish(job, t0 + t, b * rows + r, total[b - b0] + (r * tiles + t) * 16);
}

ANNIE_INLINE void multiply_tiles(const linear_job *job, long t0, long t1, long b0, long b1, const int rows) {
    long t = t0;
    if (job->m <= rows_per_block) {
        for (; t < t1; t++) multiply_direct(job, t, rows);
    } else if (rows >= 5) {  // more than eight rows are never cut into blocks of fewer than five
        for (; t + 2 <= t1; t += 2) multiply_blocks(job, t, b0, b1, rows, 2);
        if (t < t1) multiply_blocks(job, t, b0, b1, rows, 1);
    }
}

void linear_nvfp4_bf16_avx512(const linear_job *job, long t0, long t1, long b0, long b1) {
    ANNIE_FOR_ROWS_IN_BLOCK(multiply_tiles, job, t0, t1, b0, b1)
}

#pragma clang attribute pop
#endif
