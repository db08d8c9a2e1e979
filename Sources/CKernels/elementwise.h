// Row operations, per instruction set.
#ifndef ANNIE_ELEMENTWISE_H
#define ANNIE_ELEMENTWISE_H

#include <stddef.h>

typedef struct {
    void (*rms_norm)(float *y, const float *x, long columns, const float *weight, float offset, float epsilon);
    void (*rotary)(float *x, long heads, long head_dim, long half, const float *cosines, const float *sines);
    void (*swiglu)(float *y, const float *gate, const float *up, long columns);
    void (*add)(float *y, const float *x, size_t count);
    void (*silu_gate)(float *x, const float *gate, long columns);
    void (*sigmoid_gate)(float *x, const float *gate, long columns);
} elementwise_kernels;

extern const elementwise_kernels elementwise_portable;
#if defined(__x86_64__)
extern const elementwise_kernels elementwise_avx2;
extern const elementwise_kernels elementwise_avx512;
#endif

#endif
