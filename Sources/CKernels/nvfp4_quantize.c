#include "dispatch.h"
#include "nvfp4_body.h"

ANNIE_NVFP4_FUNCTIONS(portable, )
#if defined(__x86_64__)
ANNIE_NVFP4_FUNCTIONS(avx2, ANNIE_TARGET_AVX2)
ANNIE_NVFP4_FUNCTIONS(avx512, ANNIE_TARGET_AVX512)
#endif

typedef struct {
    const nvfp4_kernels *kernels;
    uint8_t *codes, *scales;
    const uint8_t *const_codes, *const_scales;
    const char *in;
    char *out;
    bool is_bf16;
    long rows, columns, rows_per_chunk;
    float tensor_scale;
    annie_nvfp4_method method;
} conversion;

static void quantize_chunk(void *context, long chunk) {
    const conversion *c = context;
    long last = (chunk + 1) * c->rows_per_chunk;
    for (long r = chunk * c->rows_per_chunk; r < last && r < c->rows; r++)
        c->kernels->quantize_row(c->codes + r * (c->columns / 2), c->scales + r * (c->columns / 16),
                                 c->in + r * c->columns * (c->is_bf16 ? 2 : 4), c->is_bf16, c->columns,
                                 c->tensor_scale, c->method);
}

static void dequantize_chunk(void *context, long chunk) {
    const conversion *c = context;
    long last = (chunk + 1) * c->rows_per_chunk;
    for (long r = chunk * c->rows_per_chunk; r < last && r < c->rows; r++)
        c->kernels->dequantize_row(c->out + r * c->columns * (c->is_bf16 ? 2 : 4), c->is_bf16,
                                   c->const_codes + r * (c->columns / 2), c->const_scales + r * (c->columns / 16),
                                   c->columns, c->tensor_scale);
}

// About 16k values a chunk.
static void run(annie_pool *pool, annie_task task, conversion *c) {
    if (c->rows <= 0 || c->columns <= 0) return;
    c->kernels = &annie_kernels_current()->nvfp4;
    c->rows_per_chunk = divided_up(16384, c->columns);
    annie_pool_run(pool, divided_up(c->rows, c->rows_per_chunk), task, c);
}

void annie_nvfp4_quantize(annie_pool *pool, uint8_t *codes, uint8_t *scales, const void *in, bool is_bf16, long rows,
                          long columns, float tensor_scale, annie_nvfp4_method method) {
    conversion c = {.codes = codes, .scales = scales, .in = in, .is_bf16 = is_bf16, .rows = rows, .columns = columns,
                    .tensor_scale = tensor_scale, .method = method};
    run(pool, quantize_chunk, &c);
}

void annie_nvfp4_dequantize(annie_pool *pool, void *out, bool is_bf16, const uint8_t *codes, const uint8_t *scales,
                            long rows, long columns, float tensor_scale) {
    conversion c = {.out = out, .const_codes = codes, .const_scales = scales, .is_bf16 = is_bf16, .rows = rows,
                    .columns = columns, .tensor_scale = tensor_scale};
    run(pool, dequantize_chunk, &c);
}
