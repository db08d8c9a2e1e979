#include "logits.h"

#include <math.h>

#include "dispatch.h"
#include "vectors.h"

ANNIE_INLINE float maximum_body(const float *x, size_t count) {
    f32x16 largest = (f32x16)-INFINITY;
    size_t i = 0;
    for (; i + 16 <= count; i += 16) {
        f32x16 v = f32x16_load(x + i);
        largest = v > largest ? v : largest;
    }
    float result = f32x16_maximum(largest);
    for (; i < count; i++) result = x[i] > result ? x[i] : result;
    return result;
}

ANNIE_INLINE size_t find_body(const float *x, size_t count, float value) {
    size_t i = 0;
    for (; i + 16 <= count; i += 16) {
        i32x16 equal = f32x16_load(x + i) == value;
        if (__builtin_reduce_or(equal) != 0) break;
    }
    while (i < count && x[i] != value) i++;
    return i;
}

// Blocks of 256 are summed in f32, the blocks in f64.
ANNIE_INLINE double sum_exp_body(const float *x, size_t count, float maximum) {
    double total = 0;
    size_t i = 0;
    while (i + 16 <= count) {
        size_t last = i + 256 <= count ? i + 256 : i + (count - i) / 16 * 16;
        f32x16 sum = (f32x16)0.0f;
        for (; i < last; i += 16) {
            f32x16 v = f32x16_load(x + i);
            sum += v == -INFINITY ? (f32x16)0.0f : f32x16_exp(v - maximum);
        }
        total += f32x16_sum(sum);
    }
    for (; i < count; i++) total += exp((double)x[i] - maximum);
    return total;
}

#define ANNIE_LOGITS_FUNCTIONS(suffix, target)                                                                         \
    target static float maximum_##suffix(const float *x, size_t count) { return maximum_body(x, count); }              \
    target static size_t find_##suffix(const float *x, size_t count, float v) { return find_body(x, count, v); }       \
    target static double sum_exp_##suffix(const float *x, size_t count, float maximum) {                               \
        return sum_exp_body(x, count, maximum);                                                                        \
    }                                                                                                                  \
    const logits_kernels logits_##suffix = {maximum_##suffix, find_##suffix, sum_exp_##suffix};

ANNIE_LOGITS_FUNCTIONS(portable, )
#if defined(__x86_64__)
ANNIE_LOGITS_FUNCTIONS(avx2, ANNIE_TARGET_AVX2)
ANNIE_LOGITS_FUNCTIONS(avx512, ANNIE_TARGET_AVX512)
#endif

long annie_argmax(const float *x, size_t count) {
    const logits_kernels *kernels = &annie_kernels_current()->logits;
    size_t index = kernels->find(x, count, kernels->maximum(x, count));
    return index < count ? (long)index : 0;
}

float annie_log_sum_exp(const float *x, size_t count) {
    const logits_kernels *kernels = &annie_kernels_current()->logits;
    float maximum = kernels->maximum(x, count);
    if (isinf(maximum)) return maximum;
    return (float)((double)maximum + log(kernels->sum_exp(x, count, maximum)));
}
