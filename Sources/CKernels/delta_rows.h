// The inputs of gated DeltaNet that every value head needs of a row: normalised queries and keys, and gates.
#ifndef ANNIE_DELTA_ROWS_H
#define ANNIE_DELTA_ROWS_H

#include "recurrent.h"

typedef struct {
    const annie_delta_shape *shape;
    const float *qkv, *b, *a, *a_log, *dt_bias;  // the matrices at row `first`
    long ldqkv, ldb, lda, first, rows, rows_per_chunk;
    float *q, *k;          // [key_heads, rows, key_dim], so that a head's tokens stream by; normalised; q scaled
    float *kq;             // [rows, key_heads]
    float *beta, *decay;   // [rows, value_heads]
} delta_rows;

size_t delta_rows_floats(const annie_delta_shape *shape, long rows);
// Prepares rows first ..< first + rows of matrices that begin at row 0.
delta_rows delta_rows_prepare(annie_pool *pool, const float *qkv, long ldqkv, const float *b, long ldb, const float *a,
                              long lda, long first, long rows, const annie_delta_shape *shape, const float *a_log,
                              const float *dt_bias, float *scratch);
// A segment's tokens as one value head sees them, values from that column on.
delta_tokens delta_tokens_of(const delta_rows *rows, const annie_recurrent_segment *segment, long head, long column);

#endif
