#include "train_attention.h"

#include <math.h>

static const i32x16 lane_numbers = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

ANNIE_INLINE float softmax_row_body(float *scores, long valid, float scale, float *maximum, float *sum) {
    f32x16 largest = (f32x16)-INFINITY;
    for (int i = 0; i < block_rows; i += 16) {
        f32x16 s = f32x16_load(scores + i) * scale;
        s = lane_numbers + i < (int)valid ? s : (f32x16)-INFINITY;
        largest = s > largest ? s : largest;
    }
    float before = *maximum, now = f32x16_maximum(largest);
    now = now > before ? now : before;
    f32x16 total = (f32x16)0.0f;
    for (int i = 0; i < block_rows; i += 16) {
        f32x16 p = f32x16_exp(f32x16_load(scores + i) * scale - now);
        p = lane_numbers + i < (int)valid ? p : (f32x16)0.0f;
        total += p;
        f32x16_store(scores + i, p);
    }
    float factor = before == -INFINITY ? 0.0f : expf(before - now);
    *maximum = now;
    *sum = *sum * factor + f32x16_sum(total);
    return factor;
}

ANNIE_INLINE void gradient_row_body(float *scores, float *dprobabilities, long valid, float scale, float log_sum_exp,
                                    float delta) {
    for (int i = 0; i < block_rows; i += 16) {
        f32x16 p = f32x16_exp(f32x16_load(scores + i) * scale - log_sum_exp);
        f32x16 ds = p * (f32x16_load(dprobabilities + i) - delta) * scale;
        f32x16_store(scores + i, lane_numbers + i < (int)valid ? p : (f32x16)0.0f);
        f32x16_store(dprobabilities + i, lane_numbers + i < (int)valid ? ds : (f32x16)0.0f);
    }
}

ANNIE_INLINE void scale_row_body(float *x, long count, float factor) {
    for (long i = 0; i < count; i++) x[i] *= factor;
}

ANNIE_INLINE float dot_body(const float *x, const float *y, long count) {
    f32x16 sum = (f32x16)0.0f;
    long i = 0;
    for (; i + 16 <= count; i += 16) sum += f32x16_load(x + i) * f32x16_load(y + i);
    if (i < count) sum += f32x16_load_first(x + i, count - i) * f32x16_load_first(y + i, count - i);
    return f32x16_sum(sum);
}

#define ANNIE_ATTENTION_ROWS(suffix, target)                                                                           \
    target static float softmax_row_##suffix(float *scores, long valid, float scale, float *maximum, float *sum) {     \
        return softmax_row_body(scores, valid, scale, maximum, sum);                                                   \
    }                                                                                                                  \
    target static void gradient_row_##suffix(float *scores, float *dprobabilities, long valid, float scale,            \
                                             float log_sum_exp, float delta) {                                         \
        gradient_row_body(scores, dprobabilities, valid, scale, log_sum_exp, delta);                                   \
    }                                                                                                                  \
    target static void scale_row_##suffix(float *x, long count, float factor) { scale_row_body(x, count, factor); }    \
    target static float dot_##suffix(const float *x, const float *y, long count) { return dot_body(x, y, count); }     \
    const train_attention_rows train_attention_rows_##suffix = {softmax_row_##suffix, gradient_row_##suffix,           \
                                                                scale_row_##suffix, dot_##suffix};

ANNIE_ATTENTION_ROWS(portable, )
#if defined(__x86_64__)
ANNIE_ATTENTION_ROWS(avx2, ANNIE_TARGET_AVX2)
ANNIE_ATTENTION_ROWS(avx512, ANNIE_TARGET_AVX512)
#endif

const train_attention_rows *train_attention_rows_current(void) {
    switch (annie_isa_current()) {
#if defined(__x86_64__)
    case ANNIE_ISA_AVX512: return &train_attention_rows_avx512;
    case ANNIE_ISA_AVX2: return &train_attention_rows_avx2;
#endif
    default: return &train_attention_rows_portable;
    }
}
