// A key head and the value heads that read with it are one piece of work, because they add to the same gradients: so the
// order of every sum is fixed, whatever the number of threads.
#include <math.h>
#include <stdatomic.h>

#include "delta_rows.h"
#include "dispatch.h"

typedef struct {
    const recurrent_backward_kernels *kernels;
    delta_rows rows;
    const annie_delta_gradients *gradients;
    const annie_recurrent_backward_segment *segments;
    long count;
    const float *dout;
    long lddout;
    float *dq, *dk, *dbeta, *ddecay;  // of the normalised q and k, and of the gates
    float *workplaces;
    long workplace_floats;
    atomic_long next_head;
} backward;

static long total_rows(const annie_recurrent_backward_segment *segments, long count) {
    long rows = 0;
    for (long i = 0; i < count; i++)
        if (segments[i].first_row + segments[i].rows > rows) rows = segments[i].first_row + segments[i].rows;
    return rows;
}

static long workplace_floats(const annie_delta_shape *shape, const annie_recurrent_backward_segment *segments,
                             long count) {
    long rows = 0;
    for (long i = 0; i < count; i++)
        if (segments[i].rows > rows) rows = segments[i].rows;
    return padded_to_16(delta_backward_floats(rows, shape->key_dim));
}

static long gradient_floats(const annie_delta_shape *shape, long rows) {
    return rows * (2 * shape->key_heads * shape->key_dim + 2 * shape->value_heads);
}

size_t annie_gated_delta_backward_scratch_size(annie_pool *pool, const annie_delta_shape *shape,
                                               const annie_recurrent_backward_segment *segments, long count) {
    long rows = total_rows(segments, count);
    return ((size_t)gradient_floats(shape, rows) + delta_rows_floats(shape, rows)
            + (size_t)(annie_pool_threads(pool) * workplace_floats(shape, segments, count)))
           * sizeof(float);
}

static void run_part(const backward *b, const annie_recurrent_backward_segment *segment, long head, long column,
                     float *scratch) {
    const annie_delta_shape *shape = b->rows.shape;
    long key_head = head / (shape->value_heads / shape->key_heads), width = shape->key_heads * shape->key_dim;
    long row = segment->first_row, left = shape->value_dim - column;
    long state = head * delta_head_floats(shape) + column * shape->key_dim;
    annie_recurrent_segment forward = {.first_row = row, .rows = segment->rows};
    delta_part part = {
        .tokens = delta_tokens_of(&b->rows, &forward, head, column),
        .dout = b->dout + row * b->lddout + head * shape->value_dim + column,
        .lddout = b->lddout,
        .dv = b->gradients->qkv + row * b->gradients->ldqkv + 2 * width + head * shape->value_dim + column,
        .lddv = b->gradients->ldqkv,
        .dq = b->dq + (key_head * b->rows.rows + row) * shape->key_dim,
        .dk = b->dk + (key_head * b->rows.rows + row) * shape->key_dim,
        .dbeta = b->dbeta + row * shape->value_heads + head,
        .ddecay = b->ddecay + row * shape->value_heads + head,
        .state = segment->state + state,
        .state_gradient = segment->state_gradient + state,
        .scratch = scratch,
        .width = left < backward_columns ? left : backward_columns,
    };
    b->kernels->delta(&part);
    if (segment->parent < 0) return;
    float *target = b->segments[segment->parent].state_gradient + state;
    for (long i = 0; i < backward_columns * shape->key_dim; i++) target[i] += part.state_gradient[i];
}

static void run_heads(void *context, long chunk) {
    backward *b = context;
    const annie_delta_shape *shape = b->rows.shape;
    float *scratch = b->workplaces + chunk * b->workplace_floats;
    long ratio = shape->value_heads / shape->key_heads;
    for (;;) {
        long key_head = atomic_fetch_add(&b->next_head, 1);
        if (key_head >= shape->key_heads) return;
        for (long i = b->count - 1; i >= 0; i--)
            for (long head = key_head * ratio; head < (key_head + 1) * ratio; head++)
                for (long column = 0; column < shape->value_dim; column += backward_columns)
                    run_part(b, &b->segments[i], head, column, scratch);
    }
}

// From the normalised q and k to what came in.
static void finish_rows(void *context, long chunk) {
    const backward *b = context;
    const delta_rows *d = &b->rows;
    const annie_delta_shape *shape = d->shape;
    long width = shape->key_heads * shape->key_dim, last = (chunk + 1) * d->rows_per_chunk;
    for (long row = chunk * d->rows_per_chunk; row < last && row < d->rows; row++)
        for (long h = 0; h < shape->key_heads; h++) {
            long at = h * shape->key_dim, own = (h * d->rows + row) * shape->key_dim;
            const float *x = d->qkv + row * d->ldqkv + at;
            float *dx = b->gradients->qkv + row * b->gradients->ldqkv + at;
            b->kernels->l2_norm(dx, b->dq + own, x, shape->key_dim, 1 / sqrtf((float)shape->key_dim));
            b->kernels->l2_norm(dx + width, b->dk + own, x + width, shape->key_dim, 1);
        }
}

static void finish_gates(void *context, long head) {
    const backward *b = context;
    const delta_rows *d = &b->rows;
    long heads = d->shape->value_heads;
    float rate = expf(d->a_log[head]), da_log = 0, ddt_bias = 0;
    for (long row = 0; row < d->rows; row++) {
        long at = row * heads + head;
        float beta = d->beta[at], decay = d->decay[at], x = d->a[row * d->lda + head] + d->dt_bias[head];
        float step = x > 20 ? x : log1pf(expf(x));
        float dstep = b->ddecay[at] * decay * -rate, da = dstep / (1 + expf(-x));
        b->gradients->b[row * b->gradients->ldb + head] = b->dbeta[at] * beta * (1 - beta);
        b->gradients->a[row * b->gradients->lda + head] = da;
        ddt_bias += da;
        da_log += dstep * step;
    }
    b->gradients->a_log[head] += da_log;
    b->gradients->dt_bias[head] += ddt_bias;
}

void annie_gated_delta_backward(annie_pool *pool, const annie_delta_gradients *gradients, const float *dout, long lddout,
                                const annie_delta_inputs *inputs, const annie_recurrent_backward_segment *segments,
                                long count, void *scratch) {
    const annie_delta_shape *shape = inputs->shape;
    long rows = total_rows(segments, count), width = shape->key_heads * shape->key_dim;
    backward b = {.kernels = &annie_kernels_current()->recurrent_backward, .gradients = gradients, .segments = segments,
                  .count = count, .dout = dout, .lddout = lddout};
    b.dq = scratch;
    b.dk = b.dq + rows * width;
    b.dbeta = b.dk + rows * width;
    b.ddecay = b.dbeta + rows * shape->value_heads;
    float *prepared = b.ddecay + rows * shape->value_heads;
    b.workplaces = prepared + delta_rows_floats(shape, rows);
    b.workplace_floats = workplace_floats(shape, segments, count);
    memset(b.dq, 0, (size_t)gradient_floats(shape, rows) * sizeof(float));
    b.rows = delta_rows_prepare(pool, inputs->qkv, inputs->ldqkv, inputs->b, inputs->ldb, inputs->a, inputs->lda, 0,
                                rows, shape, inputs->a_log, inputs->dt_bias, prepared);
    atomic_init(&b.next_head, 0);
    annie_pool_run(pool, annie_pool_threads(pool), run_heads, &b);
    annie_pool_run(pool, divided_up(rows, b.rows.rows_per_chunk), finish_rows, &b);
    annie_pool_run(pool, shape->value_heads, finish_gates, &b);
}
