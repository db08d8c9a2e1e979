// The gated activation and its gradient, packed block by block as they are computed: as matrices they would be the largest
// of a step, written once and read once.
#include "dispatch.h"
#include "train_rows.h"

// Rows of a block, and its columns of gate and of up: what is computed then stays in the second-level cache until it is packed.
enum { gated_rows = panel_columns, gated_columns = 4 * panel_columns };

typedef struct {
    train_pack_kernel pack;
    void (*swiglu)(float *y, const float *gate, const float *up, long columns);
    train_swiglu_backward swiglu_backward;
    char *left, *transposed;  // the second may be NULL
    const float *dy, *gate, *up;
    long lddy, ld, rows, columns, row_blocks;
    bool streams;
} gated_job;

static gated_job job_of(annie_train_precision precision, long values) {
    return (gated_job){.pack = train_kernels_current()->packs[precision],
                       .swiglu = annie_kernels_current()->elementwise.swiglu,
                       .swiglu_backward = train_swiglu_backward_current(),
                       .streams = train_streams(values)};
}

static train_block gated_block(const gated_job *job, long chunk) {
    long row = chunk % job->row_blocks * gated_rows, column = chunk / job->row_blocks * gated_columns;
    long last_row = row + gated_rows, last_column = column + gated_columns;
    return (train_block){row, last_row < job->rows ? last_row : job->rows, column,
                         last_column < job->columns ? last_column : job->columns, job->streams};
}

// Values of a block, to be addressed as those of the whole matrix are.
static annie_train_source within_matrix(const float *values, long row, long column) {
    uintptr_t offset = (uintptr_t)(row * gated_columns + column) * sizeof(float);
    return (annie_train_source){(const void *)((uintptr_t)values - offset), false, gated_columns};
}

// The last block takes what pads its matrix along.
static void pack_gated(const gated_job *job, train_form form, char *out, const float *values, long columns,
                       train_block block, long column) {
    block.first_column += column;
    block.last_column += column;
    block.last_row = block.first_row + gated_rows;
    job->pack(form, out, within_matrix(values, block.first_row, block.first_column), job->rows, columns, block);
}

static void run(annie_pool *pool, annie_task task, gated_job *job) {
    if (job->rows <= 0 || job->columns <= 0) return;
    job->row_blocks = divided_up(job->rows, gated_rows);
    annie_pool_run(pool, job->row_blocks * divided_up(job->columns, gated_columns), task, job);
}

static void gate_block(void *context, long chunk) {
    const gated_job *job = context;
    train_block block = gated_block(job, chunk);
    _Alignas(64) float values[gated_rows * gated_columns];
    for (long row = block.first_row; row < block.last_row; row++) {
        long from = row * job->ld + block.first_column;
        job->swiglu(values + (row - block.first_row) * gated_columns, job->gate + from, job->up + from,
                    block.last_column - block.first_column);
    }
    pack_gated(job, form_left, job->left, values, job->columns, block, 0);
}

void annie_train_pack_left_gated(annie_pool *pool, annie_train_precision precision, void *left, const float *gate,
                                 const float *up, long ld, long rows, long columns) {
    gated_job job = job_of(precision, rows * columns);
    job.left = left, job.gate = gate, job.up = up, job.ld = ld, job.rows = rows, job.columns = columns;
    run(pool, gate_block, &job);
}

static void go_back(void *context, long chunk) {
    const gated_job *job = context;
    train_block block = gated_block(job, chunk);
    _Alignas(64) float dgate[gated_rows * gated_columns];
    _Alignas(64) float dup[gated_rows * gated_columns];
    for (long row = block.first_row; row < block.last_row; row++) {
        long from = row * job->ld + block.first_column, to = (row - block.first_row) * gated_columns;
        job->swiglu_backward(dgate + to, dup + to, false, job->dy + row * job->lddy + block.first_column,
                             job->gate + from, job->up + from, block.last_column - block.first_column);
    }
    for (int i = 0; i < 2; i++) {
        const float *values = i == 0 ? dgate : dup;
        long column = i * job->columns;
        if (job->left) pack_gated(job, form_left, job->left, values, 2 * job->columns, block, column);
        if (job->transposed)
            pack_gated(job, form_left_transposed, job->transposed, values, 2 * job->columns, block, column);
    }
}

void annie_train_pack_gated_backward(annie_pool *pool, annie_train_precision precision, void *left, void *transposed,
                                     const float *dy, long lddy, const float *gate, const float *up, long ld, long rows,
                                     long columns) {
    gated_job job = job_of(precision, rows * columns);
    job.left = left, job.transposed = transposed, job.dy = dy, job.lddy = lddy;
    job.gate = gate, job.up = up, job.ld = ld, job.rows = rows, job.columns = columns;
    run(pool, go_back, &job);
}
