// Attention in three steps, per instruction set: a few query rows of one key/value head against one chunk of keys, the
// merging of chunk results in order, and the final division.
//
// A virtual row is one (query row, head) pair; the heads that share a key/value head are neighbours, so that a key is
// loaded once for all of them. What is known of a virtual row is a record: head_dim weighted values, then the maximum
// score and the sum of the probabilities. Decoding and prefilling do the same arithmetic in the same order.
#ifndef ANNIE_ATTENTION_H
#define ANNIE_ATTENTION_H

#include "layout.h"

enum { attention_rows_at_once = 6, pages_per_chunk = ANNIE_ATTENTION_CHUNK / ANNIE_PAGE_TOKENS };

typedef struct {
    annie_kv_format format;
    long heads, kv_heads, head_dim, group;  // group: heads per key/value head
    float scale;
} attention_shape;

ANNIE_INLINE long record_floats(long head_dim) { return head_dim + 16; }
ANNIE_INLINE float *record_maximum(float *record, long head_dim) { return record + head_dim; }
ANNIE_INLINE float *record_sum(float *record, long head_dim) { return record + head_dim + 1; }

// Where a head's keys and values lie in a page, in bytes.
ANNIE_INLINE size_t head_bytes(annie_kv_format format, long head_dim) {
    switch (format) {
    case ANNIE_KV_F32: return (size_t)ANNIE_PAGE_TOKENS * (size_t)head_dim * 4;
    case ANNIE_KV_BF16: return (size_t)ANNIE_PAGE_TOKENS * (size_t)head_dim * 2;
    case ANNIE_KV_INT8: return (size_t)ANNIE_PAGE_TOKENS * ((size_t)head_dim + 2);
    }
    return 0;
}
ANNIE_INLINE const char *keys_of(const void *page, annie_kv_format format, long head_dim, long kv_head) {
    return (const char *)page + (size_t)kv_head * head_bytes(format, head_dim);
}
ANNIE_INLINE const char *values_of(const void *page, annie_kv_format format, long head_dim, long kv_heads,
                                   long kv_head) {
    return (const char *)page + (size_t)(kv_heads + kv_head) * head_bytes(format, head_dim);
}
// int8: the scales behind a head's keys or values, a bf16 per position.
ANNIE_INLINE const uint16_t *scales_of(const char *keys_or_values, long head_dim) {
    return (const uint16_t *)(keys_or_values + ANNIE_PAGE_TOKENS * head_dim);
}

// int8: a prepared query has codes of 16 bits, as head_dim high bytes and head_dim low bytes, both signed; then this.
typedef struct {
    float scale;
    int32_t high_offset, low_offset;  // -128 times the sum of the bytes: what the bias of the keys adds
} int8_query_tail;

typedef struct {
    const attention_shape *shape;
    void *const *pages;    // of the chunk's first page
    long kv_head;
    const char *queries;   // prepared, head_dim * 4 bytes apart
    long rows;             // at most attention_rows_at_once
    // Keys of the chunk each row sees, 0 ... 256. Where it is 0 the record is meaningless.
    long visible[attention_rows_at_once];
    long most_visible, least_visible;
    bool has_next;         // another chunk follows in these pages
    float *records;
} attention_task;

typedef struct {
    void (*prepare_query)(void *out, const float *q, annie_kv_format format, long head_dim);
    void (*attend)(const attention_task *task);
    void (*merge)(float *record, const float *next, long head_dim);
    void (*finish)(float *out, const float *record, long head_dim);
    // One position's key and value into a page's head, as ANNIE_KV_INT8 has them.
    void (*store_int8)(char *keys, char *values, long head_dim, long slot, const float *key, const float *value);
} attention_kernels;

extern const attention_kernels attention_portable;
#if defined(__x86_64__)
extern const attention_kernels attention_avx2;
extern const attention_kernels attention_avx512;
#endif

#endif
