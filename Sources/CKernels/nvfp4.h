// Encoding and decoding NVFP4 rows, per instruction set. The forms differ in speed only: they contain no fused
// operations, so all of them give ModelOpt's bits.
#ifndef ANNIE_NVFP4_H
#define ANNIE_NVFP4_H

#include "annie_kernels.h"

typedef struct {
    void (*quantize_row)(uint8_t *codes, uint8_t *scales, const void *in, bool is_bf16, long columns,
                         float tensor_scale, annie_nvfp4_method method);
    void (*dequantize_row)(void *out, bool is_bf16, const uint8_t *codes, const uint8_t *scales, long columns,
                           float tensor_scale);
} nvfp4_kernels;

extern const nvfp4_kernels nvfp4_portable;
#if defined(__x86_64__)
extern const nvfp4_kernels nvfp4_avx2;
extern const nvfp4_kernels nvfp4_avx512;
#endif

#endif
