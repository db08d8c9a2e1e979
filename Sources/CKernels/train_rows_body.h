// Backward of the operations between products, one row at a time, and the row-wise parts of loss and optimiser.
#ifndef ANNIE_TRAIN_ROWS_BODY_H
#define ANNIE_TRAIN_ROWS_BODY_H

#include <math.h>

#include "train.h"

typedef struct {
    void (*norm)(float *dx, bool accumulates, float *dweight, const float *dy, const float *x, long columns,
                 const float *weight, float offset, float epsilon);
    void (*swiglu)(float *dgate, float *dup, bool accumulates, const float *dy, const float *gate, const float *up,
                   long columns);
    void (*add)(float *y, const float *x, long columns);
    void (*round)(float *y, const float *x, long columns);
    void (*loss)(const annie_train_loss *loss, long row);
    double (*squares)(const float *x, long count);
    void (*adamw)(const annie_train_adamw *options, float *values, const float *gradients, float *first, float *second,
                  long count);
} train_row_kernels;

ANNIE_INLINE f32x16 load_lanes(const float *p, long left) {
    return left >= 16 ? f32x16_load(p) : f32x16_load_first(p, left);
}

ANNIE_INLINE void store_lanes(float *p, f32x16 v, long left) {
    if (left >= 16)
        f32x16_store(p, v);
    else
        f32x16_store_first(p, v, left);
}

ANNIE_INLINE f32x16 square_root(f32x16 v) { return __builtin_elementwise_sqrt(v); }

ANNIE_INLINE void norm_backward_body(float *dx, bool accumulates, float *dweight, const float *dy, const float *x,
                                     long columns, const float *weight, float offset, float epsilon) {
    f32x16 squares = (f32x16)0.0f, dots = (f32x16)0.0f;
    for (long i = 0; i < columns; i += 16) {
        f32x16 v = load_lanes(x + i, columns - i), w = load_lanes(weight + i, columns - i);
        squares += v * v;
        dots += load_lanes(dy + i, columns - i) * (w + offset) * v;
    }
    float scale = 1.0f / sqrtf(f32x16_sum(squares) / (float)columns + epsilon);
    float correction = f32x16_sum(dots) * scale * scale * scale / (float)columns;
    for (long i = 0; i < columns; i += 16) {
        long left = columns - i;
        f32x16 v = load_lanes(x + i, left), g = load_lanes(dy + i, left), w = load_lanes(weight + i, left);
        store_lanes(dweight + i, load_lanes(dweight + i, left) + g * v * scale, left);
        f32x16 d = g * (w + offset) * scale - v * correction;
        store_lanes(dx + i, accumulates ? load_lanes(dx + i, left) + d : d, left);
    }
}

ANNIE_INLINE void swiglu_backward_body(float *dgate, float *dup, bool accumulates, const float *dy, const float *gate,
                                       const float *up, long columns) {
    for (long i = 0; i < columns; i += 16) {
        long left = columns - i;
        f32x16 g = load_lanes(gate + i, left), u = load_lanes(up + i, left), d = load_lanes(dy + i, left);
        f32x16 sigmoid = 1.0f / (1.0f + f32x16_exp(-g)), silu = g * sigmoid;
        f32x16 to_gate = d * u * (sigmoid + silu * (1.0f - sigmoid)), to_up = d * silu;
        if (accumulates) {
            to_gate += load_lanes(dgate + i, left);
            to_up += load_lanes(dup + i, left);
        }
        store_lanes(dgate + i, to_gate, left);
        store_lanes(dup + i, to_up, left);
    }
}

ANNIE_INLINE void add_row_body(float *y, const float *x, long columns) {
    for (long i = 0; i < columns; i++) y[i] += x[i];
}

ANNIE_INLINE void round_body(float *y, const float *x, long columns) {
    for (long i = 0; i < columns; i += 16)
        store_lanes(y + i, f32x16_rounded_to_bf16(load_lanes(x + i, columns - i)), columns - i);
}

// The largest value times `factor` and the log of the sum of exponentials of all of them.
ANNIE_INLINE float scaled_log_sum_exp(const float *x, long columns, float factor) {
    f32x16 largest = (f32x16)-INFINITY;
    long whole = columns / 16 * 16;
    for (long i = 0; i < whole; i += 16) {
        f32x16 v = f32x16_load(x + i) * factor;
        largest = v > largest ? v : largest;
    }
    float maximum = f32x16_maximum(largest);
    for (long i = whole; i < columns; i++) maximum = x[i] * factor > maximum ? x[i] * factor : maximum;
    // A NaN loses every comparison above; the sum below brings it back.
    f32x16 sums = (f32x16)0.0f;
    for (long i = 0; i < whole; i += 16) {
        f32x16 e = f32x16_exp(f32x16_load(x + i) * factor - maximum);
        sums += e;
    }
    float sum = f32x16_sum(sums);
    for (long i = whole; i < columns; i++) sum += expf(x[i] * factor - maximum);
    return maximum + logf(sum);
}

ANNIE_INLINE void loss_row_body(const annie_train_loss *loss, long row) {
    float *x = loss->logits + row * loss->columns;
    const float *t = loss->teacher == NULL ? NULL : loss->teacher + row * loss->columns;
    long columns = loss->columns, target = loss->targets[row];
    float ce_weight = loss->ce_weights[row], normaliser = scaled_log_sum_exp(x, columns, 1.0f);
    loss->ce[row] = normaliser - x[target];
    float target_logit = x[target];
    if (t == NULL) {
        if (!loss->gradients) return;
        for (long i = 0; i < columns; i += 16)
            store_lanes(x + i, f32x16_exp(load_lanes(x + i, columns - i) - normaliser) * ce_weight, columns - i);
        x[target] = (expf(target_logit - normaliser) - 1.0f) * ce_weight;
        return;
    }
    float factor = 1.0f / loss->temperature, weight = loss->kl_weights[row] * loss->temperature;
    float student = scaled_log_sum_exp(x, columns, factor), teacher = scaled_log_sum_exp(t, columns, factor);
    f32x16 sums = (f32x16)0.0f;
    for (long i = 0; i < columns; i += 16) {
        long left = columns - i;
        f32x16 s = load_lanes(x + i, left) * factor - student, u = load_lanes(t + i, left) * factor - teacher;
        f32x16 p = f32x16_exp(u);
        if (left < 16)
            for (long lane = left; lane < 16; lane++) p[lane] = 0.0f;
        sums += p * (u - s);
        if (!loss->gradients) continue;
        f32x16 d = f32x16_exp(load_lanes(x + i, left) - normaliser) * ce_weight + (f32x16_exp(s) - p) * weight;
        store_lanes(x + i, d, left);
    }
    loss->kl[row] = f32x16_sum(sums) * loss->temperature * loss->temperature;
    if (loss->gradients) x[target] -= ce_weight;
}

ANNIE_INLINE double squares_body(const float *x, long count) {
    double total = 0;
    for (long first = 0; first < count; first += 1024) {
        long last = first + 1024 < count ? first + 1024 : count;
        f32x16 sums = (f32x16)0.0f;
        for (long i = first; i < last; i += 16) {
            f32x16 v = load_lanes(x + i, last - i);
            sums += v * v;
        }
        total += (double)f32x16_sum(sums);
    }
    return total;
}

ANNIE_INLINE void adamw_body(const annie_train_adamw *o, float *values, const float *gradients, float *first,
                             float *second, long count) {
    float decay = 1.0f - o->learning_rate * o->weight_decay, step = o->learning_rate / o->bias_correction1;
    float root = sqrtf(o->bias_correction2);
    for (long i = 0; i < count; i += 16) {
        long left = count - i;
        f32x16 g = load_lanes(gradients + i, left) * o->gradient_scale;
        f32x16 m = load_lanes(first + i, left), v = load_lanes(second + i, left);
        m += (g - m) * (1.0f - o->beta1);
        v = v * o->beta2 + g * g * (1.0f - o->beta2);
        store_lanes(first + i, m, left);
        store_lanes(second + i, v, left);
        f32x16 p = load_lanes(values + i, left) * decay;
        store_lanes(values + i, p - m / (square_root(v) / root + o->epsilon) * step, left);
    }
}

#define ANNIE_TRAIN_ROWS(suffix, target)                                                                               \
    target static void norm_##suffix(float *dx, bool accumulates, float *dweight, const float *dy, const float *x,     \
                                     long columns, const float *weight, float offset, float epsilon) {                 \
        norm_backward_body(dx, accumulates, dweight, dy, x, columns, weight, offset, epsilon);                         \
    }                                                                                                                  \
    target static void swiglu_##suffix(float *dgate, float *dup, bool accumulates, const float *dy,                    \
                                       const float *gate, const float *up, long columns) {                             \
        swiglu_backward_body(dgate, dup, accumulates, dy, gate, up, columns);                                          \
    }                                                                                                                  \
    target static void add_##suffix(float *y, const float *x, long columns) { add_row_body(y, x, columns); }           \
    target static void round_##suffix(float *y, const float *x, long columns) { round_body(y, x, columns); }           \
    target static void loss_##suffix(const annie_train_loss *loss, long row) { loss_row_body(loss, row); }             \
    target static double squares_##suffix(const float *x, long count) { return squares_body(x, count); }               \
    target static void adamw_##suffix(const annie_train_adamw *options, float *values, const float *gradients,         \
                                      float *first, float *second, long count) {                                       \
        adamw_body(options, values, gradients, first, second, count);                                                  \
    }                                                                                                                  \
    static const train_row_kernels rows_##suffix = {norm_##suffix,  swiglu_##suffix,  add_##suffix,  round_##suffix,   \
                                                    loss_##suffix,  squares_##suffix, adamw_##suffix};

#endif
