// Learned scales of NVFP4 blocks: Learned Step Size Quantization (https://arxiv.org/abs/1902.08153), of blocks whose scale
// is rounded to e4m3. The forms of the gradient differ in speed only: nothing is fused, and sums have one order.
#include "nvfp4_body.h"
#include "train.h"

enum { blocks_per_chunk = 4096 };

typedef void (*learned_gradient)(float *dw, float *dranges, const float *weights, const uint8_t *scales, long blocks,
                                 float tensor_scale, float factor);

ANNIE_INLINE void learned_gradient_body(float *dw, float *dranges, const float *weights, const uint8_t *scales,
                                        long blocks, float tensor_scale, float factor) {
#pragma STDC FP_CONTRACT OFF
    for (long b = 0; b < blocks; b++) {
        f32x16 gradient = f32x16_load(dw + b * 16);
        f32x16 v = f32x16_load(weights + b * 16) / (f32_from_e4m3(scales[b]) * tensor_scale);
        f32x16 code = e2m1_values(e2m1_codes(v));
        i32x16 saturates = (v > 6.0f) | (v < -6.0f);
        f32x16 slope = saturates ? code : code - v;
        dranges[b] = f32x16_sum(gradient * slope) * factor;
        f32x16_store(dw + b * 16, saturates ? (f32x16)0.0f : gradient);
    }
}

#define ANNIE_LEARNED_GRADIENT(suffix, target)                                                                         \
    target static void learned_gradient_##suffix(float *dw, float *dranges, const float *weights,                      \
                                                 const uint8_t *scales, long blocks, float tensor_scale,               \
                                                 float factor) {                                                       \
        learned_gradient_body(dw, dranges, weights, scales, blocks, tensor_scale, factor);                             \
    }

ANNIE_LEARNED_GRADIENT(portable, )
#if defined(__x86_64__)
ANNIE_LEARNED_GRADIENT(avx2, ANNIE_TARGET_AVX2)
ANNIE_LEARNED_GRADIENT(avx512, ANNIE_TARGET_AVX512)
#endif

static learned_gradient current(void) {
    switch (annie_isa_current()) {
#if defined(__x86_64__)
    case ANNIE_ISA_AVX512: return learned_gradient_avx512;
    case ANNIE_ISA_AVX2: return learned_gradient_avx2;
#endif
    default: return learned_gradient_portable;
    }
}

typedef struct {
    learned_gradient gradient;
    float *ranges, *dw;
    const float *weights;
    uint8_t *scales;
    const uint8_t *const_scales;
    float tensor_scale, factor;
} learned_job;

static void measure_ranges(const void *context, long first, long last) {
    const learned_job *j = context;
    float divisor = 6.0f * j->tensor_scale;
    for (long b = first; b < last; b++) {
        float amax = block_amax(f32x16_load(j->weights + b * 16));
        // nvfp4_scale makes 1 of a quotient of 0.
        j->ranges[b] = amax / divisor == 0.0f ? divisor : amax;
    }
}

void annie_train_learned_ranges(annie_pool *pool, float *ranges, const float *weights, long blocks,
                                float tensor_scale) {
    learned_job job = {.ranges = ranges, .weights = weights, .tensor_scale = tensor_scale};
    train_for_rows(pool, blocks, blocks_per_chunk, measure_ranges, &job);
}

static void settle_scales(const void *context, long first, long last) {
    const learned_job *j = context;
    float divisor = 6.0f * j->tensor_scale, least = divisor * 0x1p-9f, most = divisor * 448.0f;
    for (long b = first; b < last; b++) {
        float range = j->ranges[b];
        range = range < least ? least : range > most ? most : range;
        j->ranges[b] = range;
        j->scales[b] = nvfp4_scale(range, divisor);
    }
}

void annie_train_learned_scales(annie_pool *pool, uint8_t *scales, float *ranges, long blocks, float tensor_scale) {
    learned_job job = {.ranges = ranges, .scales = scales, .tensor_scale = tensor_scale};
    train_for_rows(pool, blocks, blocks_per_chunk, settle_scales, &job);
}

static void gradient_blocks(const void *context, long first, long last) {
    const learned_job *j = context;
    j->gradient(j->dw + first * 16, j->ranges + first, j->weights + first * 16, j->const_scales + first, last - first,
                j->tensor_scale, j->factor);
}

void annie_train_learned_gradient(annie_pool *pool, float *dw, float *dranges, const float *weights,
                                  const uint8_t *scales, long blocks, float tensor_scale, float gradient_scale) {
    learned_job job = {.gradient = current(), .ranges = dranges, .dw = dw, .weights = weights, .const_scales = scales,
                       .tensor_scale = tensor_scale, .factor = gradient_scale / 6.0f};
    train_for_rows(pool, blocks, blocks_per_chunk, gradient_blocks, &job);
}
