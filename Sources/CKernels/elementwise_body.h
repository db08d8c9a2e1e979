// The operations between products, one row at a time. Lanes past the end of a row are zeros.
#ifndef ANNIE_ELEMENTWISE_BODY_H
#define ANNIE_ELEMENTWISE_BODY_H

#include <math.h>

#include "vectors.h"

ANNIE_INLINE f32x16 load_up_to_16(const float *p, long left) {
    return left >= 16 ? f32x16_load(p) : f32x16_load_first(p, left);
}

ANNIE_INLINE void store_up_to_16(float *p, f32x16 v, long left) {
    if (left >= 16)
        f32x16_store(p, v);
    else
        f32x16_store_first(p, v, left);
}

ANNIE_INLINE void rms_norm_body(float *y, const float *x, long columns, const float *weight, float offset,
                                float epsilon) {
    f32x16 squares[4] = {(f32x16)0.0f, (f32x16)0.0f, (f32x16)0.0f, (f32x16)0.0f};
    long i = 0;
    for (; i + 64 <= columns; i += 64)
        for (int j = 0; j < 4; j++) {
            f32x16 v = f32x16_load(x + i + j * 16);
            squares[j] = v * v + squares[j];
        }
    for (; i < columns; i += 16) {
        f32x16 v = load_up_to_16(x + i, columns - i);
        squares[0] = v * v + squares[0];
    }
    float sum = f32x16_sum((squares[0] + squares[1]) + (squares[2] + squares[3]));
    float scale = 1.0f / sqrtf(sum / (float)columns + epsilon);
    for (i = 0; i < columns; i += 16) {
        f32x16 v = load_up_to_16(x + i, columns - i), w = load_up_to_16(weight + i, columns - i);
        store_up_to_16(y + i, (v * scale) * (w + offset), columns - i);
    }
}

ANNIE_INLINE void rotary_body(float *x, long heads, long head_dim, long half, const float *cosines,
                              const float *sines) {
    for (long h = 0; h < heads; h++) {
        float *low = x + h * head_dim, *high = low + half;
        for (long i = 0; i < half; i += 16) {
            long left = half - i;
            f32x16 a = load_up_to_16(low + i, left), b = load_up_to_16(high + i, left);
            f32x16 c = load_up_to_16(cosines + i, left), s = load_up_to_16(sines + i, left);
            f32x16 minus_bs = -(b * s), as = a * s;
            store_up_to_16(low + i, a * c + minus_bs, left);
            store_up_to_16(high + i, b * c + as, left);
        }
    }
}

ANNIE_INLINE void swiglu_body(float *y, const float *gate, const float *up, long columns) {
    for (long i = 0; i < columns; i += 16) {
        f32x16 g = load_up_to_16(gate + i, columns - i), u = load_up_to_16(up + i, columns - i);
        store_up_to_16(y + i, g / (1.0f + f32x16_exp(-g)) * u, columns - i);
    }
}

ANNIE_INLINE void silu_gate_body(float *x, const float *gate, long columns) {
    for (long i = 0; i < columns; i += 16) {
        f32x16 g = load_up_to_16(gate + i, columns - i), v = load_up_to_16(x + i, columns - i);
        store_up_to_16(x + i, v * (g / (1.0f + f32x16_exp(-g))), columns - i);
    }
}

ANNIE_INLINE void sigmoid_gate_body(float *x, const float *gate, long columns) {
    for (long i = 0; i < columns; i += 16) {
        f32x16 g = load_up_to_16(gate + i, columns - i), v = load_up_to_16(x + i, columns - i);
        store_up_to_16(x + i, v / (1.0f + f32x16_exp(-g)), columns - i);
    }
}

ANNIE_INLINE void add_body(float *y, const float *x, size_t count) {
    for (size_t i = 0; i < count; i++) y[i] += x[i];
}

#define ANNIE_ELEMENTWISE_FUNCTIONS(suffix, target)                                                                    \
    target static void rms_norm_##suffix(float *y, const float *x, long columns, const float *weight, float offset,    \
                                         float epsilon) {                                                              \
        rms_norm_body(y, x, columns, weight, offset, epsilon);                                                         \
    }                                                                                                                  \
    target static void rotary_##suffix(float *x, long heads, long head_dim, long half, const float *cosines,           \
                                       const float *sines) {                                                           \
        rotary_body(x, heads, head_dim, half, cosines, sines);                                                         \
    }                                                                                                                  \
    target static void swiglu_##suffix(float *y, const float *gate, const float *up, long columns) {                   \
        swiglu_body(y, gate, up, columns);                                                                             \
    }                                                                                                                  \
    target static void add_##suffix(float *y, const float *x, size_t count) { add_body(y, x, count); }                 \
    target static void silu_gate_##suffix(float *x, const float *gate, long columns) {                                 \
        silu_gate_body(x, gate, columns);                                                                              \
    }                                                                                                                  \
    target static void sigmoid_gate_##suffix(float *x, const float *gate, long columns) {                              \
        sigmoid_gate_body(x, gate, columns);                                                                           \
    }                                                                                                                  \
    const elementwise_kernels elementwise_##suffix = {rms_norm_##suffix, rotary_##suffix,    swiglu_##suffix,          \
                                                      add_##suffix,      silu_gate_##suffix, sigmoid_gate_##suffix};

#endif
