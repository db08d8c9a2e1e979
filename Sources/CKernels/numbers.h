// Scalar conversions that other kernels inline.
#ifndef ANNIE_NUMBERS_H
#define ANNIE_NUMBERS_H

#include <stdint.h>
#include <string.h>

static inline float f32_from_bits(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline uint32_t bits_from_f32(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline float f32_from_bf16(uint16_t half) { return f32_from_bits((uint32_t)half << 16); }

static inline uint16_t bf16_from_f32(float value) {
    uint32_t bits = bits_from_f32(value);
    uint32_t rounded = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16, quiet = bits >> 16 | 0x40;
    return (uint16_t)((bits & 0x7FFFFFFF) > 0x7F800000 ? quiet : rounded);
}

static inline float f32_from_e4m3(uint8_t byte) {
    if ((byte & 0x7F) == 0x7F) return f32_from_bits(0x7FC00000u | (uint32_t)(byte & 0x80) << 24);
    return f32_from_bits((uint32_t)(byte & 0x7F) << 20 | (uint32_t)(byte & 0x80) << 24) * 0x1p120f;
}

static inline uint8_t e4m3_from_f32(float value) {
    uint32_t bits = bits_from_f32(value), magnitude = bits & 0x7FFFFFFF, sign = bits >> 24 & 0x80;
    if (magnitude > 0x7F800000) return (uint8_t)(sign | 0x7F);
    if (magnitude >= 0x43E00000) return (uint8_t)(sign | 0x7E);  // 448
    // Below 2^-6 the steps are 2^-9 wide: adding 2^14 (whose last bit is worth 2^-9) rounds there.
    if (magnitude < 0x3C800000) return (uint8_t)(sign | (bits_from_f32(f32_from_bits(magnitude) + 0x1p14f) & 0xF));
    uint32_t rounded = magnitude + 0x7FFFF + (magnitude >> 20 & 1);
    return (uint8_t)(sign | ((rounded >> 20) - (120u << 3)));
}

#endif
