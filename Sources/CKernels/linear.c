// annie_linear_run: bring the input into the kernels' form, then let the pool work through tiles and rows.
#include "dispatch.h"

typedef enum { form_f32, form_rounded, form_bf16, form_int8 } input_form;

// F32 weights are computed in f32 whatever is asked, BF16 weights in bf16 when int8 is asked.
static input_form form_of(const kernel_table *kernels, annie_weight_format format, annie_activation_format activation) {
    if (format == ANNIE_WEIGHT_F32 || activation == ANNIE_ACTIVATION_F32) return form_f32;
    if (activation == ANNIE_ACTIVATION_INT8 && format != ANNIE_WEIGHT_BF16) return form_int8;
    return kernels->linear.to_bf16 != NULL ? form_bf16 : form_rounded;
}

static size_t row_bytes(input_form form, long columns) {
    switch (form) {
    case form_f32: return 0;
    case form_rounded: return rounded_up_to_64((size_t)columns * 4);
    case form_bf16: return (size_t)groups_of(columns) * bf16_group_row_bytes;
    case form_int8: return (size_t)groups_of(columns) * int8_row_bytes;
    }
    return 0;
}

// Blocks of equal size, so that little is wasted on rows of zeros.
static long rows_in_block(long m) { return divided_up(m, divided_up(m, rows_per_block)); }

size_t annie_linear_scratch_size(const annie_linear *linear, annie_activation_format activation, long m) {
    (void)activation;  // enough for any, so that choosing another instruction set later stays safe
    if (m <= 0) return 0;
    long rows = rows_in_block(m) * divided_up(m, rows_in_block(m));
    return rounded_up_to_64((size_t)rows * row_bytes(form_rounded, groups_of(linear->columns) * group_columns));
}

typedef struct {
    linear_job job;
    linear_kernel kernel;
    convert_row convert;
    const float *x;
    long ldx;
    char *scratch;
    long blocks, tiles, tiles_per_chunk, blocks_per_chunk, block_chunks;
} linear_call;

static void convert_block(void *context, long block) {
    const linear_call *call = context;
    const annie_linear *linear = call->job.linear;
    long rows = call->job.rows_in_block;
    for (long r = 0; r < rows; r++) {
        long row = block * rows + r;
        call->convert(call->scratch + (size_t)block * call->job.block_bytes, r, rows,
                      row < call->job.m ? call->x + row * call->ldx : NULL, linear->columns,
                      linear->format == ANNIE_WEIGHT_NVFP4);
    }
}

static void multiply_chunk(void *context, long chunk) {
    const linear_call *call = context;
    long t0 = chunk / call->block_chunks * call->tiles_per_chunk, t1 = t0 + call->tiles_per_chunk;
    long b0 = chunk % call->block_chunks * call->blocks_per_chunk, b1 = b0 + call->blocks_per_chunk;
    if (t1 > call->tiles) t1 = call->tiles;
    if (b1 > call->blocks) b1 = call->blocks;
    call->kernel(&call->job, t0, t1, b0, b1);
}

// Each thread takes long runs of weights, so that what it fetches ahead is its own: taken in turns, short runs reach half
// the bandwidth, and less where the processors share no cache. With few rows one run for each thread; with many, several,
// so that a thread that was held up leaves the rest to others.
static void divide(linear_call *call, int threads) {
    call->tiles = divided_up(call->job.linear->rows, tile_rows);
    call->block_chunks = divided_up(call->blocks, blocks_at_once);
    call->blocks_per_chunk = divided_up(call->blocks, call->block_chunks);
    call->block_chunks = divided_up(call->blocks, call->blocks_per_chunk);
    long runs = threads * (call->blocks > most_streaming_blocks ? 4 : 1);
    long share = divided_up(call->tiles, runs), longest = (long)(512 * 1024 / call->job.tile_size);
    call->tiles_per_chunk = share < longest ? share : longest;
    call->tiles_per_chunk += call->tiles_per_chunk % 2;  // kernels take them in pairs
    if (call->tiles_per_chunk < 2) call->tiles_per_chunk = 2;
}

static void choose(linear_call *call, const linear_kernels *kernels, input_form form) {
    annie_weight_format format = call->job.linear->format;
    switch (form) {
    case form_f32:
    case form_rounded:
        call->kernel = kernels->f32[format];
        call->convert = kernels->to_rounded;
        break;
    case form_bf16:
        call->kernel = kernels->bf16[format];
        call->convert = kernels->to_bf16;
        break;
    case form_int8:
        call->kernel = kernels->int8[format];
        call->convert = kernels->to_int8;
        break;
    }
}

void annie_linear_run(annie_pool *pool, const annie_linear *linear, annie_activation_format activation,
                      const float *x, long ldx, long m, float *y, long ldy, bool accumulate, void *scratch) {
    if (m <= 0 || linear->rows <= 0 || linear->columns <= 0) return;
    const kernel_table *kernels = annie_kernels_current();
    input_form form = form_of(kernels, linear->format, activation);
    linear_call call = {.x = x, .ldx = ldx, .scratch = scratch};
    call.job = (linear_job){.linear = linear, .m = m, .y = y, .ldy = ldy, .accumulate = accumulate};
    choose(&call, &kernels->linear, form);
    call.job.tile_size = tile_bytes(linear->format, linear->columns);
    call.job.rows_in_block = rows_in_block(m);
    call.job.row_bytes = form == form_f32 ? (size_t)ldx * sizeof(float) : row_bytes(form, linear->columns);
    call.job.block_bytes = (size_t)call.job.rows_in_block * call.job.row_bytes;
    call.job.activations = form == form_f32 ? (const void *)x : scratch;
    call.blocks = divided_up(m, call.job.rows_in_block);
    if (form != form_f32) annie_pool_run(m * linear->columns < 16384 ? NULL : pool, call.blocks, convert_block, &call);
    divide(&call, annie_pool_threads(pool));
    annie_pool_run(pool, divided_up(call.tiles, call.tiles_per_chunk) * call.block_chunks, multiply_chunk, &call);
}
