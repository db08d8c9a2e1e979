// The AVX-512 products, a file per pair of formats.
#ifndef ANNIE_LINEAR_AVX512_H
#define ANNIE_LINEAR_AVX512_H

#include "linear.h"

#if defined(__x86_64__)
void convert_int8_avx512(void *block, long r, long rows, const float *x, long columns, bool for_nvfp4);
void convert_bf16_avx512(void *block, long r, long rows, const float *x, long columns, bool for_nvfp4);
void linear_nvfp4_int8_avx512(const linear_job *job, long t0, long t1, long b0, long b1);
void linear_int8_int8_avx512(const linear_job *job, long t0, long t1, long b0, long b1);
void linear_bf16_bf16_avx512(const linear_job *job, long t0, long t1, long b0, long b1);
void linear_int8_bf16_avx512(const linear_job *job, long t0, long t1, long b0, long b1);
void linear_nvfp4_bf16_avx512(const linear_job *job, long t0, long t1, long b0, long b1);
#endif

#endif
