// Recurrent layers, sixteen columns at a time. Sums run in one order whatever the number of tokens.
#ifndef ANNIE_RECURRENT_BODY_H
#define ANNIE_RECURRENT_BODY_H

#include <math.h>

#include "elementwise_body.h"
#include "recurrent.h"

ANNIE_INLINE f32x16 silu(f32x16 x) { return x / (1.0f + f32x16_exp(-x)); }

// Four taps of sixteen channels, [16][4] in memory, as four vectors of one tap each.
ANNIE_INLINE void taps_of_16_channels(f32x16 w[4], const float *weight) {
    f32x16 a = f32x16_load(weight), b = f32x16_load(weight + 16), c = f32x16_load(weight + 32),
           d = f32x16_load(weight + 48);
#define ANNIE_TAP(t)                                                                                                   \
    w[t] = __builtin_shufflevector(                                                                                    \
        __builtin_shufflevector(a, b, t, t + 4, t + 8, t + 12, t + 16, t + 20, t + 24, t + 28, t, t, t, t, t, t, t, t), \
        __builtin_shufflevector(c, d, t, t + 4, t + 8, t + 12, t + 16, t + 20, t + 24, t + 28, t, t, t, t, t, t, t, t), \
        0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23)
    ANNIE_TAP(0);
    ANNIE_TAP(1);
    ANNIE_TAP(2);
    ANNIE_TAP(3);
#undef ANNIE_TAP
}

ANNIE_INLINE void convolution_body(float *y, const float *const *taps, const float *weight, long channels,
                                   long kernel) {
    for (long c = 0; c < channels; c += 16) {
        long left = channels - c;
        f32x16 sum = (f32x16)0.0f;
        if (kernel == 4 && left >= 16) {
            f32x16 w[4];
            taps_of_16_channels(w, weight + c * 4);
            for (int j = 0; j < 4; j++) sum = w[j] * f32x16_load(taps[j] + c) + sum;
        } else {
            for (long j = 0; j < kernel; j++) {
                float w[16] = {0};
                for (long i = 0; i < 16 && i < left; i++) w[i] = weight[(c + i) * kernel + j];
                sum = f32x16_load(w) * load_up_to_16(taps[j] + c, left) + sum;
            }
        }
        store_up_to_16(y + c, silu(sum), left);
    }
}

ANNIE_INLINE float dot_body(const float *x, const float *y, long count) {
    f32x16 sum = (f32x16)0.0f;
    for (long i = 0; i < count; i += 16) sum = load_up_to_16(x + i, count - i) * load_up_to_16(y + i, count - i) + sum;
    return f32x16_sum(sum);
}

ANNIE_INLINE void l2_norm_body(float *y, const float *x, long count, float scale) {
    float factor = scale / sqrtf(dot_body(x, x, count) + 1e-6f);
    for (long i = 0; i < count; i += 16)
        store_up_to_16(y + i, load_up_to_16(x + i, count - i) * factor, count - i);
}

// What the state says for a key and a query: S' k and S' q of 16 columns, even and odd rows apart.
typedef struct {
    f32x16 k[2], q[2];
} delta_reading;

ANNIE_INLINE void read_row(delta_reading *reading, int parity, f32x16 s, float k, float q) {
    reading->k[parity] = s * k + reading->k[parity];
    reading->q[parity] = s * q + reading->q[parity];
}

// One pair of the state's rows, or a last one alone, of some blocks of 16 columns. All of it is loaded before any of it is
// stored: the blocks are a multiple of 4096 bytes apart, and a load waits for a store before it that agrees in the low
// bits of the address.
ANNIE_INLINE void write_and_read_rows(delta_reading *reading, float *state, long stride, const int rows, const int blocks,
                                      const f32x16 *d, float decay, const float *written, const float *k,
                                      const float *q, const bool writes, const bool reads) {
    f32x16 s[2][2];
    for (int row = 0; row < rows; row++)
        for (int b = 0; b < blocks; b++) s[row][b] = f32x16_load(state + b * stride + row * 16);
    for (int row = 0; row < rows; row++)
        for (int b = 0; b < blocks; b++) {
            if (writes) s[row][b] = d[b] * written[row] + s[row][b] * decay;
            if (reads) read_row(&reading[b], row, s[row][b], k[row], q[row]);
        }
    if (!writes) return;
    for (int row = 0; row < rows; row++)
        for (int b = 0; b < blocks; b++) f32x16_store(state + b * stride + row * 16, s[row][b]);
}

// Reads blocks of 16 columns for a token's key and query; first (unless it is the first token of the call) the token
// before is written into the state: s = decay * s + key * d. Writing and reading in one pass loads the state once.
ANNIE_INLINE void write_and_read(delta_reading *reading, float *state, const int blocks, const delta_tokens *t,
                                 long token, const f32x16 *d, const bool writes, const bool reads) {
    long key_dim = t->key_dim, i = 0;
    const float *written = t->k + (token - 1) * t->ldqk, *k = t->k + token * t->ldqk, *q = t->q + token * t->ldqk;
    float decay = writes ? t->decay[(token - 1) * t->ldgates] : 0;
    for (int b = 0; b < blocks; b++)
        reading[b] = (delta_reading){{(f32x16)0.0f, (f32x16)0.0f}, {(f32x16)0.0f, (f32x16)0.0f}};
    for (; i + 2 <= key_dim; i += 2)
        write_and_read_rows(reading, state + i * 16, key_dim * 16, 2, blocks, d, decay, written + i, k + i, q + i, writes,
                            reads);
    if (i < key_dim)
        write_and_read_rows(reading, state + i * 16, key_dim * 16, 1, blocks, d, decay, written + i, k + i, q + i, writes,
                            reads);
}

ANNIE_INLINE void delta_blocks(float *out, long ldo, float *state, const delta_tokens *t, long columns, int blocks) {
    f32x16 d[2] = {(f32x16)0.0f, (f32x16)0.0f};
    delta_reading reading[2];
    const long ahead = 2;
    for (long token = 0; token < t->rows; token++) {
        if (token == 0)
            write_and_read(reading, state, blocks, t, token, d, false, true);
        else
            write_and_read(reading, state, blocks, t, token, d, true, true);
        // Rows are too far apart for the hardware to see what comes next.
        for (int b = 0; b < blocks && token + ahead < t->rows; b++) {
            __builtin_prefetch(t->v + (token + ahead) * t->ldv + b * 16);
            __builtin_prefetch(out + (token + ahead) * ldo + b * 16, 1);
        }
        float decay = t->decay[token * t->ldgates], beta = t->beta[token * t->ldgates], kq = t->kq[token * t->ldkq];
        for (int b = 0; b < blocks; b++) {
            long left = columns - b * 16;
            f32x16 v = load_up_to_16(t->v + token * t->ldv + b * 16, left);
            d[b] = (v - (reading[b].k[0] + reading[b].k[1]) * decay) * beta;
            store_up_to_16(out + token * ldo + b * 16, d[b] * kq + (reading[b].q[0] + reading[b].q[1]) * decay, left);
        }
    }
    if (t->rows > 0) write_and_read(reading, state, blocks, t, t->rows, d, true, false);
}

ANNIE_INLINE void delta_body(float *out, long ldo, float *state, const delta_tokens *tokens, long columns) {
    if (columns > 16)
        delta_blocks(out, ldo, state, tokens, columns, 2);
    else
        delta_blocks(out, ldo, state, tokens, columns, 1);
}

#define ANNIE_RECURRENT_FUNCTIONS(suffix, target)                                                                      \
    target static void convolution_##suffix(float *y, const float *const *taps, const float *weight, long channels,    \
                                            long kernel) {                                                             \
        convolution_body(y, taps, weight, channels, kernel);                                                           \
    }                                                                                                                  \
    target static void delta_##suffix(float *out, long ldo, float *state, const delta_tokens *tokens, long columns) {  \
        delta_body(out, ldo, state, tokens, columns);                                                                  \
    }                                                                                                                  \
    target static void l2_norm_##suffix(float *y, const float *x, long count, float scale) {                           \
        l2_norm_body(y, x, count, scale);                                                                              \
    }                                                                                                                  \
    target static float dot_##suffix(const float *x, const float *y, long count) { return dot_body(x, y, count); }     \
    const recurrent_kernels recurrent_##suffix = {convolution_##suffix, delta_##suffix, l2_norm_##suffix, dot_##suffix};

#endif
