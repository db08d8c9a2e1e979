// Attention over int8 keys and values in the compiler's vectors, and the rounding of what goes in.
//
// Queries and probabilities have 16 bits: what is not stored need not be coarse, and with 8 a key that gathers most of a
// chunk's attention would round the others away. High and low bytes are summed apart as f32: the sums are integers below
// 256 * 255 * 128 < 2^24, so they are exact in any order, and the same as those of integer instructions.
#ifndef ANNIE_ATTENTION_INT8_BODY_H
#define ANNIE_ATTENTION_INT8_BODY_H

#include <math.h>

#include "attention.h"
#include "numbers.h"

enum { dims_at_once = 64, int8_most_probable = 65535, int8_largest_query = 127 * 256 + 127 };

// The largest magnitude, whose bits are compared as integers: infinities and NaN win.
ANNIE_INLINE float vector_amax(const float *v, long head_dim) {
    u32x16 largest = (u32x16)0u;
    for (long d = 0; d < head_dim; d += 16) {
        u32x16 bits = f32x16_bits(f32x16_load(v + d)) & 0x7FFFFFFFu;
        largest = bits > largest ? bits : largest;
    }
    return f32_from_bits(__builtin_reduce_max(largest));
}

// Neither zero, nor so small that its inverse overflows, nor infinite or NaN.
ANNIE_INLINE bool is_usable(float amax) { return amax >= 0x1p-100f && amax <= 0x1.fffffep127f; }

// To the nearest integers, ties to even: adding 1.5 * 2^23 leaves them in the low bits.
ANNIE_INLINE i32x16 nearest_integers(f32x16 v, float inverse) {
#pragma STDC FP_CONTRACT OFF
    f32x16 scaled = v * inverse;
    return __builtin_convertvector(f32x16_bits(scaled + 12582912.0f), i32x16) - 0x4B400000;
}

ANNIE_INLINE void prepare_int8_query(void *out, const float *q, long head_dim) {
    float amax = vector_amax(q, head_dim), inverse = is_usable(amax) ? int8_largest_query / amax : 0.0f;
    int32_t high_sum = 0, low_sum = 0;
    for (long d = 0; d < head_dim; d += 16) {
        i32x16 codes = nearest_integers(is_usable(amax) ? f32x16_load(q + d) : (f32x16)0.0f, inverse);
        i32x16 high = (codes + 128) >> 8, low = codes - (high << 8);
        i8x16 high_bytes = __builtin_convertvector(high, i8x16), low_bytes = __builtin_convertvector(low, i8x16);
        memcpy((char *)out + d, &high_bytes, sizeof high_bytes);
        memcpy((char *)out + head_dim + d, &low_bytes, sizeof low_bytes);
        high_sum += __builtin_reduce_add(high);
        low_sum += __builtin_reduce_add(low);
    }
    int8_query_tail tail = {amax / int8_largest_query, -128 * high_sum, -128 * low_sum};
    memcpy((char *)out + 2 * head_dim, &tail, sizeof tail);
}

// The scale of a key or value as bf16, rounded upwards so that no code is beyond 127.
ANNIE_INLINE uint16_t int8_scale(float amax) {
    if (!is_usable(amax)) return amax < 1.0f ? 0 : 0x7FC0;
    return (uint16_t)((bits_from_f32(amax / 127.0f) + 0xFFFF) >> 16);
}

ANNIE_INLINE float inverse_of(uint16_t scale) {
    return scale == 0 || scale == 0x7FC0 ? 0.0f : 1.0f / f32_from_bf16(scale);
}

ANNIE_INLINE void store_int8_body(char *keys, char *values, long head_dim, long slot, const float *key,
                                  const float *value) {
    uint16_t key_scale = int8_scale(vector_amax(key, head_dim));
    uint16_t value_scale = int8_scale(vector_amax(value, head_dim));
    memcpy(keys + ANNIE_PAGE_TOKENS * head_dim + slot * 2, &key_scale, 2);
    memcpy(values + ANNIE_PAGE_TOKENS * head_dim + slot * 2, &value_scale, 2);
    float key_inverse = inverse_of(key_scale), value_inverse = inverse_of(value_scale);
    char *key_quads = keys + slot / 16 * head_dim * 16 + slot % 16 * 4, *value_quads = values + slot / 4 * head_dim * 4;
    const uint32_t shift = (uint32_t)slot % 4 * 8;
    for (long d = 0; d < head_dim; d += 16) {
        // An inverse of zero is not enough: infinity times zero is NaN.
        f32x16 k = key_inverse != 0.0f ? f32x16_load(key + d) : (f32x16)0.0f;
        i8x16 bytes = __builtin_convertvector(nearest_integers(k, key_inverse) ^ 128, i8x16);
        uint32_t quads[4];
        memcpy(quads, &bytes, sizeof quads);
        for (int i = 0; i < 4; i++) memcpy(key_quads + (d / 4 + i) * 64, &quads[i], 4);
        f32x16 v = value_inverse != 0.0f ? f32x16_load(value + d) : (f32x16)0.0f;
        u32x16 codes = __builtin_convertvector(nearest_integers(v, value_inverse), u32x16) & 0xFF, old;
        memcpy(&old, value_quads + d * 4, sizeof old);
        old = (old & ~(0xFFu << shift)) | (codes << shift);
        memcpy(value_quads + d * 4, &old, sizeof old);
    }
}

// A row's query: the high and the low bytes of its codes.
typedef struct {
    float high[longest_head], low[longest_head];
    int8_query_tail tail;
} int8_query;

ANNIE_INLINE void load_int8_query(int8_query *q, const char *prepared, long head_dim) {
    for (long d = 0; d < head_dim; d++) {
        q->high[d] = (float)(int8_t)prepared[d];
        q->low[d] = (float)(int8_t)prepared[head_dim + d];
    }
    memcpy(&q->tail, prepared + 2 * head_dim, sizeof q->tail);
}

// scores[r][0 ..< 64] of one page.
ANNIE_INLINE void int8_page_scores(float *scores, const attention_task *task, const char *keys, const int8_query q[2],
                                   const int rows) {
    const long head_dim = task->shape->head_dim;
    for (long group = 0; group < ANNIE_PAGE_TOKENS / 16; group++) {
        f32x16 high[2], low[2];
        for (int r = 0; r < rows; r++) {
            high[r] = (f32x16)(float)q[r].tail.high_offset;
            low[r] = (f32x16)(float)q[r].tail.low_offset;
        }
        for (long d = 0; d < head_dim; d += 4) {
            u32x16 quad;
            memcpy(&quad, keys + (group * head_dim + d) * 16, sizeof quad);
            for (int i = 0; i < 4; i++) {
                i32x16 code = __builtin_convertvector((quad >> (i * 8)) & 0xFF, i32x16);
                f32x16 k = __builtin_convertvector(code, f32x16);
                for (int r = 0; r < rows; r++) {
                    high[r] = k * q[r].high[d + i] + high[r];
                    low[r] = k * q[r].low[d + i] + low[r];
                }
            }
        }
        f32x16 scales = f32x16_from_bf16(scales_of(keys, head_dim) + group * 16);
        for (int r = 0; r < rows; r++)
            f32x16_store(scores + r * ANNIE_ATTENTION_CHUNK + group * 16,
                         (high[r] * 256.0f + low[r]) * (scales * (q[r].tail.scale * task->shape->scale)));
    }
}

// Scores of a row to probabilities times the values' scales, as codes 0 ... 65535: the high bytes take the scores' place.
// Returns what a code is worth.
ANNIE_INLINE float int8_softmax(float *scores, float *low, const attention_task *task, long visible, float *maximum,
                                float *sum) {
    static const int32_t counting[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    const attention_shape *shape = task->shape;
    const long groups = divided_up(task->most_visible, 16), groups_per_page = ANNIE_PAGE_TOKENS / 16;
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
    u32x16 largest_bits = (u32x16)0u;
    for (long g = 0; g < groups; g++) {
        f32x16 p = f32x16_exp(f32x16_load(scores + g * 16) - *maximum);
        const char *values = values_of(task->pages[g / groups_per_page], ANNIE_KV_INT8, shape->head_dim,
                                       shape->kv_heads, task->kv_head);
        f32x16 scaled = p * f32x16_from_bf16(scales_of(values, shape->head_dim) + g % groups_per_page * 16);
        i32x16 seen = lane + (int32_t)(g * 16) < (int32_t)visible;
        p = seen ? p : (f32x16)0.0f;
        scaled = seen ? scaled : (f32x16)0.0f;
        total += p;
        f32x16_store(scores + g * 16, scaled);
        u32x16 bits = f32x16_bits(scaled) & 0x7FFFFFFFu;
        largest_bits = bits > largest_bits ? bits : largest_bits;
    }
    *sum = f32x16_sum(total);
    // An infinity or NaN among the visible values reaches the result through the codes' scale.
    float amax = f32_from_bits(__builtin_reduce_max(largest_bits));
    float inverse = is_usable(amax) ? int8_most_probable / amax : 0.0f;
    for (long g = 0; g < groups; g++) {
        f32x16 scaled = is_usable(amax) ? f32x16_load(scores + g * 16) : (f32x16)0.0f;
        i32x16 code = nearest_integers(scaled, inverse);
        f32x16_store(scores + g * 16, __builtin_convertvector(code >> 8, f32x16));
        f32x16_store(low + g * 16, __builtin_convertvector(code & 255, f32x16));
    }
    return amax / int8_most_probable;
}

// record[r][d ..< d + 16 * vectors] += codes * values of one page's first `count` positions.
ANNIE_INLINE void int8_page_values(float *const records[2], const float *codes, const char *values, long head_dim,
                                   long d, long count, const int rows, const int vectors) {
    f32x16 sum[2][dims_at_once / 16];
    for (int r = 0; r < rows; r++)
        for (int i = 0; i < vectors; i++) sum[r][i] = f32x16_load(records[r] + d + i * 16);
    for (long p = 0; p < count; p++)
        for (int i = 0; i < vectors; i++) {
            u32x16 quad;
            memcpy(&quad, values + (p / 4 * head_dim + d + i * 16) * 4, sizeof quad);
            i32x16 code = __builtin_convertvector(quad << (24 - p % 4 * 8), i32x16) >> 24;
            f32x16 v = __builtin_convertvector(code, f32x16);
            for (int r = 0; r < rows; r++) sum[r][i] = v * codes[r * ANNIE_ATTENTION_CHUNK + p] + sum[r][i];
        }
    for (int r = 0; r < rows; r++)
        for (int i = 0; i < vectors; i++) f32x16_store(records[r] + d + i * 16, sum[r][i]);
}

ANNIE_INLINE void int8_all_values(float *const records[2], const float *codes, const char *values, long head_dim,
                                  long count, const int rows) {
    long d = 0;
    for (; d + dims_at_once <= head_dim; d += dims_at_once)
        int8_page_values(records, codes, values, head_dim, d, count, rows, dims_at_once / 16);
    for (; d < head_dim; d += 16) int8_page_values(records, codes, values, head_dim, d, count, rows, 1);
}

ANNIE_INLINE void attend_int8_rows(const attention_task *task, long first_row, const int rows) {
    const attention_shape *shape = task->shape;
    const long head_dim = shape->head_dim, visible = task->most_visible;
    const long pages = divided_up(visible, ANNIE_PAGE_TOKENS);
    float scores[2 * ANNIE_ATTENTION_CHUNK], low_codes[2 * ANNIE_ATTENTION_CHUNK], code_scales[2];
    float low_sums[2][longest_head], *records[2], *lows[2] = {low_sums[0], low_sums[1]};
    int8_query q[2];
    for (int r = 0; r < rows; r++) load_int8_query(&q[r], task->queries + (first_row + r) * head_dim * 4, head_dim);
    for (long page = 0; page < pages; page++)
        int8_page_scores(scores + page * ANNIE_PAGE_TOKENS, task,
                         keys_of(task->pages[page], ANNIE_KV_INT8, head_dim, task->kv_head), q, rows);
    for (int r = 0; r < rows; r++) {
        records[r] = task->records + (first_row + r) * record_floats(head_dim);
        memset(records[r], 0, (size_t)head_dim * sizeof(float));
        memset(lows[r], 0, (size_t)head_dim * sizeof(float));
        code_scales[r] = int8_softmax(scores + r * ANNIE_ATTENTION_CHUNK, low_codes + r * ANNIE_ATTENTION_CHUNK, task,
                                      task->visible[first_row + r], record_maximum(records[r], head_dim),
                                      record_sum(records[r], head_dim));
    }
    for (long page = 0; page < pages; page++) {
        const char *values =
            values_of(task->pages[page], ANNIE_KV_INT8, head_dim, shape->kv_heads, task->kv_head);
        long left = visible - page * ANNIE_PAGE_TOKENS, count = left < ANNIE_PAGE_TOKENS ? left : ANNIE_PAGE_TOKENS;
        int8_all_values(records, scores + page * ANNIE_PAGE_TOKENS, values, head_dim, count, rows);
        int8_all_values(lows, low_codes + page * ANNIE_PAGE_TOKENS, values, head_dim, count, rows);
    }
    for (int r = 0; r < rows; r++)
        for (long d = 0; d < head_dim; d += 16) {
            // Rounded once: 256 times the sum is exact.
            f32x16 high = f32x16_load(records[r] + d) * 256.0f;
            f32x16_store(records[r] + d, (high + f32x16_load(lows[r] + d)) * code_scales[r]);
        }
}

#endif
