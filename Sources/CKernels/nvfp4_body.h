// A block of 16 values to an e4m3 scale and 16 e2m1 codes, and back: the arithmetic of ModelOpt's NVFP4QTensor,
// operation by operation (divisions are divisions, and nothing is fused).
#ifndef ANNIE_NVFP4_BODY_H
#define ANNIE_NVFP4_BODY_H

#include "numbers.h"
#include "nvfp4.h"
#include "vectors.h"

typedef struct {
    uint8_t scale;
    i32x16 codes;
    float error;  // squared, over the block
} nvfp4_block;

ANNIE_INLINE float block_amax(f32x16 w) {
    return f32_from_bits(__builtin_reduce_max(f32x16_bits(w) & 0x7FFFFFFFu));
}

// An all-zero block has scale 1, and no scale is below e4m3's smallest.
ANNIE_INLINE uint8_t nvfp4_scale(float amax, float divisor) {
    float scale = amax / divisor;
    if (amax == 0.0f || scale == 0.0f) scale = 1.0f;
    if (scale < 0x1p-9f) scale = 0x1p-9f;
    return e4m3_from_f32(scale);
}

// Ties go to the even code. A negative value that rounds to zero keeps its sign.
ANNIE_INLINE i32x16 e2m1_codes(f32x16 v) {
    f32x16 a = f32x16_from_bits(f32x16_bits(v) & 0x7FFFFFFFu);
    i32x16 below = (a > 0.25f) + (a >= 0.75f) + (a > 1.25f) + (a >= 1.75f) + (a > 2.5f) + (a >= 3.5f) + (a > 5.0f);
    return -below + ((v < 0.0f) & 8);
}

// The value of a code: its exponent and mantissa bits put where a float has them.
ANNIE_INLINE f32x16 e2m1_values(i32x16 codes) {
    u32x16 bits = __builtin_convertvector(codes, u32x16);
    return f32x16_from_bits(((bits & 7) << 22) | ((bits & 8) << 28)) * 0x1p126f;
}

ANNIE_INLINE nvfp4_block encode_block(f32x16 w, uint8_t scale, float tensor_scale, bool measures) {
#pragma STDC FP_CONTRACT OFF
    nvfp4_block block = {.scale = scale};
    float step = f32_from_e4m3(scale) * tensor_scale;
    block.codes = e2m1_codes(w / step);
    if (measures) {
        f32x16 difference = w - e2m1_values(block.codes) * step;
        block.error = f32x16_sum(difference * difference);
    }
    return block;
}

enum { mse_steps_down = 5, mse_steps_up = 3 };

// given: the block's scale, for ANNIE_NVFP4_GIVEN.
ANNIE_INLINE nvfp4_block choose_block(f32x16 w, float tensor_scale, annie_nvfp4_method method, const uint8_t *given) {
    if (method == ANNIE_NVFP4_GIVEN) return encode_block(w, *given, tensor_scale, false);
    float amax = block_amax(w);
    uint8_t scale = nvfp4_scale(amax, 6.0f * tensor_scale);
    nvfp4_block best = encode_block(w, scale, tensor_scale, method != ANNIE_NVFP4_MAX);
    if (method == ANNIE_NVFP4_MAX || !(amax > 0.0f) || scale > 0x7E) return best;
    if (method == ANNIE_NVFP4_FOUR_OVER_SIX) {
        nvfp4_block four = encode_block(w, nvfp4_scale(amax, 4.0f * tensor_scale), tensor_scale, true);
        return four.error < best.error ? four : best;
    }
    for (int candidate = scale - mse_steps_down; candidate <= scale + mse_steps_up; candidate++) {
        if (candidate < 1 || candidate > 0x7E || candidate == scale) continue;
        nvfp4_block other = encode_block(w, (uint8_t)candidate, tensor_scale, true);
        if (other.error < best.error) best = other;
    }
    return best;
}

// Sixteen codes to eight bytes, the even one low.
ANNIE_INLINE void store_codes(uint8_t *out, i32x16 codes) {
    u8x16 bytes = __builtin_convertvector(codes, u8x16);
    uint64_t halves[2];
    memcpy(halves, &bytes, 16);
    for (int i = 0; i < 2; i++) {
        uint64_t x = (halves[i] | halves[i] >> 4) & 0x00FF00FF00FF00FFu;
        x = (x | x >> 8) & 0x0000FFFF0000FFFFu;
        uint32_t four = (uint32_t)(x | x >> 16);
        memcpy(out + i * 4, &four, 4);
    }
}

ANNIE_INLINE i32x16 load_codes(const uint8_t *in) {
    uint64_t packed;
    memcpy(&packed, in, 8);
    uint64_t even = packed & 0x0F0F0F0F0F0F0F0Fu, odd = packed >> 4 & 0x0F0F0F0F0F0F0F0Fu;
    uint8_t bytes[16];
    for (int i = 0; i < 8; i++) {
        bytes[2 * i] = (uint8_t)(even >> (8 * i));
        bytes[2 * i + 1] = (uint8_t)(odd >> (8 * i));
    }
    u8x16 lanes;
    memcpy(&lanes, bytes, 16);
    return __builtin_convertvector(lanes, i32x16);
}

ANNIE_INLINE void nvfp4_quantize_row_body(uint8_t *codes, uint8_t *scales, const void *in, bool is_bf16, long columns,
                                          float tensor_scale, annie_nvfp4_method method) {
    for (long b = 0; b < columns / 16; b++) {
        f32x16 w = is_bf16 ? f32x16_from_bf16((const uint16_t *)in + b * 16) : f32x16_load((const float *)in + b * 16);
        nvfp4_block block = choose_block(w, tensor_scale, method, scales + b);
        store_codes(codes + b * 8, block.codes);
        scales[b] = block.scale;
    }
}

ANNIE_INLINE void nvfp4_dequantize_row_body(void *out, bool is_bf16, const uint8_t *codes, const uint8_t *scales,
                                            long columns, float tensor_scale) {
    for (long b = 0; b < columns / 16; b++) {
        float step = f32_from_e4m3(scales[b]) * tensor_scale;
        // Adding zero makes code 8 a positive zero, as ModelOpt's table has it.
        f32x16 w = e2m1_values(load_codes(codes + b * 8)) * step + 0.0f;
        if (is_bf16) {
            u16x16 halves = __builtin_convertvector(f32x16_bits(f32x16_rounded_to_bf16(w)) >> 16, u16x16);
            memcpy((uint16_t *)out + b * 16, &halves, 32);
        } else {
            f32x16_store((float *)out + b * 16, w);
        }
    }
}

#define ANNIE_NVFP4_FUNCTIONS(suffix, target)                                                                          \
    target static void quantize_row_##suffix(uint8_t *codes, uint8_t *scales, const void *in, bool is_bf16,            \
                                             long columns, float tensor_scale, annie_nvfp4_method method) {            \
        nvfp4_quantize_row_body(codes, scales, in, is_bf16, columns, tensor_scale, method);                            \
    }                                                                                                                  \
    target static void dequantize_row_##suffix(void *out, bool is_bf16, const uint8_t *codes, const uint8_t *scales,   \
                                               long columns, float tensor_scale) {                                     \
        nvfp4_dequantize_row_body(out, is_bf16, codes, scales, columns, tensor_scale);                                 \
    }                                                                                                                  \
    const nvfp4_kernels nvfp4_##suffix = {quantize_row_##suffix, dequantize_row_##suffix};

#endif
