// Reductions over a row of logits, per instruction set.
#ifndef ANNIE_LOGITS_H
#define ANNIE_LOGITS_H

#include <stddef.h>

typedef struct {
    float (*maximum)(const float *x, size_t count);         // NaN left out; -infinity if nothing is left
    size_t (*find)(const float *x, size_t count, float value);  // first index of a value, or count
    double (*sum_exp)(const float *x, size_t count, float maximum);
} logits_kernels;

extern const logits_kernels logits_portable;
#if defined(__x86_64__)
extern const logits_kernels logits_avx2;
extern const logits_kernels logits_avx512;
#endif

#endif
