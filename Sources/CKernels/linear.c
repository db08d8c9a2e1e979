// annie_linear_run: bring the input into the kernels' form, then let the pool work through tiles and rows.
#include "dispatch.h"

typedef enum { form_f32, form_rounded, form_bf16, form_int8 } input_form;

// F32 weights are computed in f32 whatever is asked, BF16 weights in bf16 when int8 is asked.
static input_form form_of(const kernel_table *kernels, annie_weight_format format, annie_activation_format activation) {
    if (format == ANNIE_WEIGHT_F32 || activation == ANNIE_ACTIVATION_F32) return form_f32;
    if (activation == ANNIE_ACTIVATION_INT8 && format != ANNIE_WEIGHT_BF16) return form_int8;
    return kernels->linear.convert_row != NULL ? form_bf16 : form_rounded;
}

static size_t record_bytes(input_form form, long columns) {
    switch (form) {
    case form_f32: return 0;
    case form_rounded: return rounded_up_to_64((size_t)columns * 4);
    case form_bf16: return (size_t)groups_of(columns) * group_columns * 2;
    case form_int8: return int8_row_layout_of(columns).bytes;
    }
    return 0;
}

size_t annie_linear_scratch_size(const annie_linear *linear, annie_activation_format activation, long m) {
    (void)activation;  // enough for any, so that choosing another instruction set later stays safe
    size_t largest = record_bytes(form_rounded, linear->columns);
    size_t other = record_bytes(form_int8, linear->columns);
    if (record_bytes(form_bf16, linear->columns) > largest) largest = record_bytes(form_bf16, linear->columns);
    return (size_t)m * (other > largest ? other : largest);
}

typedef struct {
    linear_job job;
    linear_kernel kernel;
    const kernel_table *kernels;
    input_form form;
    const float *x;
    long ldx;
    char *records;
    long tiles, tiles_per_chunk, row_chunks, rows_per_chunk;
} linear_call;

static void convert_row(const linear_call *call, long row) {
    const annie_linear *linear = call->job.linear;
    const float *x = call->x + row * call->ldx;
    void *record = call->records + (size_t)row * call->job.stride;
    bool for_nvfp4 = linear->format == ANNIE_WEIGHT_NVFP4;
    switch (call->form) {
    case form_f32: break;
    case form_rounded: call->kernels->linear.round_row(record, x, linear->columns); break;
    case form_bf16: call->kernels->linear.convert_row(record, x, linear->columns, for_nvfp4); break;
    case form_int8: call->kernels->linear.quantize_row(record, x, linear->columns, for_nvfp4); break;
    }
}

enum { rows_per_conversion = 8 };

static void convert_chunk(void *context, long chunk) {
    const linear_call *call = context;
    long last = (chunk + 1) * rows_per_conversion;
    if (last > call->job.m) last = call->job.m;
    for (long row = chunk * rows_per_conversion; row < last; row++) convert_row(call, row);
}

static void multiply_chunk(void *context, long chunk) {
    const linear_call *call = context;
    long t0 = chunk / call->row_chunks * call->tiles_per_chunk, t1 = t0 + call->tiles_per_chunk;
    long r0 = chunk % call->row_chunks * call->rows_per_chunk, r1 = r0 + call->rows_per_chunk;
    if (t1 > call->tiles) t1 = call->tiles;
    if (r1 > call->job.m) r1 = call->job.m;
    call->kernel(&call->job, t0, t1, r0, r1);
}

// Few rows: chunks are runs of weights long enough for the memory to stream, short enough to even out. Many rows: a
// pair of tiles, which the cache holds, over up to linear_rows_at_once rows.
static void divide(linear_call *call, int threads) {
    long m = call->job.m;
    call->tiles = divided_up(call->job.linear->rows, tile_rows);
    call->row_chunks = divided_up(m, linear_rows_at_once);
    call->rows_per_chunk = divided_up(divided_up(m, call->row_chunks), 8) * 8;
    call->row_chunks = divided_up(m, call->rows_per_chunk);
    call->tiles_per_chunk = 2;
    if (m > 8) return;
    long by_threads = divided_up(call->tiles, threads * 4), by_size = (long)(128 * 1024 / call->job.tile_size);
    long tiles = by_threads < by_size ? by_threads : by_size;
    call->tiles_per_chunk = tiles < 2 ? 2 : tiles + tiles % 2;
}

void annie_linear_run(annie_pool *pool, const annie_linear *linear, annie_activation_format activation,
                      const float *x, long ldx, long m, float *y, long ldy, bool accumulate, void *scratch) {
    if (m <= 0 || linear->rows <= 0 || linear->columns <= 0) return;
    const kernel_table *kernels = annie_kernels_current();
    linear_call call = {.kernels = kernels, .x = x, .ldx = ldx, .records = scratch};
    call.form = form_of(kernels, linear->format, activation);
    call.job = (linear_job){.linear = linear, .m = m, .y = y, .ldy = ldy, .accumulate = accumulate};
    call.job.tile_size = tile_bytes(linear->format, linear->columns);
    call.job.stride = call.form == form_f32 ? (size_t)ldx * 4 : record_bytes(call.form, linear->columns);
    call.job.activations = call.form == form_f32 ? (const void *)x : scratch;
    call.kernel = call.form == form_int8   ? kernels->linear.int8[linear->format]
                  : call.form == form_bf16 ? kernels->linear.bf16[linear->format]
                                           : kernels->linear.f32[linear->format];
    if (call.form != form_f32) {
        long conversions = divided_up(m, rows_per_conversion);
        annie_pool_run(m * linear->columns < 16384 ? NULL : pool, conversions, convert_chunk, &call);
    }
    divide(&call, annie_pool_threads(pool));
    annie_pool_run(pool, divided_up(call.tiles, call.tiles_per_chunk) * call.row_chunks, multiply_chunk, &call);
}
