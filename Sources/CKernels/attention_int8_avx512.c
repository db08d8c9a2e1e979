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

// Scores of `groups` groups of 16 keys of one page, as powers of two, -infinity where a row does not see a key:
// scores[r][first_group * 16 ...]. `next` is read soon.
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
    __m512 scales[attention_rows_at_once];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) scales[r] = _mm512_set1_ps(tails[r].scale * (shape->scale * 1.44269504f));
    const bool all_seen = task->least_visible >= (page + 1) * ANNIE_PAGE_TOKENS;
#pragma clang loop unroll(full)
    for (int g = 0; g < groups; g++) {
        long group = page * groups_per_page + first_group + g;
        __m512 key_scales = scales_load(scales_of(keys, head_dim) + (first_group + g) * 16);
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++) {
            // Below 2^31: 256 dimensions * 127 * 32639.
            __m512i sum = _mm512_add_epi32(_mm512_slli_epi32(high[r][g], 8), low[r][g]);
            __mmask16 mask = all_seen ? 0xFFFF : seen(task->visible[r], group);
            __m512 scaled = _mm512_mask_mul_ps(_mm512_set1_ps(-INFINITY), mask, _mm512_cvtepi32_ps(sum),
                                               _mm512_mul_ps(key_scales, scales[r]));
            _mm512_store_ps(scores + (long)r * ANNIE_ATTENTION_CHUNK + group * 16, scaled);
        }
    }
}

// Scores of one page for `rows` rows: scores[r][64].
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

// Two groups of codes: the second bytes of all, then the first bytes of all.
ANNIE_INLINE void codes_store(uint8_t *high, uint8_t *low, __m512i first, __m512i second) {
    _Alignas(64) static const uint8_t picked[64] = {
        1, 5, 9,  13, 17, 21, 25, 29, 33, 37, 41, 45, 49, 53, 57, 61, 65, 69, 73, 77, 81, 85, 89, 93, 97, 101, 105, 109, 113, 117, 121, 125,
        0, 4, 8,  12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60, 64, 68, 72, 76, 80, 84, 88, 92, 96, 100, 104, 108, 112, 116, 120, 124};
    __m512i bytes = _mm512_permutex2var_epi8(first, _mm512_load_si512(picked), second);
    _mm256_store_si256((__m256i *)high, _mm512_castsi512_si256(bytes));
    _mm256_store_si256((__m256i *)low, _mm512_extracti64x4_epi64(bytes, 1));
}

// Scores of a row's whole pages to probabilities times the values' scales, as codes 0 ... 65535. What is not seen is set
// to zero: the scales there may hold anything.
ANNIE_INLINE void int8_tile_softmax(probability_codes *codes, long row, float *scores, const attention_task *task,
                                    float *maximum, float *sum) {
    const attention_shape *shape = task->shape;
    const long pages = divided_up(task->most_visible, ANNIE_PAGE_TOKENS), groups = pages * groups_per_page;
    __m512 largest[2] = {_mm512_set1_ps(-INFINITY), _mm512_set1_ps(-INFINITY)};
    for (long g = 0; g < groups; g += 2)
        for (int i = 0; i < 2; i++) largest[i] = _mm512_max_ps(_mm512_load_ps(scores + (g + i) * 16), largest[i]);
    float top = _mm512_reduce_max_ps(_mm512_max_ps(largest[0], largest[1]));
    *maximum = top * 0.693147181f;
    const __m512 tops = _mm512_set1_ps(top);
    __m512 totals[2] = {_mm512_setzero_ps(), _mm512_setzero_ps()};
    __m512i largest_bits = _mm512_setzero_si512();
    for (long page = 0; page < pages; page++) {
        const uint16_t *value_scales = scales_of(
            values_of(task->pages[page], ANNIE_KV_INT8, shape->head_dim, shape->kv_heads, task->kv_head),
            shape->head_dim);
        float *page_scores = scores + page * ANNIE_PAGE_TOKENS;
#pragma clang loop unroll(full)
        for (int g = 0; g < groups_per_page; g++) {
            __m512 p = exp2_of(_mm512_sub_ps(_mm512_load_ps(page_scores + g * 16), tops));
            totals[g % 2] = _mm512_add_ps(totals[g % 2], p);
            __mmask16 mask = seen(task->visible[row], page * groups_per_page + g);
            __m512 scaled = _mm512_maskz_mul_ps(mask, p, scales_load(value_scales + g * 16));
            _mm512_store_ps(page_scores + g * 16, scaled);
            // Scales are not negative, so that bits are ordered as values are, NaN above all.
            largest_bits = _mm512_max_epu32(largest_bits, _mm512_castps_si512(scaled));
        }
    }
    *sum = _mm512_reduce_add_ps(_mm512_add_ps(totals[0], totals[1]));
    float amax = f32_from_bits(_mm512_reduce_max_epu32(largest_bits));
    __mmask16 usable = is_usable(amax) ? 0xFFFF : 0;
    __m512 inverse = _mm512_set1_ps(int8_most_probable / amax);
    for (long g = 0; g < groups; g += 2) {
        __m512i code[2];
        for (int i = 0; i < 2; i++)
            code[i] = _mm512_cvtps_epi32(_mm512_maskz_mul_ps(usable, _mm512_load_ps(scores + (g + i) * 16), inverse));
        codes_store(codes->high[row] + g * 16, codes->low[row] + g * 16, code[0], code[1]);
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
