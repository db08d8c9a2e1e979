// NVFP4 weights, int8 input: exact integer sums over blocks of 16 columns, then the block's scales.
//
// Nibbles become bytes weight + 12 (doubled e2m1) by a table look-up whose index takes six bits, so that a table of
// four copies spares the masking. vpdpbusd multiplies them with the input, four columns at a time, and starts from
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

// Weights of one block of 16 columns, of up to two tiles.
typedef struct {
    __m512i quads[2][quads_per_block];
    __m512 scales[2];
} expanded_block;

// The same against rows first ..< first+count of `rows`. x points to the rows' group. Quad by quad over all of them, so
// that neighbouring instructions do not wait for each other.
ANNIE_INLINE void add_block(__m512 sums[rows_per_block][2], const expanded_block *w, const char *x, const int b,
                            const int first, const int count, const int rows, const int tiles) {
    __m512i integers[rows_per_block][2];
    const int32_t *offsets = (const int32_t *)(x + rows * int8_codes_bytes) + b * rows + first;
#pragma clang loop unroll(full)
    for (int r = 0; r < count; r++) integers[r][0] = integers[r][1] = _mm512_set1_epi32(offsets[r]);
#pragma clang loop unroll(full)
    for (int i = 0; i < quads_per_block; i++)
#pragma clang loop unroll(full)
        for (int r = 0; r < count; r++) {
            __m512i four = _mm512_set1_epi32(*(const int32_t *)(x + (first + r) * int8_codes_bytes + b * 16 + i * 4));
            if (tiles > 1) __asm__("" : "+v"(four));  // in a register, not read again for the second tile
#pragma clang loop unroll(full)
            for (int t = 0; t < tiles; t++)
                integers[r][t] = _mm512_dpbusd_epi32(integers[r][t], w->quads[t][i], four);
        }
#pragma clang loop unroll(full)
    for (int r = 0; r < count; r++)
#pragma clang loop unroll(full)
        for (int t = 0; t < tiles; t++)
            sums[r][t] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(integers[r][t]), w->scales[t], sums[r][t]);
}

ANNIE_INLINE void clear(__m512 sums[rows_per_block][2], const int rows) {
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) sums[r][0] = sums[r][1] = _mm512_setzero_ps();
}

// The hardware's prefetcher stops at every page and lags behind a tile.
ANNIE_INLINE void prefetch_group(const char *group) {
    for (int line = 0; line < nvfp4_group_bytes; line += 64)
        _mm_prefetch(group + prefetch_distance + line, _MM_HINT_T0);
}

// total += the group's sums times the rows' scales.
ANNIE_INLINE void add_group(float *total, __m512 sums[rows_per_block][2], const char *x, const int first,
                            const int count, const int rows, const int tiles) {
    const float *scales = (const float *)(x + rows * (int8_codes_bytes + int8_offsets_bytes)) + first;
#pragma clang loop unroll(full)
    for (int r = 0; r < count; r++)
#pragma clang loop unroll(full)
        for (int t = 0; t < tiles; t++) {
            float *out = total + ((first + r) * tiles + t) * 16;
            _mm512_store_ps(out, _mm512_fmadd_ps(sums[r][t], _mm512_set1_ps(scales[r]), _mm512_load_ps(out)));
        }
}

ANNIE_INLINE void finish_block(const linear_job *job, long t0, long b, const float *total, const int rows,
                               const int tiles) {
    for (long r = 0; r < rows_of_block(job, b); r++)
        for (int t = 0; t < tiles; t++) linear_finish(job, t0 + t, b * rows + r, total + (r * tiles + t) * 16);
}

// The lines a block's results go to, taken from the processor that wrote them last while the block is computed. Where
// the two share no cache, a store that has to ask for its line waits as long as for memory.
ANNIE_INLINE void prefetch_output(const linear_job *job, long t0, long b, const int rows, const int tiles) {
    for (long r = 0; r < rows_of_block(job, b); r++)
        for (int t = 0; t < tiles; t++) prefetch_for_write(job->y + (b * rows + r) * job->ldy + (t0 + t) * tile_rows);
}

// Tiles expanded in registers as they stream by, against one block of rows.
ANNIE_INLINE void multiply_streaming(const linear_job *job, long t0, long block, const int rows, const int tiles) {
    const char *tile = (const char *)job->linear->packed + (size_t)t0 * job->tile_size, *x = block_of(job, block);
    const __m512i table = code_table();
    const int part = rows < rows_per_block ? rows : rows / 2;
    _Alignas(64) float total[rows_per_block * 2 * 16] = {0};
    if (rows > 1) prefetch_output(job, t0, block, rows, tiles);
    for (long g = groups_of(job->linear->columns); g > 0; g--) {
        __m512 sums[rows_per_block][2];
        clear(sums, rows);
        for (int t = 0; t < tiles && block == 0; t++) prefetch_group(tile + (size_t)t * job->tile_size);
#pragma clang loop unroll(disable)
        for (int b = 0; b < 4; b++) {
            expanded_block w;
#pragma clang loop unroll(full)
            for (int t = 0; t < tiles; t++) {
                const char *group = tile + (size_t)t * job->tile_size;
                expand_block(w.quads[t], group + b * nvfp4_block_bytes, table);
                w.scales[t] = expand_scales(group + nvfp4_scales_offset + b * 16);
            }
            add_block(sums, &w, x, b, 0, part, rows, tiles);
            if (part < rows) add_block(sums + part, &w, x, b, part, rows - part, rows, tiles);
        }
        add_group(total, sums, x, 0, rows, rows, tiles);
        tile += nvfp4_group_bytes;
        x += rows * int8_row_bytes;
    }
    finish_block(job, t0, block, total, rows, tiles);
}

// Tiles of a panel lie one after the other; a group in it: for each block of 16 columns its quads and its scales.
ANNIE_INLINE void expand_group(char *panel, const char *group, __m512i table) {
    for (int b = 0; b < 4; b++, panel += panel_block_bytes) {
        __m512i quads[quads_per_block];
        expand_block(quads, group + b * nvfp4_block_bytes, table);
        for (int i = 0; i < quads_per_block; i++) _mm512_store_si512(panel + i * 64, quads[i]);
        _mm512_store_ps(panel + quads_per_block * 64, expand_scales(group + nvfp4_scales_offset + b * 16));
    }
}

// total[row][tile][16] += one group of a panel against rows first ..< first+count.
ANNIE_INLINE void multiply_group(float *total, const char *panel, size_t panel_tile_bytes, const char *x,
                                 const int first, const int count, const int rows, const int tiles) {
    __m512 sums[rows_per_block][2];
    clear(sums, count);
#pragma clang loop unroll(disable)
    for (int b = 0; b < 4; b++, panel += panel_block_bytes) {
        expanded_block w;
#pragma clang loop unroll(full)
        for (int t = 0; t < tiles; t++) {
            const char *block = panel + (size_t)t * panel_tile_bytes;
#pragma clang loop unroll(full)
            for (int i = 0; i < quads_per_block; i++) w.quads[t][i] = _mm512_load_si512(block + i * 64);
            w.scales[t] = _mm512_load_ps(block + quads_per_block * 64);
        }
        add_block(sums, &w, x, b, first, count, rows, tiles);
    }
    add_group(total, sums, x, first, count, rows, tiles);
}

// As many rows at once as the registers hold: two tiles' sums and integers, and the quads they share.
ANNIE_INLINE void multiply_group_all_rows(float *total, const char *panel, size_t panel_tile_bytes, const char *x,
                                          const int rows, const int tiles) {
    const int half = rows <= 5 ? rows : (rows + 1) / 2;
    multiply_group(total, panel, panel_tile_bytes, x, 0, half, rows, tiles);
    if (half < rows) multiply_group(total, panel, panel_tile_bytes, x, half, rows - half, rows, tiles);
}

// A part of the weights that are expanded next, so that they lie near by then: `tiles` stretches of that many bytes.
ANNIE_INLINE void prefetch_next(const char *next, size_t tile_size, long bytes, long part, long parts, int tiles) {
    long share = (bytes / 64 + parts - 1) / parts * 64;
    for (int t = 0; t < tiles; t++)
        for (long line = part * share; line < (part + 1) * share && line < bytes; line += 64)
            _mm_prefetch(next + (size_t)t * tile_size + line, _MM_HINT_T1);
}

// Panels expanded once for many blocks.
ANNIE_INLINE void multiply_blocks(const linear_job *job, long t0, long b0, long b1, const int rows, const int tiles) {
    _Alignas(64) char panel[2 * panel_groups * panel_group_bytes];
    _Alignas(64) float total[blocks_at_once][rows_per_block * 2 * 16];
    memset(total, 0, (size_t)(b1 - b0) * sizeof total[0]);
    const __m512i table = code_table();
    const size_t panel_tile_bytes = panel_groups * panel_group_bytes;
    long all_groups = groups_of(job->linear->columns);
    for (long first = 0; first < all_groups; first += panel_groups) {
        long groups = all_groups - first < panel_groups ? all_groups - first : panel_groups;
        for (int t = 0; t < tiles; t++) {
            const char *tile = (const char *)job->linear->packed + (size_t)(t0 + t) * job->tile_size;
            for (long g = 0; g < groups; g++)
                expand_group(panel + (size_t)t * panel_tile_bytes + g * panel_group_bytes,
                             tile + (first + g) * nvfp4_group_bytes, table);
        }
        const bool last = first + groups == all_groups;
        const char *tile = (const char *)job->linear->packed + (size_t)t0 * job->tile_size;
        const char *next = last ? tile + (size_t)tiles * job->tile_size : tile + (first + groups) * nvfp4_group_bytes;
        for (long b = b0; b < b1; b++) {
            prefetch_next(next, job->tile_size, groups * nvfp4_group_bytes, b - b0, b1 - b0, tiles);
            if (last) prefetch_output(job, t0, b, rows, tiles);
            for (long g = 0; g < groups; g++)
                multiply_group_all_rows(total[b - b0], panel + g * panel_group_bytes, panel_tile_bytes,
                                        block_of(job, b) + (first + g) * rows * int8_row_bytes, rows, tiles);
            if (last) finish_block(job, t0, b, total[b - b0], rows, tiles);
        }
    }
}

ANNIE_INLINE void multiply_tiles(const linear_job *job, long t0, long t1, long b0, long b1, const int rows) {
    long t = t0;
    if (job->m <= most_streaming_blocks * rows_per_block) {
        const int tiles = rows == 1 ? 1 : 2;
        for (; t + tiles <= t1; t += tiles)
            for (long b = b0; b < b1; b++) multiply_streaming(job, t, b, rows, tiles);
        for (long b = b0; b < b1 && t < t1; b++) multiply_streaming(job, t, b, rows, 1);
    } else if (rows >= 5) {  // more than eight rows are never cut into blocks of fewer than five
        for (; t + 2 <= t1; t += 2) multiply_blocks(job, t, b0, b1, rows, 2);
        if (t < t1) multiply_blocks(job, t, b0, b1, rows, 1);
    }
}

void linear_nvfp4_int8_avx512(const linear_job *job, long t0, long t1, long b0, long b1) {
    ANNIE_FOR_ROWS_IN_BLOCK(multiply_tiles, job, t0, t1, b0, b1)
}

#pragma clang attribute pop
#endif
