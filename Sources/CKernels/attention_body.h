// Attention in the compiler's vectors, for all formats; bf16 keys and values are widened to f32 as they are read.
#ifndef ANNIE_ATTENTION_BODY_H
#define ANNIE_ATTENTION_BODY_H

#include <math.h>

#include "attention_int8_body.h"

// scores[r][0 ..< 64] of one page.
ANNIE_INLINE void page_scores(float *scores, const attention_task *task, const char *keys, long first_row,
                              annie_kv_format format, const int rows) {
    long head_dim = task->shape->head_dim;
    const float *q[2];
    for (int r = 0; r < rows; r++) q[r] = (const float *)(task->queries + (first_row + r) * head_dim * 4);
    for (long group = 0; group < ANNIE_PAGE_TOKENS / 16; group++) {
        f32x16 sum[2] = {(f32x16)0.0f, (f32x16)0.0f};
        if (format == ANNIE_KV_F32) {
            const float *k = (const float *)keys + group * head_dim * 16;
            for (long d = 0; d < head_dim; d++)
                for (int r = 0; r < rows; r++) sum[r] = f32x16_load(k + d * 16) * q[r][d] + sum[r];
        } else {
            const char *k = keys + group * head_dim * 32;
            for (long d = 0; d < head_dim; d += 2) {
                u32x16 pair;
                memcpy(&pair, k + d * 32, 64);
                f32x16 even = f32x16_from_bits(pair << 16), odd = f32x16_from_bits(pair & 0xFFFF0000u);
                for (int r = 0; r < rows; r++) {
                    sum[r] = even * q[r][d] + sum[r];
                    sum[r] = odd * q[r][d + 1] + sum[r];
                }
            }
        }
        for (int r = 0; r < rows; r++)
            f32x16_store(scores + r * ANNIE_ATTENTION_CHUNK + group * 16, sum[r] * task->shape->scale);
    }
}

// Scores to probabilities relative to the row's maximum. Beyond the visible keys they are zero, whatever the score.
ANNIE_INLINE void softmax_chunk(float *scores, long visible, long groups, bool rounds, float *maximum, float *sum) {
    static const int32_t counting[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    i32x16 lane;
    memcpy(&lane, counting, sizeof lane);
    f32x16 largest = (f32x16)-INFINITY;
    for (long g = 0; g < groups; g++) {
        f32x16 s = f32x16_load(scores + g * 16);
        s = lane + (int32_t)(g * 16) < (int32_t)visible ? s : (f32x16)-INFINITY;
        largest = s > largest ? s : largest;
    }
    *maximum = f32x16_maximum(largest);
    f32x16 total = (f32x16)0.0f;
    for (long g = 0; g < groups; g++) {
        f32x16 p = f32x16_exp(f32x16_load(scores + g * 16) - *maximum);
        if (rounds) p = f32x16_rounded_to_bf16(p);
        p = lane + (int32_t)(g * 16) < (int32_t)visible ? p : (f32x16)0.0f;
        f32x16_store(scores + g * 16, p);
        total += p;
    }
    *sum = f32x16_sum(total);
}

// record[r][d ..< d + 16 * vectors] += probabilities * values of one page's first `count` positions.
ANNIE_INLINE void page_values(float *const records[2], const float *scores, const attention_task *task,
                              const char *values, long d, long count, annie_kv_format format, const int rows,
                              const int vectors) {
    long head_dim = task->shape->head_dim;
    f32x16 sum[2][dims_at_once / 16];
    for (int r = 0; r < rows; r++)
        for (int i = 0; i < vectors; i++) sum[r][i] = f32x16_load(records[r] + d + i * 16);
    for (long p = 0; p < count; p++)
        for (int i = 0; i < vectors; i++) {
            f32x16 v;
            if (format == ANNIE_KV_F32) {
                v = f32x16_load((const float *)values + p * head_dim + d + i * 16);
            } else {
                u32x16 pair;
                memcpy(&pair, values + (p / 2 * head_dim + d + i * 16) * 4, 64);
                v = f32x16_from_bits(p % 2 == 0 ? pair << 16 : pair & 0xFFFF0000u);
            }
            for (int r = 0; r < rows; r++) sum[r][i] = v * scores[r * ANNIE_ATTENTION_CHUNK + p] + sum[r][i];
        }
    for (int r = 0; r < rows; r++)
        for (int i = 0; i < vectors; i++) f32x16_store(records[r] + d + i * 16, sum[r][i]);
}

ANNIE_INLINE void attend_rows(const attention_task *task, long first_row, annie_kv_format format, const int rows) {
    const attention_shape *shape = task->shape;
    float scores[2 * ANNIE_ATTENTION_CHUNK];
    long visible = task->most_visible, pages = divided_up(visible, ANNIE_PAGE_TOKENS);
    for (long page = 0; page < pages; page++)
        page_scores(scores + page * ANNIE_PAGE_TOKENS, task,
                    keys_of(task->pages[page], format, shape->head_dim, task->kv_head), first_row, format, rows);
    float *records[2];
    for (int r = 0; r < rows; r++) {
        records[r] = task->records + (first_row + r) * record_floats(shape->head_dim);
        memset(records[r], 0, (size_t)shape->head_dim * sizeof(float));
        softmax_chunk(scores + r * ANNIE_ATTENTION_CHUNK, task->visible[first_row + r], divided_up(visible, 16),
                      format == ANNIE_KV_BF16, record_maximum(records[r], shape->head_dim),
                      record_sum(records[r], shape->head_dim));
    }
    for (long page = 0; page < pages; page++) {
        const char *values =
            values_of(task->pages[page], format, shape->head_dim, shape->kv_heads, task->kv_head);
        const float *p = scores + page * ANNIE_PAGE_TOKENS;
        long left = visible - page * ANNIE_PAGE_TOKENS, count = left < ANNIE_PAGE_TOKENS ? left : ANNIE_PAGE_TOKENS;
        long d = 0;
        for (; d + dims_at_once <= shape->head_dim; d += dims_at_once)
            page_values(records, p, task, values, d, count, format, rows, dims_at_once / 16);
        for (; d < shape->head_dim; d += 16) page_values(records, p, task, values, d, count, format, rows, 1);
    }
}

ANNIE_INLINE void attend_body(const attention_task *task) {
    long r = 0;
    if (task->shape->format == ANNIE_KV_INT8) {
        for (; r + 2 <= task->rows; r += 2) attend_int8_rows(task, r, 2);
        if (r < task->rows) attend_int8_rows(task, r, 1);
    } else if (task->shape->format == ANNIE_KV_F32) {
        for (; r + 2 <= task->rows; r += 2) attend_rows(task, r, ANNIE_KV_F32, 2);
        if (r < task->rows) attend_rows(task, r, ANNIE_KV_F32, 1);
    } else {
        for (; r + 2 <= task->rows; r += 2) attend_rows(task, r, ANNIE_KV_BF16, 2);
        if (r < task->rows) attend_rows(task, r, ANNIE_KV_BF16, 1);
    }
}

ANNIE_INLINE void prepare_query_body(void *out, const float *q, annie_kv_format format, long head_dim) {
    if (format == ANNIE_KV_INT8) {
        prepare_int8_query(out, q, head_dim);
        return;
    }
    for (long d = 0; d < head_dim; d += 16) {
        f32x16 v = f32x16_load(q + d);
        f32x16_store((float *)out + d, format == ANNIE_KV_BF16 ? f32x16_rounded_to_bf16(v) : v);
    }
}

ANNIE_INLINE void merge_body(float *record, const float *next, long head_dim) {
    float old_maximum = record[head_dim], new_maximum = next[head_dim];
    float maximum = old_maximum > new_maximum ? old_maximum : new_maximum;
    f32x16 keep = f32x16_exp((f32x16)(old_maximum - maximum)), take = f32x16_exp((f32x16)(new_maximum - maximum));
    for (long d = 0; d < head_dim; d += 16) {
        f32x16 kept = f32x16_load(record + d) * keep;
        f32x16_store(record + d, f32x16_load(next + d) * take + kept);
    }
    float kept = record[head_dim + 1] * keep[0];
    record[head_dim] = maximum;
    record[head_dim + 1] = next[head_dim + 1] * take[0] + kept;
}

ANNIE_INLINE void finish_body(float *out, const float *record, long head_dim) {
    float inverse = 1.0f / record[head_dim + 1];
    for (long d = 0; d < head_dim; d += 16) f32x16_store(out + d, f32x16_load(record + d) * inverse);
}

#define ANNIE_ATTENTION_STEPS(suffix, target)                                                                          \
    target static void merge_##suffix(float *record, const float *next, long head_dim) {                               \
        merge_body(record, next, head_dim);                                                                            \
    }                                                                                                                  \
    target static void finish_##suffix(float *out, const float *record, long head_dim) {                               \
        finish_body(out, record, head_dim);                                                                            \
    }                                                                                                                  \
    target static void store_int8_##suffix(char *keys, char *values, long head_dim, long slot, const float *key,       \
                                           const float *value) {                                                       \
        store_int8_body(keys, values, head_dim, slot, key, value);                                                     \
    }

#define ANNIE_ATTENTION_FUNCTIONS(suffix, target)                                                                      \
    ANNIE_ATTENTION_STEPS(suffix, target)                                                                              \
    target static void prepare_query_##suffix(void *out, const float *q, annie_kv_format format, long head_dim) {      \
        prepare_query_body(out, q, format, head_dim);                                                                  \
    }                                                                                                                  \
    target static void attend_##suffix(const attention_task *task) { attend_body(task); }                              \
    const attention_kernels attention_##suffix = {prepare_query_##suffix, attend_##suffix, merge_##suffix,             \
                                                  finish_##suffix, store_int8_##suffix};

#endif
