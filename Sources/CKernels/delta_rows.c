#include "delta_rows.h"

#include <math.h>

#include "dispatch.h"

size_t delta_rows_floats(const annie_delta_shape *shape, long rows) {
    long per_row = 2 * shape->key_heads * shape->key_dim + shape->key_heads + 2 * shape->value_heads;
    return (size_t)(rows * per_row);
}

// As the reference implementations: above 20 the logarithm would only lose the argument's bits.
static float softplus(float x) { return x > 20 ? x : log1pf(expf(x)); }

static void prepare_row(const delta_rows *d, const recurrent_kernels *kernels, long row) {
    const annie_delta_shape *shape = d->shape;
    long width = shape->key_heads * shape->key_dim;
    const float *q = d->qkv + row * d->ldqkv, *k = q + width;
    for (long h = 0; h < shape->key_heads; h++) {
        long own = (h * d->rows + row) * shape->key_dim;
        float *own_q = d->q + own, *own_k = d->k + own;
        kernels->l2_norm(own_q, q + h * shape->key_dim, shape->key_dim, 1 / sqrtf((float)shape->key_dim));
        kernels->l2_norm(own_k, k + h * shape->key_dim, shape->key_dim, 1);
        d->kq[row * shape->key_heads + h] = kernels->dot(own_q, own_k, shape->key_dim);
    }
    for (long h = 0; h < shape->value_heads; h++) {
        float step = softplus(d->a[row * d->lda + h] + d->dt_bias[h]);
        d->decay[row * shape->value_heads + h] = expf(-expf(d->a_log[h]) * step);
        d->beta[row * shape->value_heads + h] = 1 / (1 + expf(-d->b[row * d->ldb + h]));
    }
}

static void prepare_rows(void *context, long chunk) {
    const delta_rows *d = context;
    long last = (chunk + 1) * d->rows_per_chunk;
    for (long row = chunk * d->rows_per_chunk; row < last && row < d->rows; row++)
        prepare_row(d, &annie_kernels_current()->recurrent, row);
}

delta_rows delta_rows_prepare(annie_pool *pool, const float *qkv, long ldqkv, const float *b, long ldb, const float *a,
                              long lda, long first, long rows, const annie_delta_shape *shape, const float *a_log,
                              const float *dt_bias, float *scratch) {
    long keys = rows * shape->key_heads * shape->key_dim, gates = rows * shape->value_heads;
    delta_rows d = {.shape = shape, .qkv = qkv + first * ldqkv, .b = b + first * ldb, .a = a + first * lda,
                    .a_log = a_log, .dt_bias = dt_bias, .ldqkv = ldqkv, .ldb = ldb, .lda = lda, .first = first,
                    .rows = rows, .rows_per_chunk = 4};
    d.q = scratch;
    d.k = d.q + keys;
    d.beta = d.k + keys;
    d.decay = d.beta + gates;
    d.kq = d.decay + gates;
    annie_pool_run(pool, divided_up(rows, d.rows_per_chunk), prepare_rows, &d);
    return d;
}

delta_tokens delta_tokens_of(const delta_rows *d, const annie_recurrent_segment *segment, long head, long column) {
    const annie_delta_shape *shape = d->shape;
    long key_head = head / (shape->value_heads / shape->key_heads), width = shape->key_heads * shape->key_dim;
    long row = segment->first_row - d->first, own = (key_head * d->rows + row) * shape->key_dim;
    return (delta_tokens){
        .q = d->q + own,
        .k = d->k + own,
        .ldqk = shape->key_dim,
        .v = d->qkv + row * d->ldqkv + 2 * width + head * shape->value_dim + column,
        .ldv = d->ldqkv,
        .beta = d->beta + row * shape->value_heads + head,
        .decay = d->decay + row * shape->value_heads + head,
        .kq = d->kq + row * shape->key_heads + key_head,
        .ldgates = shape->value_heads,
        .ldkq = shape->key_heads,
        .rows = segment->rows,
        .key_dim = shape->key_dim,
    };
}
