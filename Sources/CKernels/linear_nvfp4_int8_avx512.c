// NVFP4 weights, int8 input: exact integer sums over blocks of 16 columns, then the block's scales.
//
// Nibbles become bytes weight + 12 (doubled e2m1) by a table look-up whose index takes six bits, so that a table of four
// copies spares the masking. vpdpbusd multiplies them with the input, four columns at a time, and starts from
// -12 * sum(x), which takes the 12 away again.
#include "linear_avx512.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(ANNIE_TARGET_AVX512, apply_to = function)

enum {
    quads_per_block = 4,
    panel_groups = 16,       // of a pair of tiles: 40 KB expanded, near what the first cache holds
    panel_block_bytes = (quads_per_block + 1) * 64,
    panel_group_bytes = 4 * panel_block_bytes,
    prefetch_distance = 9 * 1024
};

ANNIE_INLINE __m512i code_table(void) {
    return _mm512_broadcast_i32x4(_mm_setr_epi8(12, 13, 14, 15, 16, 18, 20, 24, 12, 11, 10, 9, 8, 6, 4, 0));
}

ANNIE_INLINE void expand_block(__m512i quads[quads_per_block], const char *block, __m512i table) {
    __m512i first = _mm512_loadu_si512(block), second = _mm512_loadu_si512(block + 64);
    quads[0] = _mm512_permutexvar_epi8(first, table);
    quads[1] = _mm512_permutexvar_epi8(_mm512_srli_epi16(first, 4), table);
    quads[2] = _mm512_permutexvar_epi8(second, table);
    quads[3] = _mm512_permutexvar_epi8(_mm512_srli_epi16(second, 4), table);
}

// 2^120 moves e4m3's exponent to a float's; half of that undoes the doubling of the codes.
ANNIE_INLINE __m512 expand_scales(const char *scales) {
    __m512i wide = _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)scales));
    return _mm512_mul_ps(_mm512_castsi512_ps(_mm512_slli_epi32(wide, 20)), _mm512_set1_ps(0x1p119f));
}

// A block of weights of `tiles` tiles against rows first ..< first+count of `rows`. x points to the rows' group. Quad by
// quad over all of them, so that neighbouring instructions do not wait for each other.
ANNIE_INLINE void add_rows(__m512 sums[rows_per_block][2], __m512i quads[2][quads_per_block], const __m512 scales[2],
                           const char *x, const int b, const int first, const int count, const int rows,
                           const int tiles) {
    __m512i integers[rows_per_block][2];
#pragma clang loop unroll(full)
    for (int r = 0; r < count; r++) {
        __m512i offset = _mm512_set1_epi32(*(const int32_t *)(x + rows * int8_codes_bytes + (b * rows + first + r) * 4));
#pragma clang loop unroll(full)
        for (int t = 0; t < tiles; t++) integers[r][t] = offset;
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < quads_per_block; i++)
#pragma clang loop unroll(full)
        for (int r = 0; r < count; r++) {
            __m512i four = _mm512_set1_epi32(*(const int32_t *)(x + (first + r) * int8_codes_bytes + b * 16 + i * 4));
            // In a register once, not read again for the second tile.
            if (tiles > 1) __asm__("" : "+v"(four));
#pragma clang loop unroll(full)
            for (int t = 0; t < tiles; t++) integers[r][t] = _mm512_dpbusd_epi32(integers[r][t], quads[t][i], four);
        }
#pragma clang loop unroll(full)
    for (int r = 0; r < count; r++)
#pragma clang loop unroll(full)
        for (int t = 0; t < tiles; t++)
            sums[first + r][t] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(integers[r][t]), scales[t], sums[first + r][t]);
}

ANNIE_INLINE void add_block(__m512 sums[rows_per_block][2], __m512i quads[2][quads_per_block], const __m512 scales[2],
                            const char *x, const int b, const int rows, const int tiles) {
    const int together = rows < 8 ? rows : 4;  // as many as the registers hold
#pragma clang loop unroll(full)
    for (int first = 0; first < rows; first += together)
        add_rows(sums, quads, scales, x, b, first, together, rows, tiles);
}

// total += sums * the rows' scales of the group.
ANNIE_INLINE void add_group_in_registers(__m512 total[rows_per_block][2], __m512 sums[rows_per_block][2], const char *x,
                                         const int rows, const int tiles) {
    const float *x_scales = (const float *)(x + rows * (int8_codes_bytes + int8_offsets_bytes));
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (int t = 0; t < tiles; t++) total[r][t] = _mm512_fmadd_ps(sums[r][t], _mm512_set1_ps(x_scales[r]), total[r][t]);
}

// The same with the totals [row][tile][16] in memory.
ANNIE_INLINE void add_group(float *total, __m512 sums[rows_per_block][2], const char *x, const int rows,
                            const int tiles) {
    const float *x_scales = (const float *)(x + rows * (int8_codes_bytes + int8_offsets_bytes));
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (int t = 0; t < tiles; t++) {
            float *out = total + (r * tiles + t) * 16;
            _mm512_store_ps(out, _mm512_fmadd_ps(sums[r][t], _mm512_set1_ps(x_scales[r]), _mm512_load_ps(out)));
        }
}

// Tiles expanded as they stream by, for input of one block.
ANNIE_INLINE void multiply_direct(const linear_job *job, long t0, const int rows, const int tiles) {
    const char *tile = (const char *)job->linear->packed + (size_t)t0 * job->tile_size;
    const char *x = block_of(job, 0);
    const __m512i table = code_table();
    __m512 total[rows_per_block][2];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) total[r][0] = total[r][1] = _mm512_setzero_ps();
    for (long g = groups_of(job->linear->columns); g > 0; g--) {
        // The hardware's prefetcher stops at every page and lags behind a tile.
#pragma clang loop unroll(full)
        for (int t = 0; t < tiles; t++)
            for (int line = 0; line < nvfp4_group_bytes; line += 64)
                _mm_prefetch(tile + (size_t)t * job->tile_size + prefetch_distance + line, _MM_HINT_T0);
        __m512 sums[rows_per_block][2];
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
            for (int t = 0; t < tiles; t++) sums[r][t] = _mm512_setzero_ps();
#pragma clang loop unroll(disable)
        for (int b = 0; b < 4; b++) {
            __m512i quads[2][quads_per_block];
            __m512 scales[2];
#pragma clang loop unroll(full)
            for (int t = 0; t < tiles; t++) {
                const char *group = tile + (size_t)t * job->tile_size;
                expand_block(quads[t], group + b * nvfp4_block_bytes, table);
                scales[t] = expand_scales(group + nvfp4_scales_offset + b * 16);
            }
            add_block(sums, quads, scales, x, b, rows, tiles);
        }
        add_group_in_registers(total, sums, x, rows, tiles);
        tile += nvfp4_group_bytes;
        x += rows * int8_row_bytes;
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (int t = 0; t < tiles; t++) linear_finish(job, t0 + t, r, &total[r][t]);
}

ANNIE_INLINE void multiply_tiles_direct(const linear_job *job, long t0, long t1, const int rows, const int tiles) {
    long t = t0;
    for (; t + tiles <= t1; t += tiles) multiply_direct(job, t, rows, tiles);
    for (; t < t1; t++) multiply_direct(job, t, rows, 1);
}

// Tiles of a panel lie one after the other; a group in it: for each block of 16 columns its quads and its scales.
static void expand_panel(char *panel, const char *tile, long groups) {
    const __m512i table = code_table();
    for (long g = 0; g < groups; g++, tile += nvfp4_group_bytes)
        for (int b = 0; b < 4; b++, panel += panel_block_bytes) {
            __m512i quads[quads_per_block];
            expand_block(quads, tile + b * nvfp4_block_bytes, table);
#pragma clang loop unroll(full)
            for (int i = 0; i < quads_per_block; i++) _mm512_store_si512(panel + i * 64, quads[i]);
            _mm512_store_ps(panel + quads_per_block * 64, expand_scales(tile + nvfp4_scales_offset + b * 16));
        }
}

// total += groups of a panel against a block of rows. x points to the rows' first group of these.
ANNIE_INLINE void multiply_panel(float *total, const char *panel, const char *x, long groups, const int rows,
                                 const int tiles) {
    const size_t tile_bytes = (size_t)groups * panel_group_bytes;
    for (long g = 0; g < groups; g++) {
        __m512 sums[rows_per_block][2];
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
            for (int t = 0; t < tiles; t++) sums[r][t] = _mm512_setzero_ps();
#pragma clang loop unroll(disable)
        for (int b = 0; b < 4; b++, panel += panel_block_bytes) {
            __m512i quads[2][quads_per_block];
            __m512 scales[2];
#pragma clang loop unroll(full)
            for (int t = 0; t < tiles; t++) {
#pragma clang loop unroll(full)
                for (int i = 0; i < quads_per_block; i++)
                    quads[t][i] = _mm512_load_si512(panel + (size_t)t * tile_bytes + i * 64);
                scales[t] = _mm512_load_ps(panel + (size_t)t * tile_bytes + quads_per_block * 64);
            }
            add_block(sums, quads, scales, x, b, rows, tiles);
        }
        add_group(total, sums, x, rows, tiles);
        x += rows * int8_row_bytes;
    }
}

ANNIE_INLINE void multiply_blocks(const linear_job *job, long t0, long b0, long b1, const int rows, const int tiles) {
    _Alignas(64) char panel[2 * panel_groups * panel_group_bytes];
    _Alignas(64) float total[blocks_at_once][rows_per_block * 2 * 16];
    memset(total, 0, (size_t)(b1 - b0) * sizeof total[0]);
    long all_groups = groups_of(job->linear->columns);
    for (long first = 0; first < all_groups; first += panel_groups) {
        long groups = all_groups - first < panel_groups ? all_groups - first : panel_groups;
#pragma clang loop unroll(full)
        for (int t = 0; t < tiles; t++)
            expand_panel(panel + t * groups * panel_group_bytes,
                         (const char *)job->linear->packed + (size_t)(t0 + t) * job->tile_size
                             + first * nvfp4_group_bytes,
                         groups);
        for (long b = b0; b < b1; b++)
            multiply_panel(total[b - b0], panel, block_of(job, b) + first * rows * int8_row_bytes, groups, rows, tiles);
    }
    for (long b = b0; b < b1; b++)
        for (long r = 0; r < rows_of_block(job, b); r++)
#pragma clang loop unroll(full)
            for (int t = 0; t < tiles; t++)
                linear_finish(job, t0 + t, b * rows + r, total[b - b0] + (r * tiles + t) * 16);
}

ANNIE_INLINE void multiply_tiles_by_panels(const linear_job *job, long t0, long t1, long b0, long b1, const int rows) {
    if (rows < 5) return;  // more than eight rows are never cut into blocks of fewer than five
    long t = t0;
    for (; t + 2 <= t1; t += 2) multiply_blocks(job, t, b0, b1, rows, 2);
    if (t < t1) multiply_blocks(job, t, b0, b1, rows, 1);
}

ANNIE_INLINE void multiply_tiles(const linear_job *job, long t0, long t1, long b0, long b1, const int rows) {
    if (job->m <= rows_per_block)
        multiply_tiles_direct(job, t0, t1, rows, rows == 1 ? 1 : 2);
    else
        multiply_tiles_by_panels(job, t0, t1, b0, b1, rows);
}

void linear_nvfp4_int8_avx512(const linear_job *job, long t0, long t1, long b0, long b1) {
    ANNIE_FOR_ROWS_IN_BLOCK(multiply_tiles, job, t0, t1, b0, b1)
}

#pragma clang attribute pop
#endif
