// Attention over bf16 pages with vdpbf16ps: scores with a key per lane, values with a dimension per lane, so that
// nothing is summed across lanes but the softmax. f32 pages take the compiler's vectors, int8 pages have their own file.
#if defined(__x86_64__)
#include "attention_avx512.h"

ANNIE_ATTENTION_STEPS(avx512, ANNIE_TARGET_AVX512)

#pragma clang attribute push(ANNIE_TARGET_AVX512, apply_to = function)

ANNIE_INLINE __m512bh pair_broadcast(const void *pair) {
    int32_t bits;
    memcpy(&bits, pair, sizeof bits);
    return (__m512bh)_mm512_set1_epi32(bits);
}

// Scores of one page for `rows` rows, as powers of two, -infinity where a row does not see a key: scores[r][64].
ANNIE_INLINE void page_scores_bf16(float *scores, const attention_task *task, long page, const int rows) {
    const attention_shape *shape = task->shape;
    const long head_dim = shape->head_dim, pairs = head_dim / 2;
    const char *keys = keys_of(task->pages[page], ANNIE_KV_BF16, head_dim, task->kv_head);
    bool is_last = (page + 1) * ANNIE_PAGE_TOKENS >= task->most_visible;
    const char *next = is_last ? values_of(task->pages[0], ANNIE_KV_BF16, head_dim, shape->kv_heads, task->kv_head)
                               : keys_of(task->pages[page + 1], ANNIE_KV_BF16, head_dim, task->kv_head);
    __m512 sums[attention_rows_at_once][groups_per_page];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (int g = 0; g < groups_per_page; g++) sums[r][g] = _mm512_setzero_ps();
    for (long p = 0; p < pairs; p++) {
        prefetch_lines(next, p * groups_per_page, groups_per_page);
        __m512bh k[groups_per_page];
#pragma clang loop unroll(full)
        for (int g = 0; g < groups_per_page; g++)
            k[g] = (__m512bh)_mm512_loadu_si512(keys + ((long)g * pairs + p) * 64);
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++) {
            __m512bh q = pair_broadcast(task->queries + (long)r * head_dim * 4 + p * 4);
#pragma clang loop unroll(full)
            for (int g = 0; g < groups_per_page; g++) sums[r][g] = _mm512_dpbf16_ps(sums[r][g], k[g], q);
        }
    }
    const __m512 scale = _mm512_set1_ps(shape->scale * 1.44269504f), hidden = _mm512_set1_ps(-INFINITY);
    const bool all_seen = task->least_visible >= (page + 1) * ANNIE_PAGE_TOKENS;
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (int g = 0; g < groups_per_page; g++) {
            const long group = page * groups_per_page + g;
            __mmask16 mask = all_seen ? 0xFFFF : seen(task->visible[r], group);
            __m512 masked = _mm512_mask_mul_ps(hidden, mask, sums[r][g], scale);
            _mm512_store_ps(scores + (long)r * ANNIE_ATTENTION_CHUNK + group * 16, masked);
        }
}

// Scores of whole pages to bf16 probabilities, their sum, and the largest score (as a power of e).
ANNIE_INLINE void softmax_bf16(uint16_t *probabilities, const float *scores, long pages, float *maximum, float *sum) {
    __m512 largest[2] = {_mm512_set1_ps(-INFINITY), _mm512_set1_ps(-INFINITY)};
    for (long g = 0; g < pages * groups_per_page; g += 2)
        for (int i = 0; i < 2; i++) largest[i] = _mm512_max_ps(_mm512_load_ps(scores + (g + i) * 16), largest[i]);
    float top = _mm512_reduce_max_ps(_mm512_max_ps(largest[0], largest[1]));
    *maximum = top * 0.693147181f;
    const __m512 tops = _mm512_set1_ps(top);
    const __m512bh ones = (__m512bh)_mm512_set1_epi16(0x3F80);
    __m512 total = _mm512_setzero_ps();
    for (long g = 0; g < pages * groups_per_page; g += 2) {
        __m512 first = exp2_of(_mm512_sub_ps(_mm512_load_ps(scores + g * 16), tops));
        __m512 second = exp2_of(_mm512_sub_ps(_mm512_load_ps(scores + (g + 1) * 16), tops));
        __m512bh rounded = _mm512_cvtne2ps_pbh(second, first);
        _mm512_store_si512(probabilities + g * 16, (__m512i)rounded);
        total = _mm512_dpbf16_ps(total, rounded, ones);
    }
    *sum = _mm512_reduce_add_ps(total);
}

// records[r][d ..< d + 16 * vectors] of the chunk: probabilities * values.
ANNIE_INLINE void chunk_values(const attention_task *task, const uint16_t *probabilities, long d, const int rows,
                               const int vectors) {
    const attention_shape *shape = task->shape;
    const long head_dim = shape->head_dim, pairs = divided_up(task->most_visible, 2);
    __m512 sums[attention_rows_at_once][dims_at_once / 16];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (int i = 0; i < vectors; i++) sums[r][i] = _mm512_setzero_ps();
    const long pairs_per_page = ANNIE_PAGE_TOKENS / 2;
    // A last position that no row sees may hold anything, also NaN: its half of the pair is cleared.
    const long whole = task->most_visible / 2;
    for (long first = 0; first < pairs; first += pairs_per_page) {
        const void *page = task->pages[first / pairs_per_page];
        const char *values = values_of(page, ANNIE_KV_BF16, head_dim, shape->kv_heads, task->kv_head) + d * 4;
        const char *next = values;
        if (first + pairs_per_page < pairs)
            next = values_of(task->pages[first / pairs_per_page + 1], ANNIE_KV_BF16, head_dim, shape->kv_heads,
                             task->kv_head) + d * 4;
        else if (task->has_next)
            next = keys_of(task->pages[pages_per_chunk], ANNIE_KV_BF16, head_dim, task->kv_head) + d * 4;
        long count = pairs - first < pairs_per_page ? pairs - first : pairs_per_page;
        for (long p = 0; p < count; p++) {
            prefetch_lines(next + p * head_dim * 4, 0, vectors);
            __mmask32 kept = first + p < whole ? 0xFFFFFFFFu : 0x55555555u;
            __m512bh v[dims_at_once / 16];
#pragma clang loop unroll(full)
            for (int i = 0; i < vectors; i++)
                v[i] = (__m512bh)_mm512_maskz_loadu_epi16(kept, values + p * head_dim * 4 + i * 64);
#pragma clang loop unroll(full)
            for (int r = 0; r < rows; r++) {
                __m512bh pair = pair_broadcast(probabilities + (long)r * ANNIE_ATTENTION_CHUNK + (first + p) * 2);
#pragma clang loop unroll(full)
                for (int i = 0; i < vectors; i++) sums[r][i] = _mm512_dpbf16_ps(sums[r][i], v[i], pair);
            }
        }
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (int i = 0; i < vectors; i++)
            _mm512_storeu_ps(task->records + (long)r * record_floats(head_dim) + d + i * 16, sums[r][i]);
}

ANNIE_INLINE void attend_bf16(const attention_task *task, const int rows) {
    _Alignas(64) float scores[attention_rows_at_once * ANNIE_ATTENTION_CHUNK];
    _Alignas(64) uint16_t probabilities[attention_rows_at_once * ANNIE_ATTENTION_CHUNK];
    const long head_dim = task->shape->head_dim, pages = divided_up(task->most_visible, ANNIE_PAGE_TOKENS);
    for (long page = 0; page < pages; page++) page_scores_bf16(scores, task, page, rows);
    for (long r = 0; r < rows; r++) {
        float *record = task->records + r * record_floats(head_dim);
        softmax_bf16(probabilities + r * ANNIE_ATTENTION_CHUNK, scores + r * ANNIE_ATTENTION_CHUNK, pages,
                     record_maximum(record, head_dim), record_sum(record, head_dim));
    }
    long d = 0;
    for (; d + dims_at_once <= head_dim; d += dims_at_once)
        chunk_values(task, probabilities, d, rows, dims_at_once / 16);
    for (; d < head_dim; d += 16) chunk_values(task, probabilities, d, rows, 1);
}

static void attend_avx512(const attention_task *task) {
    if (task->shape->format == ANNIE_KV_F32) {
        attend_body(task);
        return;
    }
    if (task->shape->format == ANNIE_KV_INT8) {
        attend_int8_avx512(task);
        return;
    }
    switch (task->rows) {
    case 1: attend_bf16(task, 1); break;
    case 2: attend_bf16(task, 2); break;
    case 3: attend_bf16(task, 3); break;
    case 4: attend_bf16(task, 4); break;
    case 5: attend_bf16(task, 5); break;
    default: attend_bf16(task, 6); break;
    }
}

static void prepare_query_avx512(void *out, const float *q, annie_kv_format format, long head_dim) {
    if (format == ANNIE_KV_F32) {
        memcpy(out, q, (size_t)head_dim * sizeof(float));
        return;
    }
    if (format == ANNIE_KV_INT8) {
        prepare_int8_query(out, q, head_dim);
        return;
    }
    for (long d = 0; d < head_dim; d += 16)
        _mm256_storeu_si256((__m256i *)((uint16_t *)out + d), (__m256i)_mm512_cvtneps_pbh(_mm512_loadu_ps(q + d)));
}

#pragma clang attribute pop

const attention_kernels attention_avx512 = {prepare_query_avx512, attend_avx512, merge_avx512, finish_avx512,
                                            store_int8_avx512};
#endif
