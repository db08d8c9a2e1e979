#include "dispatch.h"

enum { rows_per_gate_chunk = 4 };

typedef struct {
    const recurrent_backward_kernels *kernels;
    float *dx, *dgate, *dweight, *factors;
    const float *dy, *x, *gate, *weight;
    long lddx, lddgate, lddy, ldx, ldgate, rows, heads, columns;  // columns: of a head
    float offset, epsilon;
} gate_backward;

static long end_of(const gate_backward *g, long chunk) {
    long end = (chunk + 1) * rows_per_gate_chunk;
    return end < g->rows ? end : g->rows;
}

static void head_norm_rows(void *context, long chunk) {
    const gate_backward *g = context;
    for (long row = chunk * rows_per_gate_chunk; row < end_of(g, chunk); row++)
        for (long h = 0; h < g->heads; h++) {
            long at = h * g->columns;
            g->factors[row * g->heads + h] = g->kernels->gated_norm(
                g->dx + row * g->lddx + at, g->dgate + row * g->lddgate + at, g->dy + row * g->lddy + at,
                g->x + row * g->ldx + at, g->gate + row * g->ldgate + at, g->columns, g->weight, g->offset, g->epsilon);
        }
}

static void factor_rows(void *context, long chunk) {
    const gate_backward *g = context;
    for (long row = chunk * rows_per_gate_chunk; row < end_of(g, chunk); row++)
        for (long h = 0; h < g->heads; h++) {
            const float *x = g->x + row * g->ldx + h * g->columns;
            float squares = annie_kernels_current()->recurrent.dot(x, x, g->columns);
            g->factors[row * g->heads + h] = 1.0f / __builtin_sqrtf(squares / (float)g->columns + g->epsilon);
        }
}

static void head_norm_weight(void *context, long chunk) {
    const gate_backward *g = context;
    long column = chunk * backward_columns, left = g->columns - column;
    for (long row = 0; row < g->rows; row++)
        for (long h = 0; h < g->heads; h++) {
            long at = h * g->columns + column;
            g->kernels->gated_norm_weight(g->dweight + column, g->dy + row * g->lddy + at, g->x + row * g->ldx + at,
                                          g->gate + row * g->ldgate + at, g->factors[row * g->heads + h],
                                          left < backward_columns ? left : backward_columns);
        }
}

void annie_gated_head_norm_backward(annie_pool *pool, float *dx, long lddx, float *dgate, long lddgate, float *dweight,
                                    const float *dy, long lddy, const float *x, long ldx, const float *gate,
                                    long ldgate, long rows, long heads, long head_dim, const float *weight,
                                    float offset, float epsilon, float *scratch) {
    gate_backward g = {.kernels = &annie_kernels_current()->recurrent_backward, .dx = dx, .lddx = lddx, .dgate = dgate,
                       .lddgate = lddgate, .dweight = dweight, .dy = dy, .lddy = lddy, .x = x, .ldx = ldx, .gate = gate,
                       .ldgate = ldgate, .rows = rows, .heads = heads, .columns = head_dim, .weight = weight,
                       .offset = offset, .epsilon = epsilon, .factors = scratch};
    long chunks = divided_up(rows, rows_per_gate_chunk);
    // The weight first: it reads dy, which dx may replace.
    annie_pool_run(pool, chunks, factor_rows, &g);
    annie_pool_run(pool, divided_up(head_dim, backward_columns), head_norm_weight, &g);
    annie_pool_run(pool, chunks, head_norm_rows, &g);
}

static void sigmoid_rows(void *context, long chunk) {
    const gate_backward *g = context;
    for (long row = chunk * rows_per_gate_chunk; row < end_of(g, chunk); row++)
        g->kernels->sigmoid_gate(g->dx + row * g->lddx, g->dgate + row * g->lddgate, g->dy + row * g->lddy,
                                 g->x + row * g->ldx, g->gate + row * g->ldgate, g->columns);
}

void annie_sigmoid_gate_backward(annie_pool *pool, float *dx, long lddx, float *dgate, long lddgate, const float *dy,
                                 long lddy, const float *x, long ldx, const float *gate, long ldgate, long rows,
                                 long columns) {
    gate_backward g = {.kernels = &annie_kernels_current()->recurrent_backward, .dx = dx, .lddx = lddx, .dgate = dgate,
                       .lddgate = lddgate, .dy = dy, .lddy = lddy, .x = x, .ldx = ldx, .gate = gate, .ldgate = ldgate,
                       .rows = rows, .columns = columns};
    annie_pool_run(pool, divided_up(rows, rows_per_gate_chunk), sigmoid_rows, &g);
}

typedef struct {
    float *x;
    const float *first, *second;
    long ldx, ldfirst, ldsecond, rows, heads, half;
} join;

static void join_rows(void *context, long row) {
    const join *j = context;
    size_t bytes = (size_t)j->half * sizeof(float);
    for (long h = 0; h < j->heads; h++) {
        float *head = j->x + row * j->ldx + h * 2 * j->half;
        memcpy(head, j->first + row * j->ldfirst + h * j->half, bytes);
        memcpy(head + j->half, j->second + row * j->ldsecond + h * j->half, bytes);
    }
}

void annie_join_heads(annie_pool *pool, float *x, long ldx, const float *first, long ldfirst, const float *second,
                      long ldsecond, long rows, long heads, long half) {
    join j = {x, first, second, ldx, ldfirst, ldsecond, rows, heads, half};
    annie_pool_run(pool, rows, join_rows, &j);
}
