// Fake quantisation: the block encoder that exports, and what its codes stand for, in one pass.
#include "nvfp4_body.h"
#include "train.h"

typedef void (*fake_quantize_row)(void *out, bool is_bf16, const float *in, long columns, float tensor_scale,
                                  annie_nvfp4_method method, const uint8_t *scales);

ANNIE_INLINE void fake_quantize_row_body(void *out, const bool is_bf16, const float *in, long columns,
                                         float tensor_scale, annie_nvfp4_method method, const uint8_t *scales) {
    for (long i = 0; i < columns; i += 16) {
        nvfp4_block block = choose_block(f32x16_load(in + i), tensor_scale, method,
                                         method == ANNIE_NVFP4_GIVEN ? scales + i / 16 : NULL);
        // Three significant bits times four: exact in bf16. Adding zero makes code 8 a positive zero.
        f32x16 values = e2m1_values(block.codes) * f32_from_e4m3(block.scale) + 0.0f;
        if (is_bf16) {
            u16x16 halves = __builtin_convertvector(f32x16_bits(values) >> 16, u16x16);
            memcpy((uint16_t *)out + i, &halves, sizeof halves);
        } else {
            f32x16_store((float *)out + i, values);
        }
    }
}

// By method outside of the loop, so that the plain rule pays nothing for the searches.
#define ANNIE_FAKE_QUANTIZE(suffix, target)                                                                            \
    target static void fake_quantize_##suffix(void *out, bool is_bf16, const float *in, long columns,                  \
                                              float tensor_scale, annie_nvfp4_method method, const uint8_t *scales) {  \
        if (method == ANNIE_NVFP4_MAX && is_bf16)                                                                      \
            fake_quantize_row_body(out, true, in, columns, tensor_scale, ANNIE_NVFP4_MAX, scales);                     \
        else if (method == ANNIE_NVFP4_MAX)                                                                            \
            fake_quantize_row_body(out, false, in, columns, tensor_scale, ANNIE_NVFP4_MAX, scales);                    \
        else if (method == ANNIE_NVFP4_GIVEN)                                                                          \
            fake_quantize_row_body(out, is_bf16, in, columns, tensor_scale, ANNIE_NVFP4_GIVEN, scales);                \
        else                                                                                                           \
            fake_quantize_row_body(out, is_bf16, in, columns, tensor_scale, method, scales);                           \
    }

ANNIE_FAKE_QUANTIZE(portable, )
#if defined(__x86_64__)
ANNIE_FAKE_QUANTIZE(avx2, ANNIE_TARGET_AVX2)
ANNIE_FAKE_QUANTIZE(avx512, ANNIE_TARGET_AVX512)
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
    for (long r = first; r < last; r++)
        f->row(f->out + r * f->columns * (f->is_bf16 ? 2 : 4), f->is_bf16, f->in + r * f->ldi, f->columns,
               f->tensor_scale, f->method, f->scales == NULL ? NULL : f->scales + r * (f->columns / 16));
}

void annie_train_fake_quantize(annie_pool *pool, void *out, bool is_bf16, const float *in, long ldi, long rows,
                               long columns, float tensor_scale, annie_nvfp4_method method, const uint8_t *scales) {
    fake_quantization f = {current(), out, in, is_bf16, ldi, columns, tensor_scale, method, scales};
    train_for_rows(pool, rows, divided_up(16384, columns), fake_quantize_rows, &f);
}
