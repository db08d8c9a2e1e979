#include "dispatch.h"
#include "elementwise_body.h"

ANNIE_ELEMENTWISE_FUNCTIONS(portable, )
#if defined(__x86_64__)
ANNIE_ELEMENTWISE_FUNCTIONS(avx2, ANNIE_TARGET_AVX2)
ANNIE_ELEMENTWISE_FUNCTIONS(avx512, ANNIE_TARGET_AVX512)
#endif

// Less work than this is done before another thread would have woken.
enum { worth_sharing = 32768 };

typedef struct {
    const elementwise_kernels *kernels;
    float *y;
    const float *x, *other, *weight, *cosines, *sines;
    const int32_t *position;
    long ldy, ldx, rows, columns, heads, head_dim, rotary_dim, rows_per_chunk;
    float offset, epsilon;
} row_operation;

static void run(annie_pool *pool, annie_task task, row_operation *operation, long row_size) {
    long rows = operation->rows;
    if (rows <= 0 || row_size <= 0) return;
    operation->kernels = &annie_kernels_current()->elementwise;
    bool shares = rows * row_size >= worth_sharing;
    operation->rows_per_chunk = shares ? divided_up(8192, row_size) : rows;
    annie_pool_run(shares ? pool : NULL, divided_up(rows, operation->rows_per_chunk), task, operation);
}

static long last_row(const row_operation *o, long chunk) {
    long last = (chunk + 1) * o->rows_per_chunk;
    return last < o->rows ? last : o->rows;
}

static void rms_norm_chunk(void *context, long chunk) {
    const row_operation *o = context;
    for (long r = chunk * o->rows_per_chunk; r < last_row(o, chunk); r++)
        o->kernels->rms_norm(o->y + r * o->ldy, o->x + r * o->ldx, o->columns, o->weight, o->offset, o->epsilon);
}

void annie_rms_norm(annie_pool *pool, float *y, long ldy, const float *x, long ldx, long rows, long columns,
                    const float *weight, float offset, float epsilon) {
    row_operation operation = {.y = y, .ldy = ldy, .x = x, .ldx = ldx, .rows = rows, .columns = columns,
                               .weight = weight, .offset = offset, .epsilon = epsilon};
    run(pool, rms_norm_chunk, &operation, columns);
}

static void head_norm_chunk(void *context, long chunk) {
    const row_operation *o = context;
    for (long r = chunk * o->rows_per_chunk; r < last_row(o, chunk); r++)
        for (long h = 0; h < o->heads; h++) {
            float *head = o->y + r * o->ldy + h * o->head_dim;
            o->kernels->rms_norm(head, head, o->head_dim, o->weight, o->offset, o->epsilon);
        }
}

void annie_head_norm(annie_pool *pool, float *x, long ldx, long rows, long heads, long head_dim, const float *weight,
                     float offset, float epsilon) {
    row_operation operation = {.y = x, .ldy = ldx, .rows = rows, .heads = heads, .head_dim = head_dim,
                               .weight = weight, .offset = offset, .epsilon = epsilon};
    run(pool, head_norm_chunk, &operation, heads * head_dim);
}

static void rotary_chunk(void *context, long chunk) {
    const row_operation *o = context;
    long half = o->rotary_dim / 2;
    for (long r = chunk * o->rows_per_chunk; r < last_row(o, chunk); r++) {
        long position = o->position[r];
        o->kernels->rotary(o->y + r * o->ldy, o->heads, o->head_dim, half, o->cosines + position * half,
                           o->sines + position * half);
    }
}

void annie_rotary(annie_pool *pool, float *x, long ldx, long rows, long heads, long head_dim, long rotary_dim,
                  const int32_t *position, const float *cosines, const float *sines) {
    row_operation operation = {.y = x, .ldy = ldx, .rows = rows, .heads = heads, .head_dim = head_dim,
                               .rotary_dim = rotary_dim, .position = position, .cosines = cosines, .sines = sines};
    run(pool, rotary_chunk, &operation, heads * rotary_dim);
}

static void swiglu_chunk(void *context, long chunk) {
    const row_operation *o = context;
    for (long r = chunk * o->rows_per_chunk; r < last_row(o, chunk); r++)
        o->kernels->swiglu(o->y + r * o->ldy, o->x + r * o->ldx, o->other + r * o->ldx, o->columns);
}

void annie_swiglu(annie_pool *pool, float *y, long ldy, const float *gate, const float *up, long ld_in, long rows,
                  long columns) {
    row_operation operation = {.y = y, .ldy = ldy, .x = gate, .other = up, .ldx = ld_in, .rows = rows,
                               .columns = columns};
    run(pool, swiglu_chunk, &operation, columns);
}

static void gated_head_norm_chunk(void *context, long chunk) {
    const row_operation *o = context;
    for (long r = chunk * o->rows_per_chunk; r < last_row(o, chunk); r++)
        for (long h = 0; h < o->heads; h++) {
            float *head = o->y + r * o->ldy + h * o->head_dim;
            o->kernels->rms_norm(head, head, o->head_dim, o->weight, o->offset, o->epsilon);
            o->kernels->silu_gate(head, o->x + r * o->ldx + h * o->head_dim, o->head_dim);
        }
}

void annie_gated_head_norm(annie_pool *pool, float *x, long ldx, const float *gate, long ldgate, long rows, long heads,
                           long head_dim, const float *weight, float offset, float epsilon) {
    row_operation operation = {.y = x, .ldy = ldx, .x = gate, .ldx = ldgate, .rows = rows, .heads = heads,
                               .head_dim = head_dim, .weight = weight, .offset = offset, .epsilon = epsilon};
    run(pool, gated_head_norm_chunk, &operation, heads * head_dim);
}

static void sigmoid_gate_chunk(void *context, long chunk) {
    const row_operation *o = context;
    for (long r = chunk * o->rows_per_chunk; r < last_row(o, chunk); r++)
        o->kernels->sigmoid_gate(o->y + r * o->ldy, o->x + r * o->ldx, o->columns);
}

void annie_sigmoid_gate(annie_pool *pool, float *x, long ldx, const float *gate, long ldgate, long rows, long columns) {
    row_operation operation = {.y = x, .ldy = ldx, .x = gate, .ldx = ldgate, .rows = rows, .columns = columns};
    run(pool, sigmoid_gate_chunk, &operation, columns);
}

typedef struct {
    row_operation rows;
    float *first, *second;
} split_operation;

static void split_heads_chunk(void *context, long chunk) {
    const split_operation *o = context;
    long half = o->rows.head_dim, heads = o->rows.heads;
    for (long r = chunk * o->rows.rows_per_chunk; r < last_row(&o->rows, chunk); r++)
        for (long h = 0; h < heads; h++) {
            const float *head = o->rows.x + r * o->rows.ldx + h * 2 * half;
            memcpy(o->first + (r * heads + h) * half, head, (size_t)half * sizeof(float));
            memcpy(o->second + (r * heads + h) * half, head + half, (size_t)half * sizeof(float));
        }
}

void annie_split_heads(annie_pool *pool, float *first, float *second, const float *x, long ldx, long rows, long heads,
                       long half) {
    split_operation operation = {.rows = {.x = x, .ldx = ldx, .rows = rows, .heads = heads, .head_dim = half},
                                 .first = first, .second = second};
    run(pool, split_heads_chunk, &operation.rows, 2 * heads * half);
}

enum { values_per_add = 8192 };

static void add_chunk(void *context, long chunk) {
    const row_operation *o = context;
    long first = chunk * values_per_add, left = o->columns - first;
    o->kernels->add(o->y + first, o->x + first, (size_t)(left < values_per_add ? left : values_per_add));
}

void annie_add(annie_pool *pool, float *y, const float *x, size_t count) {
    row_operation operation = {.y = y, .x = x, .columns = (long)count};
    operation.kernels = &annie_kernels_current()->elementwise;
    annie_pool_run(count < worth_sharing ? NULL : pool, divided_up((long)count, values_per_add), add_chunk, &operation);
}
