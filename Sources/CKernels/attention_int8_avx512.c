// Attention over int8 pages with vpdpbusd, in the tiles of attention_avx512.c. Keys are the unsigned operand (their bias
// is taken off by where the sums start), and so are probabilities. Tiles of many rows take half of the keys, or of the
// dimensions, at a time: each product has a sum for the high and one for the low bytes.
#if defined(__x86_64__)
#include "attention_avx512.h"

#pragma clang attribute push(ANNIE_TARGET_AVX512, apply_to = function)

enum { scale_lines = ANNIE_PAGE_TOKENS * 2 / 64 };

// The high and low bytes of a chunk's probabilities, for each row.
typedef struct {
    _Alignas(64) uint8_t high[attention_rows_at_once][ANNIE_ATTENTION_CHUNK];
    _Alignas(64) uint8_t low[attention_rows_at_once][ANNIE_ATTENTION_CHUNK];
    float worth[attention_rows_at_once];  // of the lowest bit
} probability_codes;

ANNIE_INLINE __m512i quad_broadcast(const void *quad) {
    int32_t bits;
    memcpy(&bits, quad, sizeof bits);
    return _mm512_set1_epi32(bits);
}

ANNIE_INLINE __m512 scales_load(const uint16_t *scales) {
    return _mm512_cvtpbh_ps((__m256bh)_mm256_loadu_si256((const __m256i *)scales));
}

// Scaled, masked scores of `groups` groups of 16 keys of one page: scores[r][first_group * 16 ...]. `next` is read soon.
ANNIE_INLINE void int8_group_scores(float *scores, const attention_task *task, long page, const char *next,
                                    long first_group, const int rows, const int groups) {
    const attention_shape *shape = task->shape;
    const long head_dim = shape->head_dim, quads = head_dim / 4;
    const char *keys = keys_of(task->pages[page], ANNIE_KV_INT8, head_dim, task->kv_head);
    int8_query_tail tails[attention_rows_at_once];
    __m512i high[attention_rows_at_once][groups_per_page], low[attention_rows_at_once][groups_per_page];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) {
        memcpy(&tails[r], task->queries + (long)r * head_dim * 4 + 2 * head_dim, sizeof tails[r]);
#pragma clang loop unroll(full)
        for (int g = 0; g < groups; g++) {
            high[r][g] = _mm512_set1_epi32(tails[r].high_offset);
            low[r][g] = _mm512_set1_epi32(tails[r].low_offset);
        }
    }
    for (long p = 0; p < quads; p++) {
        prefetch_lines(next, p * groups_per_page + first_group, groups);
        __m512i k[groups_per_page];
#pragma clang loop unroll(full)
        for (int g = 0; g < groups; g++) k[g] = _mm512_loadu_si512(keys + ((first_group + g) * quads + p) * 64);
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++) {
            const char *query = task->queries + (long)r * head_dim * 4 + p * 4;
            __m512i high_quad = quad_broadcast(query), low_quad = quad_broadcast(query + head_dim);
#pragma clang loop unroll(full)
            for (int g = 0; g < groups; g++) {
                high[r][g] = _mm512_dpbusd_epi32(high[r][g], k[g], high_quad);
                low[r][g] = _mm512_dpbusd_epi32(low[r][g], k[g], low_quad);
            }
        }
    }
#pragma clang loop unroll(full)
    for (int g = 0; g < groups; g++) {
        long group = page * groups_per_page + first_group + g;
        __m512 key_scales = scales_load(scales_of(keys, head_dim) + (first_group + g) * 16);
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++) {
            // Below 2^31: 256 dimensions * 127 * 32639.
            __m512i sum = _mm512_add_epi32(_mm512_slli_epi32(high[r][g], 8), low[r][g]);
            __m512 scale = _mm512_mul_ps(key_scales, _mm512_set1_ps(tails[r].scale * shape->scale));
            _mm512_store_ps(scores + (long)r * ANNIE_ATTENTION_CHUNK + group * 16,
                            page_mask(_mm512_mul_ps(_mm512_cvtepi32_ps(sum), scale), group, task->visible[r]));
        }
    }
}

// Scaled, masked scores of one page for `rows` rows: scores[r][64].
ANNIE_INLINE void int8_tile_scores(float *scores, const attention_task *task, long page, const int rows) {
    const attention_shape *shape = task->shape;
    const long head_dim = shape->head_dim;
    bool has_next = (page + 1) * ANNIE_PAGE_TOKENS < task->most_visible;
    const char *next = has_next ? keys_of(task->pages[page + 1], ANNIE_KV_INT8, head_dim, task->kv_head)
                                : values_of(task->pages[0], ANNIE_KV_INT8, head_dim, shape->kv_heads, task->kv_head);
    prefetch_lines(next, head_dim, scale_lines);
    // The softmax comes before the values, and takes their scales.
    prefetch_lines(values_of(task->pages[page], ANNIE_KV_INT8, head_dim, shape->kv_heads, task->kv_head), head_dim,
                   scale_lines);
    const int groups = rows <= 3 ? groups_per_page : groups_per_page / 2;
    for (long first = 0; first < groups_per_page; first += groups)
        int8_group_scores(scores, task, page, next, first, rows, groups);
}

// Scores of a row to probabilities times the values' scales, as codes 0 ... 65535. What is not seen is set to zero, not
// left to the polynomial and to stale scales.
ANNIE_INLINE void int8_tile_softmax(probability_codes *codes, long row, float *scores, const attention_task *task,
                                    float *maximum, float *sum) {
    const attention_shape *shape = task->shape;
    const long groups = divided_up(task->most_visible, 16);
    __m512 largest = _mm512_set1_ps(-INFINITY);
    for (long g = 0; g < groups; g++) largest = _mm512_max_ps(_mm512_load_ps(scores + g * 16), largest);
    *maximum = _mm512_reduce_max_ps(largest);
    __m512 total = _mm512_setzero_ps(), top = _mm512_set1_ps(*maximum);
    __m512i largest_bits = _mm512_setzero_si512();
    for (long g = 0; g < groups; g++) {
        __m512 s = _mm512_load_ps(scores + g * 16);
        f32x16 argument = (f32x16)_mm512_sub_ps(s, top), p;
        exp_in_place(&p, &argument);
        const char *values = values_of(task->pages[g / groups_per_page], ANNIE_KV_INT8, shape->head_dim,
                                       shape->kv_heads, task->kv_head);
        __m512 value_scales = scales_load(scales_of(values, shape->head_dim) + g % groups_per_page * 16);
        __mmask16 seen = _mm512_cmp_ps_mask(s, _mm512_set1_ps(-INFINITY), _CMP_NEQ_UQ);
        total = _mm512_mask_add_ps(total, seen, total, (__m512)p);
        __m512 scaled = _mm512_maskz_mul_ps(seen, (__m512)p, value_scales);
        _mm512_store_ps(scores + g * 16, scaled);
        __m512i bits = _mm512_and_si512(_mm512_castps_si512(scaled), _mm512_set1_epi32(0x7FFFFFFF));
        largest_bits = _mm512_max_epu32(largest_bits, bits);
    }
    *sum = _mm512_reduce_add_ps(total);
    float amax = f32_from_bits(_mm512_reduce_max_epu32(largest_bits));
    __mmask16 usable = is_usable(amax) ? 0xFFFF : 0;
    __m512 inverse = _mm512_set1_ps(int8_most_probable / amax);
    for (long g = 0; g < groups; g++) {
        __m512 scaled = _mm512_maskz_mul_ps(usable, _mm512_load_ps(scores + g * 16), inverse);
        __m512i code = _mm512_cvtps_epi32(scaled);
        _mm_store_si128((__m128i *)(codes->high[row] + g * 16), _mm512_cvtepi32_epi8(_mm512_srli_epi32(code, 8)));
        _mm_store_si128((__m128i *)(codes->low[row] + g * 16), _mm512_cvtepi32_epi8(code));
    }
    codes->worth[row] = amax / int8_most_probable;
}

// records[r][d ..< d + 16 * vectors] of the chunk: codes * values, times what a code is worth.
ANNIE_INLINE void int8_tile_values(const attention_task *task, const probability_codes *codes, long d, const int rows,
                                   const int vectors) {
    const attention_shape *shape = task->shape;
    const long head_dim = shape->head_dim, quads = divided_up(task->most_visible, 4);
    const long quads_per_page = ANNIE_PAGE_TOKENS / 4;
    __m512i high[attention_rows_at_once][dims_at_once / 16], low[attention_rows_at_once][dims_at_once / 16];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (int i = 0; i < vectors; i++) high[r][i] = low[r][i] = _mm512_setzero_si512();
    for (long first = 0; first < quads; first += quads_per_page) {
        const void *page = task->pages[first / quads_per_page];
        const char *values = values_of(page, ANNIE_KV_INT8, head_dim, shape->kv_heads, task->kv_head) + d * 4;
        const char *next = values;
        if (first + quads_per_page < quads)
            next = values_of(task->pages[first / quads_per_page + 1], ANNIE_KV_INT8, head_dim, shape->kv_heads,
                             task->kv_head) + d * 4;
        long count = quads - first < quads_per_page ? quads - first : quads_per_page;
        for (long p = 0; p < count; p++) {
            prefetch_lines(next + p * head_dim * 4, 0, vectors);
            __m512i v[dims_at_once / 16];
#pragma clang loop unroll(full)
            for (int i = 0; i < vectors; i++) v[i] = _mm512_loadu_si512(values + p * head_dim * 4 + i * 64);
#pragma clang loop unroll(full)
            for (int r = 0; r < rows; r++) {
                __m512i high_quad = quad_broadcast(codes->high[r] + (first + p) * 4);
                __m512i low_quad = quad_broadcast(codes->low[r] + (first + p) * 4);
#pragma clang loop unroll(full)
                for (int i = 0; i < vectors; i++) {
                    high[r][i] = _mm512_dpbusd_epi32(high[r][i], high_quad, v[i]);
                    low[r][i] = _mm512_dpbusd_epi32(low[r][i], low_quad, v[i]);
                }
            }
        }
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (int i = 0; i < vectors; i++) {
            // Below 2^31: 256 keys * 65535 * 128.
            __m512i sum = _mm512_add_epi32(_mm512_slli_epi32(high[r][i], 8), low[r][i]);
            _mm512_storeu_ps(task->records + (long)r * record_floats(head_dim) + d + i * 16,
                             _mm512_mul_ps(_mm512_cvtepi32_ps(sum), _mm512_set1_ps(codes->worth[r])));
        }
}

ANNIE_INLINE void attend_int8_tile(const attention_task *task, const int rows) {
    _Alignas(64) float scores[attention_rows_at_once * ANNIE_ATTENTION_CHUNK];
    probability_codes codes;
    const long head_dim = task->shape->head_dim, pages = divided_up(task->most_visible, ANNIE_PAGE_TOKENS);
    for (long page = 0; page < pages; page++) int8_tile_scores(scores, task, page, rows);
    for (long r = 0; r < rows; r++) {
        float *record = task->records + r * record_floats(head_dim);
        int8_tile_softmax(&codes, r, scores + r * ANNIE_ATTENTION_CHUNK, task, record_maximum(record, head_dim),
                          record_sum(record, head_dim));
    }
    // As many sums as there are registers for.
    const long dims = rows <= 3 ? dims_at_once : dims_at_once / 2;
    long d = 0;
    for (; d + dims <= head_dim; d += dims) int8_tile_values(task, &codes, d, rows, (int)(dims / 16));
    for (; d < head_dim; d += 16) int8_tile_values(task, &codes, d, rows, 1);
}

void attend_int8_avx512(const attention_task *task) {
    switch (task->rows) {
    case 1: attend_int8_tile(task, 1); break;
    case 2: attend_int8_tile(task, 2); break;
    case 3: attend_int8_tile(task, 3); break;
    case 4: attend_int8_tile(task, 4); break;
    case 5: attend_int8_tile(task, 5); break;
    default: attend_int8_tile(task, 6); break;
    }
}

#pragma clang attribute pop
#endif
