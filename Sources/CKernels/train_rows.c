// Backward of the operations between products, loss and optimiser.
#include "train_rows.h"
#include "train_rows_body.h"

#include <stdlib.h>

ANNIE_TRAIN_ROWS(portable, )
#if defined(__x86_64__)
ANNIE_TRAIN_ROWS(avx2, ANNIE_TARGET_AVX2)
ANNIE_TRAIN_ROWS(avx512, ANNIE_TARGET_AVX512)
#endif

static const train_row_kernels *rows_current(void) {
    switch (annie_isa_current()) {
#if defined(__x86_64__)
    case ANNIE_ISA_AVX512: return &rows_avx512;
    case ANNIE_ISA_AVX2: return &rows_avx2;
#endif
    default: return &rows_portable;
    }
}

enum { values_per_chunk = 16384, most_partial_sums = 32 };

// ---- RMS norm ----

typedef struct {
    const train_row_kernels *kernels;
    float *dx, *partial;
    const float *dy, *x, *weight;
    long lddx, lddy, ldx, heads, columns, rows_per_chunk;
    float offset, epsilon;
    bool accumulates;
} norm_job;

static void norm_rows(const void *context, long first, long last) {
    const norm_job *j = context;
    float *dweight = j->partial + first / j->rows_per_chunk * j->columns;
    for (long i = first; i < last; i++) {
        long row = i / j->heads, column = i % j->heads * j->columns;
        j->kernels->norm(j->dx + row * j->lddx + column, j->accumulates, dweight, j->dy + row * j->lddy + column,
                         j->x + row * j->ldx + column, j->columns, j->weight, j->offset, j->epsilon);
    }
}

void annie_train_rms_norm_backward(annie_pool *pool, float *dx, long lddx, bool accumulates, float *dweight,
                                   const float *dy, long lddy, const float *x, long ldx, long rows, long heads,
                                   long columns, const float *weight, float offset, float epsilon) {
    long vectors = rows * heads;
    if (vectors <= 0 || columns <= 0) return;
    norm_job job = {rows_current(), dx, NULL, dy, x, weight, lddx, lddy, ldx, heads, columns, 0, offset, epsilon,
                    accumulates};
    job.rows_per_chunk = divided_up(vectors, most_partial_sums);
    if (job.rows_per_chunk < divided_up(2048, columns)) job.rows_per_chunk = divided_up(2048, columns);
    long chunks = divided_up(vectors, job.rows_per_chunk);
    job.partial = calloc((size_t)(chunks * columns), sizeof(float));
    if (job.partial == NULL) {  // no memory for partial sums: one after the other
        job.partial = dweight;
        job.rows_per_chunk = vectors;
        norm_rows(&job, 0, vectors);
        return;
    }
    train_for_rows(pool, vectors, job.rows_per_chunk, norm_rows, &job);
    for (long c = 0; c < chunks; c++) job.kernels->add(dweight, job.partial + c * columns, columns);
    free(job.partial);
}

// ---- Rows of activations ----

typedef struct {
    const train_row_kernels *kernels;
    float *y, *other;
    const float *x, *gate, *up;
    const int32_t *ids;
    long ldy, ldx, ld, columns;
    bool flag;
} row_job;

static void swiglu_rows(const void *context, long first, long last) {
    const row_job *j = context;
    for (long r = first; r < last; r++)
        j->kernels->swiglu(j->y + r * j->ld, j->other + r * j->ld, j->flag, j->x + r * j->ldx, j->gate + r * j->ld,
                           j->up + r * j->ld, j->columns);
}

train_swiglu_backward train_swiglu_backward_current(void) { return rows_current()->swiglu; }

void annie_train_swiglu_backward(annie_pool *pool, float *dgate, float *dup, bool accumulates, const float *dy,
                                 long lddy, const float *gate, const float *up, long ld, long rows, long columns) {
    row_job job = {.kernels = rows_current(), .y = dgate, .other = dup, .x = dy, .gate = gate, .up = up, .ldx = lddy,
                   .ld = ld, .columns = columns, .flag = accumulates};
    train_for_rows(pool, rows, divided_up(values_per_chunk, columns), swiglu_rows, &job);
}

static void bias_rows(const void *context, long first, long last) {
    const row_job *j = context;
    for (long r = first; r < last; r++) j->kernels->add(j->y + r * j->ldy, j->x, j->columns);
}

void annie_train_add_bias(annie_pool *pool, float *y, long ldy, const float *bias, long rows, long columns) {
    row_job job = {.kernels = rows_current(), .y = y, .x = bias, .ldy = ldy, .columns = columns};
    train_for_rows(pool, rows, divided_up(values_per_chunk, columns), bias_rows, &job);
}

// Here the chunks are columns, each summed over all rows.
static void bias_columns(const void *context, long first, long last) {
    const row_job *j = context;
    for (long r = 0; r < j->ld; r++) j->kernels->add(j->y + first, j->x + r * j->ldx + first, last - first);
}

void annie_train_bias_backward(annie_pool *pool, float *dbias, const float *dy, long lddy, long rows, long columns) {
    row_job job = {.kernels = rows_current(), .y = dbias, .x = dy, .ldx = lddy, .ld = rows, .columns = columns};
    train_for_rows(pool, columns, 256, bias_columns, &job);
}

static void gather_rows(const void *context, long first, long last) {
    const row_job *j = context;
    for (long r = first; r < last; r++) {
        const float *row = j->x + (long)j->ids[r] * j->columns;
        if (j->flag)
            j->kernels->round(j->y + r * j->columns, row, j->columns);
        else
            memcpy(j->y + r * j->columns, row, (size_t)j->columns * sizeof(float));
    }
}

void annie_train_gather(annie_pool *pool, float *y, const float *table, long columns, const int32_t *ids, long rows,
                        bool rounds) {
    row_job job = {.kernels = rows_current(), .y = y, .x = table, .ids = ids, .columns = columns, .flag = rounds};
    train_for_rows(pool, rows, divided_up(values_per_chunk, columns), gather_rows, &job);
}

// Chunks are columns: rows with the same id are then added by one thread, in their order.
static void scatter_columns(const void *context, long first, long last) {
    const row_job *j = context;
    for (long r = 0; r < j->ld; r++)
        j->kernels->add(j->y + (long)j->ids[r] * j->columns + first, j->x + r * j->columns + first, last - first);
}

void annie_train_scatter_add(annie_pool *pool, float *table, long columns, const int32_t *ids, const float *dy,
                             long rows) {
    row_job job = {.kernels = rows_current(), .y = table, .x = dy, .ids = ids, .ld = rows, .columns = columns};
    train_for_rows(pool, columns, 256, scatter_columns, &job);
}

static void round_values(const void *context, long first, long last) {
    const row_job *j = context;
    j->kernels->round(j->y + first, j->x + first, last - first);
}

void annie_train_round_bf16(annie_pool *pool, float *y, const float *x, size_t count) {
    row_job job = {.kernels = rows_current(), .y = y, .x = x};
    train_for_rows(pool, (long)count, values_per_chunk, round_values, &job);
}

void annie_train_clip_gradient(float *dx, const float *x, long count, float limit) {
    for (long i = 0; i < count; i++) dx[i] = fabsf(x[i]) > limit ? 0.0f : dx[i];
}

// ---- Loss and optimiser ----

typedef struct {
    const train_row_kernels *kernels;
    const annie_train_loss *loss;
} loss_job;

static void loss_rows(const void *context, long first, long last) {
    const loss_job *j = context;
    for (long r = first; r < last; r++) j->kernels->loss(j->loss, r);
}

void annie_train_loss_run(annie_pool *pool, const annie_train_loss *loss) {
    loss_job job = {rows_current(), loss};
    train_for_rows(pool, loss->rows, 1, loss_rows, &job);
}

typedef struct {
    const train_row_kernels *kernels;
    const annie_train_adamw *options;
    float *values, *first, *second;
    const float *gradients;
    double *sums;
} optimiser_job;

enum { values_per_sum = 1 << 18 };

static void sum_values(const void *context, long first, long last) {
    const optimiser_job *j = context;
    j->sums[first / values_per_sum] = j->kernels->squares(j->gradients + first, last - first);
}

double annie_train_sum_of_squares(annie_pool *pool, const float *x, size_t count) {
    if (count == 0) return 0;
    long chunks = divided_up((long)count, values_per_sum);
    optimiser_job job = {.kernels = rows_current(), .gradients = x, .sums = calloc((size_t)chunks, sizeof(double))};
    double total = 0;
    if (job.sums == NULL) {
        for (long c = 0; c < chunks; c++) {
            long first = c * values_per_sum, left = (long)count - first;
            total += job.kernels->squares(x + first, left < values_per_sum ? left : values_per_sum);
        }
        return total;
    }
    train_for_rows(pool, (long)count, values_per_sum, sum_values, &job);
    for (long c = 0; c < chunks; c++) total += job.sums[c];
    free(job.sums);
    return total;
}

static void adamw_values(const void *context, long first, long last) {
    const optimiser_job *j = context;
    j->kernels->adamw(j->options, j->values + first, j->gradients + first, j->first + first, j->second + first,
                      last - first);
}

void annie_train_adamw_run(annie_pool *pool, const annie_train_adamw *options, float *values, const float *gradients,
                           float *first, float *second, size_t count) {
    optimiser_job job = {rows_current(), options, values, first, second, gradients, NULL};
    train_for_rows(pool, (long)count, values_per_chunk, adamw_values, &job);
}
