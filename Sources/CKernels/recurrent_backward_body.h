// The backward of convolution, norms and gates.
#ifndef ANNIE_RECURRENT_BACKWARD_BODY_H
#define ANNIE_RECURRENT_BACKWARD_BODY_H

#include "delta_backward_body.h"

// The derivative of silu.
ANNIE_INLINE f32x16 silu_slope(f32x16 x) {
    f32x16 s = 1.0f / (1.0f + f32x16_exp(-x));
    return s * (1.0f + x * (1.0f - s));
}

// Input e counts from the oldest one of the state: row e - (kernel - 1). Row t reads inputs t ... t + kernel - 1.
ANNIE_INLINE f32x16 convolution_input(const convolution_part *p, long e) {
    long row = e - (p->kernel - 1);
    return load_up_to_16(row < 0 ? p->state + e * p->channels : p->x + row * p->ldx, p->width);
}

ANNIE_INLINE void convolution_backward_body(const convolution_part *p) {
    long kernel = p->kernel;
    f32x16 w[ANNIE_CONVOLUTION_TAPS], dw[ANNIE_CONVOLUTION_TAPS], dsum[ANNIE_CONVOLUTION_TAPS];
    for (long j = 0; j < kernel; j++) {
        float taps[16] = {0};
        for (long c = 0; c < p->width; c++) taps[c] = p->weight[c * kernel + j];
        w[j] = f32x16_load(taps);
        dw[j] = dsum[j] = (f32x16)0.0f;
    }
    // From the last input to the first; dsum[t % kernel] is the gradient of row t's sum.
    for (long e = p->rows + kernel - 2; e >= 0; e--) {
        long row = e - (kernel - 1);
        f32x16 slope = (f32x16)0.0f;
        if (row >= 0) {
            f32x16 sum = (f32x16)0.0f;
            for (long j = 0; j < kernel; j++) sum = w[j] * convolution_input(p, row + j) + sum;
            slope = load_up_to_16(p->dy + row * p->lddy, p->width) * silu_slope(sum);
            for (long j = 0; j < kernel; j++) dw[j] = slope * convolution_input(p, row + j) + dw[j];
        }
        dsum[(row + kernel) % kernel] = slope;
        f32x16 dx = e >= p->rows ? load_up_to_16(p->state_gradient + (e - p->rows) * p->channels, p->width)
                                 : (f32x16)0.0f;
        for (long j = 0; j < kernel; j++) {
            long reader = e - j;
            if (reader >= 0 && reader < p->rows) dx = w[j] * dsum[reader % kernel] + dx;
        }
        store_up_to_16(row < 0 ? p->state_gradient + e * p->channels : p->dx + row * p->lddx, dx, p->width);
    }
    for (long j = 0; j < kernel; j++) {
        float sums[16];
        f32x16_store(sums, dw[j]);
        for (long c = 0; c < p->width; c++) p->dweight[c * kernel + j] += sums[c];
    }
}

ANNIE_INLINE void l2_norm_backward_body(float *dx, const float *dy, const float *x, long count, float scale) {
    float factor = 1.0f / sqrtf(dot_body(x, x, count) + 1e-6f);
    float along = dot_body(x, dy, count) * factor * factor;
    for (long i = 0; i < count; i += 16) {
        f32x16 v = load_up_to_16(x + i, count - i), d = load_up_to_16(dy + i, count - i);
        store_up_to_16(dx + i, (d - v * along) * (factor * scale), count - i);
    }
}

// With n = x * factor: y = n * (weight + offset) * silu(gate).
ANNIE_INLINE float gated_norm_backward_body(float *dx, float *dgate, const float *dy, const float *x, const float *gate,
                                            long count, const float *weight, float offset, float epsilon) {
    float factor = 1.0f / sqrtf(dot_body(x, x, count) / (float)count + epsilon);
    f32x16 sum = (f32x16)0.0f;
    for (long i = 0; i < count; i += 16) {
        long left = count - i;
        f32x16 d = load_up_to_16(dy + i, left), n = load_up_to_16(x + i, left) * factor;
        f32x16 g = load_up_to_16(gate + i, left), w = load_up_to_16(weight + i, left) + offset;
        store_up_to_16(dgate + i, d * n * w * silu_slope(g), left);
        // Lanes past the end have n = 0.
        sum = d * w * silu(g) * n + sum;
    }
    float along = f32x16_sum(sum) / (float)count;
    for (long i = 0; i < count; i += 16) {
        long left = count - i;
        f32x16 d = load_up_to_16(dy + i, left), n = load_up_to_16(x + i, left) * factor;
        f32x16 g = load_up_to_16(gate + i, left), w = load_up_to_16(weight + i, left) + offset;
        store_up_to_16(dx + i, (d * w * silu(g) - n * along) * factor, left);
    }
    return factor;
}

ANNIE_INLINE void gated_norm_weight_body(float *dweight, const float *dy, const float *x, const float *gate,
                                         float factor, long width) {
    f32x16 d = load_up_to_16(dy, width), g = load_up_to_16(gate, width);
    f32x16 n = load_up_to_16(x, width) * factor;
    store_up_to_16(dweight, d * silu(g) * n + load_up_to_16(dweight, width), width);
}

ANNIE_INLINE void sigmoid_gate_backward_body(float *dx, float *dgate, const float *dy, const float *x,
                                             const float *gate, long columns) {
    for (long i = 0; i < columns; i += 16) {
        long left = columns - i;
        f32x16 d = load_up_to_16(dy + i, left), v = load_up_to_16(x + i, left);
        f32x16 s = 1.0f / (1.0f + f32x16_exp(-load_up_to_16(gate + i, left)));
        store_up_to_16(dgate + i, d * v * s * (1.0f - s), left);
        store_up_to_16(dx + i, d * s, left);
    }
}

#define ANNIE_RECURRENT_BACKWARD_FUNCTIONS(suffix, target)                                                             \
    target static void convolution_##suffix(const convolution_part *part) { convolution_backward_body(part); }         \
    target static void delta_##suffix(const delta_part *part) { delta_backward_body(part); }                           \
    target static void l2_norm_##suffix(float *dx, const float *dy, const float *x, long count, float scale) {         \
        l2_norm_backward_body(dx, dy, x, count, scale);                                                                \
    }                                                                                                                  \
    target static float gated_norm_##suffix(float *dx, float *dgate, const float *dy, const float *x,                  \
                                            const float *gate, long count, const float *weight, float offset,          \
                                            float epsilon) {                                                           \
        return gated_norm_backward_body(dx, dgate, dy, x, gate, count, weight, offset, epsilon);                       \
    }                                                                                                                  \
    target static void gated_norm_weight_##suffix(float *dweight, const float *dy, const float *x, const float *gate,  \
                                                  float factor, long width) {                                          \
        gated_norm_weight_body(dweight, dy, x, gate, factor, width);                                                   \
    }                                                                                                                  \
    target static void sigmoid_gate_##suffix(float *dx, float *dgate, const float *dy, const float *x,                 \
                                             const float *gate, long columns) {                                        \
        sigmoid_gate_backward_body(dx, dgate, dy, x, gate, columns);                                                   \
    }                                                                                                                  \
    const recurrent_backward_kernels recurrent_backward_##suffix = {                                                   \
        convolution_##suffix, delta_##suffix, l2_norm_##suffix,                                                        \
        gated_norm_##suffix,  gated_norm_weight_##suffix, sigmoid_gate_##suffix};

#endif
