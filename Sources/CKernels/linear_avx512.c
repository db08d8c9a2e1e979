// The table of AVX-512 products.
#include "linear_avx512.h"

#include "linear_f32_body.h"

#if defined(__x86_64__)
ANNIE_LINEAR_F32_FUNCTIONS(avx512, ANNIE_TARGET_AVX512)

const linear_kernels linear_avx512 = {
    .to_rounded = convert_rounded_avx512,
    .to_int8 = convert_int8_avx512,
    .to_bf16 = convert_bf16_avx512,
    .f32 = {f32_f32_avx512, bf16_f32_avx512, int8_f32_avx512, nvfp4_f32_avx512},
    .bf16 = {[ANNIE_WEIGHT_BF16] = linear_bf16_bf16_avx512,
             [ANNIE_WEIGHT_INT8] = linear_int8_bf16_avx512,
             [ANNIE_WEIGHT_NVFP4] = linear_nvfp4_bf16_avx512},
    .int8 = {[ANNIE_WEIGHT_INT8] = linear_int8_int8_avx512, [ANNIE_WEIGHT_NVFP4] = linear_nvfp4_int8_avx512},
};
#endif
