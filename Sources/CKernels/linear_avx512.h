// The AVX-512 products, a file per pair of formats.
#ifndef ANNIE_LINEAR_AVX512_H
#define ANNIE_LINEAR_AVX512_H

#include "linear.h"

#if defined(__x86_64__)
void convert_bf16_avx512(void *block, long r, long rows, const float *x, long columns, bool for_nvfp4);
void linear_nvfp4_int8_avx512(const linear_job *job, long t0, long t1, long b0, long b1);
void linear_int8_int8_avx512(const linear_job *job, long t0, long t1, long b0, long b1);
void linear_bf16_bf16_avx512(const linear_job *job, long t0, long t1, long b0, long b1);
void linear_int8_bf16_avx512(const linear_job *job, long t0, long t1, long b0, long b1);
void linear_nvfp4_bf16_avx512(const linear_job *job, long t0, long t1, long b0, long b1);
#endif

// A kernel is compiled for each number of rows in a block, so that its sums stay in registers.
#define ANNIE_FOR_ROWS_IN_BLOCK(kernel, job, t0, t1, b0, b1)                                                           \
    switch ((job)->rows_in_block) {                                                                                    \
    case 1: kernel(job, t0, t1, b0, b1, 1); break;                                                                     \
    case 2: kernel(job, t0, t1, b0, b1, 2); break;                                                                     \
    case 3: kernel(job, t0, t1, b0, b1, 3); break;                                                                     \
    case 4: kernel(job, t0, t1, b0, b1, 4); break;                                                                     \
    case 5: kernel(job, t0, t1, b0, b1, 5); break;                                                                     \
    case 6: kernel(job, t0, t1, b0, b1, 6); break;                                                                     \
    case 7: kernel(job, t0, t1, b0, b1, 7); break;                                                                     \
    default: kernel(job, t0, t1, b0, b1, 8); break;                                                                    \
    }

#endif
