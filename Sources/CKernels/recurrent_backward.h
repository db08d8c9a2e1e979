// The backward kernels of recurrent layers and gates, per instruction set.
#ifndef ANNIE_RECURRENT_BACKWARD_H
#define ANNIE_RECURRENT_BACKWARD_H

#include "recurrent.h"

// Channels of a convolution, or columns of a state, that are worked on together.
enum { backward_columns = 16 };

// Up to backward_columns channels of one segment of a convolution, pointers at the first of them.
typedef struct {
    float *dx, *dweight, *state_gradient;
    const float *dy, *x, *state, *weight;
    long lddx, lddy, ldx, rows, channels, kernel, width;  // channels: of the whole; width: here
} convolution_part;

// Up to backward_columns columns of one value head in one segment, pointers at the first of them. The state's lanes are
// the features of a key here ([columns][padded key_dim]), so that gradients of keys need no horizontal sums.
typedef struct {
    delta_tokens tokens;
    const float *dout;
    long lddout;
    float *dv;
    long lddv;
    float *dq, *dk;                 // [rows] of stride ldqk, added to
    float *dbeta, *ddecay;          // [rows] of stride ldgates, added to
    const float *state;             // before the first row, in the forward's layout
    float *state_gradient;          // in the forward's layout, replaced
    float *scratch;                 // delta_backward_floats
    long width;
} delta_part;

typedef struct {
    void (*convolution)(const convolution_part *part);
    void (*delta)(const delta_part *part);
    // dx = scale * factor * (dy - x * factor^2 * (x . dy)), factor = rsqrt(sum(x^2) + 1e-6).
    void (*l2_norm)(float *dx, const float *dy, const float *x, long count, float scale);
    // One head; returns rsqrt(mean(x^2) + epsilon).
    float (*gated_norm)(float *dx, float *dgate, const float *dy, const float *x, const float *gate, long count,
                        const float *weight, float offset, float epsilon);
    // dweight[c] += dy * silu(gate) * x * factor, up to 16 columns.
    void (*gated_norm_weight)(float *dweight, const float *dy, const float *x, const float *gate, float factor,
                              long width);
    void (*sigmoid_gate)(float *dx, float *dgate, const float *dy, const float *x, const float *gate, long columns);
} recurrent_backward_kernels;

extern const recurrent_backward_kernels recurrent_backward_portable;
#if defined(__x86_64__)
extern const recurrent_backward_kernels recurrent_backward_avx2;
extern const recurrent_backward_kernels recurrent_backward_avx512;
#endif

ANNIE_INLINE long padded_to_16(long count) { return divided_up(count, 16) * 16; }

// Floats of scratch that a part of that many rows needs: a state for each span, one for each token of a span, the
// gradient, and for each token of the segment the written differences.
ANNIE_INLINE long delta_backward_floats(long rows, long key_dim) {
    long state = backward_columns * padded_to_16(key_dim);
    return (divided_up(rows, ANNIE_DELTA_SPAN) + ANNIE_DELTA_SPAN + 2) * state + ANNIE_DELTA_SPAN * backward_columns
           + 4 * padded_to_16(key_dim);
}

#endif
