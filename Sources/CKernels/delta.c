// First every row's keys, queries and gates are made ready; then each value head's columns, which are independent of
// each other, go through all tokens with their part of the state in the first-level cache.
#include "dispatch.h"
#include "delta_rows.h"

typedef struct {
    delta_rows rows;
    const recurrent_kernels *kernels;
    const annie_recurrent_segment *segments;
    float *out;
    long ldo;
} gated_delta;

size_t annie_delta_state_floats(const annie_delta_shape *shape) {
    return (size_t)(shape->value_heads * delta_head_floats(shape));
}

size_t annie_gated_delta_scratch_size(const annie_delta_shape *shape, long rows) {
    return delta_rows_floats(shape, rows) * sizeof(float);
}

static void run_columns(void *context, long chunk) {
    const gated_delta *g = context;
    const annie_delta_shape *shape = g->rows.shape;
    long parts = divided_up(shape->value_dim, delta_columns);
    long part = chunk % parts, head = chunk / parts % shape->value_heads;
    const annie_recurrent_segment *segment = &g->segments[chunk / parts / shape->value_heads];
    long column = part * delta_columns, left = shape->value_dim - column;
    delta_tokens tokens = delta_tokens_of(&g->rows, segment, head, column);
    g->kernels->delta(g->out + segment->first_row * g->ldo + head * shape->value_dim + column, g->ldo,
                      segment->state + head * delta_head_floats(shape) + column * shape->key_dim, &tokens,
                      left < delta_columns ? left : delta_columns);
}

void annie_gated_delta(annie_pool *pool, float *out, long ldo, const float *qkv, long ldqkv, const float *b, long ldb,
                       const float *a, long lda, const annie_recurrent_segment *segments, long count,
                       const annie_delta_shape *shape, const float *a_log, const float *dt_bias, void *scratch) {
    if (count == 0) return;
    long first = segments[0].first_row, end = first;
    for (long i = 0; i < count; i++) {
        if (segments[i].first_row < first) first = segments[i].first_row;
        if (segments[i].first_row + segments[i].rows > end) end = segments[i].first_row + segments[i].rows;
    }
    gated_delta g = {.kernels = &annie_kernels_current()->recurrent, .segments = segments, .out = out, .ldo = ldo};
    g.rows = delta_rows_prepare(pool, qkv, ldqkv, b, ldb, a, lda, first, end - first, shape, a_log, dt_bias, scratch);
    annie_pool_run(pool, count * shape->value_heads * divided_up(shape->value_dim, delta_columns), run_columns, &g);
}
