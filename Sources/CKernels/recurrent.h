// The kernels of recurrent layers, per instruction set.
#ifndef ANNIE_RECURRENT_H
#define ANNIE_RECURRENT_H

#include "layout.h"

// What the tokens of one value head bring, ready to use; a token's values are a row apart.
typedef struct {
    const float *q, *k;  // normalised; q scaled
    long ldqk;
    const float *v;
    long ldv;
    const float *beta, *decay, *kq;  // kq: the product of q and k
    long ldgates, ldkq;
    long rows, key_dim;
} delta_tokens;

// Columns of the state that one call works on: two blocks of 16, so that what it reads again for each token stays in the
// first-level cache, and each broadcast key serves twice.
enum { delta_columns = 32 };

typedef struct {
    // y[c] = silu(sum_j weight[c, j] * taps[j][c])
    void (*convolution)(float *y, const float *const *taps, const float *weight, long channels, long kernel);
    // out[t, columns] of up to delta_columns columns, v's and state's pointers at the first of them.
    void (*delta)(float *out, long ldo, float *state, const delta_tokens *tokens, long columns);
    // y = x * rsqrt(sum(x^2) + 1e-6) * scale
    void (*l2_norm)(float *y, const float *x, long count, float scale);
    float (*dot)(const float *x, const float *y, long count);
} recurrent_kernels;

extern const recurrent_kernels recurrent_portable;
#if defined(__x86_64__)
extern const recurrent_kernels recurrent_avx2;
extern const recurrent_kernels recurrent_avx512;
#endif

// Floats of one value head's state.
ANNIE_INLINE long delta_head_floats(const annie_delta_shape *shape) {
    return divided_up(shape->value_dim, 16) * 16 * shape->key_dim;
}

// Features of a row of q, k and v.
ANNIE_INLINE long delta_input_columns(const annie_delta_shape *shape) {
    return 2 * shape->key_heads * shape->key_dim + shape->value_heads * shape->value_dim;
}

#endif
