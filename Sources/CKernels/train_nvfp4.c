// Fake quantisation: the block encoder that exports, and what its codes stand for, in one pass.
#include "train.h"
#include "train_nvfp4_group.h"

typedef void (*fake_quantize_row)(void *out, bool is_bf16, const float *in, long columns, float tensor_scale,
                                  annie_nvfp4_method method, const uint8_t *scales);

ANNIE_INLINE void store_values(void *out, const bool is_bf16, long column, f32x16 values) {
    if (is_bf16) {
        // Three significant bits times four: exact in bf16.
        u16x16 halves = __builtin_convertvector(f32x16_bits(values) >> 16, u16x16);
        memcpy((uint16_t *)out + column, &halves, sizeof halves);
    } else {
        f32x16_store((float *)out + column, values);
    }
}

ANNIE_INLINE void fake_quantize_blocks(void *out, const bool is_bf16, const float *in, long first, long last,
                                       float tensor_scale, annie_nvfp4_method method, const uint8_t *scales) {
    for (long i = first; i < last; i += 16) {
        nvfp4_block block = choose_block(f32x16_load(in + i), tensor_scale, method,
                                         method == ANNIE_NVFP4_GIVEN ? scales + i / 16 : NULL);
        // Adding zero makes code 8 a positive zero.
        store_values(out, is_bf16, i, e2m1_values(block.codes) * f32_from_e4m3(block.scale) + 0.0f);
    }
}

// Sixteen blocks at a time, where the rule has such a form.
ANNIE_INLINE void fake_quantize_groups(void *out, const bool is_bf16, const float *in, long columns,
                                       float tensor_scale, annie_nvfp4_method method) {
    long column = 0;
    for (; column + group_values <= columns; column += group_values) {
        f32x16 w[group_blocks], values[group_blocks];
        for (int i = 0; i < group_blocks; i++) w[i] = f32x16_load(in + column + i * 16);
        if (!fake_quantize_group(values, w, tensor_scale, method)) {
            fake_quantize_blocks(out, is_bf16, in, column, column + group_values, tensor_scale, method, NULL);
            continue;
        }
        for (int i = 0; i < group_blocks; i++) store_values(out, is_bf16, column + i * 16, values[i]);
    }
    fake_quantize_blocks(out, is_bf16, in, column, columns, tensor_scale, method, NULL);
}

#define ANNIE_FAKE_QUANTIZE(suffix, target, max_form, four_over_six_form)                                              \
    target static void fake_quantize_##suffix(void *out, bool is_bf16, const float *in, long columns,                  \
                                              float tensor_scale, annie_nvfp4_method method, const uint8_t *scales) {  \
        if (method == ANNIE_NVFP4_MAX)                                                                                 \
            max_form(ANNIE_NVFP4_MAX);                                                                                 \
        else if (method == ANNIE_NVFP4_FOUR_OVER_SIX)                                                                  \
            four_over_six_form(ANNIE_NVFP4_FOUR_OVER_SIX);                                                             \
        else                                                                                                           \
            ANNIE_BY_BLOCKS(method);                                                                                   \
    }
// By type and method outside of the loops, so that a plain rule pays nothing for the searches of others.
#define ANNIE_BY_BLOCKS(method)                                                                                        \
    (is_bf16 ? fake_quantize_blocks(out, true, in, 0, columns, tensor_scale, method, scales)                           \
             : fake_quantize_blocks(out, false, in, 0, columns, tensor_scale, method, scales))
#define ANNIE_BY_GROUPS(method)                                                                                        \
    (is_bf16 ? fake_quantize_groups(out, true, in, columns, tensor_scale, method)                                      \
             : fake_quantize_groups(out, false, in, columns, tensor_scale, method))

ANNIE_FAKE_QUANTIZE(portable, , ANNIE_BY_BLOCKS, ANNIE_BY_BLOCKS)
#if defined(__x86_64__)
ANNIE_FAKE_QUANTIZE(avx2, ANNIE_TARGET_AVX2, ANNIE_BY_BLOCKS, ANNIE_BY_BLOCKS)
ANNIE_FAKE_QUANTIZE(avx512, ANNIE_TARGET_AVX512, ANNIE_BY_GROUPS, ANNIE_BY_GROUPS)
#endif

static fake_quantize_row current(void) {
    switch (annie_isa_current()) {
#if defined(__x86_64__)
    case ANNIE_ISA_AVX512: return fake_quantize_avx512;
    case ANNIE_ISA_AVX2: return fake_quantize_avx2;
#endif
    default: return fake_quantize_portable;
    }
}

// Sixteen rows of any width are whole groups, so that only the last rows are done block by block.
enum { values_per_chunk = 64 * group_values, rows_of_groups = 16 };

typedef struct {
    fake_quantize_row row;
    char *out;
    const float *in;
    bool is_bf16;
    long ldi, columns;
    float tensor_scale;
    annie_nvfp4_method method;
    const uint8_t *scales;
} fake_quantization;

static void fake_quantize_rows(const void *context, long first, long last) {
    const fake_quantization *f = context;
    // Rows without gaps are one long row.
    long rows_at_once = f->ldi == f->columns ? last - first : 1;
    for (long r = first; r < last; r += rows_at_once)
        f->row(f->out + r * f->columns * (f->is_bf16 ? 2 : 4), f->is_bf16, f->in + r * f->ldi,
               f->columns * rows_at_once, f->tensor_scale, f->method,
               f->scales == NULL ? NULL : f->scales + r * (f->columns / 16));
}

void annie_train_fake_quantize(annie_pool *pool, void *out, bool is_bf16, const float *in, long ldi, long rows,
                               long columns, float tensor_scale, annie_nvfp4_method method, const uint8_t *scales) {
    fake_quantization f = {current(), out, in, is_bf16, ldi, columns, tensor_scale, method, scales};
    long rows_per_chunk = divided_up(divided_up(values_per_chunk, columns), rows_of_groups) * rows_of_groups;
    train_for_rows(pool, rows, rows_per_chunk, fake_quantize_rows, &f);
}
