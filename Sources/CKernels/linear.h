// How one product is handed to the kernels of an instruction set.
#ifndef ANNIE_LINEAR_H
#define ANNIE_LINEAR_H

#include "layout.h"

// A product whose input is already in the form the kernels read.
typedef struct {
    const annie_linear *linear;
    const void *activations;   // m records, `stride` bytes apart
    size_t stride;
    long m;
    float *y;
    long ldy;
    bool accumulate;
    size_t tile_size;          // bytes of a packed tile
} linear_job;

// A row of int8 activations: codes [padded columns], then scales f32 [groups], then offsets int32: for NVFP4 per 16
// columns -12 * sum of the codes, for INT8 per 64 columns -128 * sum. Weights are stored with 12 or 128 added, so that
// they are unsigned; starting the integer sum at the offset takes that away again.
typedef struct {
    long padded;
    size_t scales, offsets, bytes;
} int8_row_layout;

ANNIE_INLINE int8_row_layout int8_row_layout_of(long columns) {
    long groups = groups_of(columns);
    int8_row_layout layout = {.padded = groups * group_columns};
    layout.scales = (size_t)layout.padded;
    layout.offsets = layout.scales + (size_t)groups * 4;
    layout.bytes = rounded_up_to_64(layout.offsets + (size_t)groups * 16);
    return layout;
}

// Computes tiles t0 ..< t1 for rows r0 ..< r1 (at most linear_rows_at_once of them).
typedef void (*linear_kernel)(const linear_job *job, long t0, long t1, long r0, long r1);
enum { linear_rows_at_once = 128 };

typedef struct {
    // x rounded to bf16's precision and kept as f32: what the f32 kernels read for bf16 activations.
    void (*round_row)(void *record, const float *x, long columns);
    void (*quantize_row)(void *record, const float *x, long columns, bool for_nvfp4);
    // Rows of bf16 pairs in the order the bf16 kernel of this weight format reads; NULL: the f32 kernels do it.
    void (*convert_row)(void *record, const float *x, long columns, bool for_nvfp4);
    linear_kernel f32[4];   // by weight format
    linear_kernel bf16[4];  // NULL where convert_row is
    linear_kernel int8[4];  // only ANNIE_WEIGHT_INT8 and ANNIE_WEIGHT_NVFP4
} linear_kernels;

// What is left to do with a finished sum of a tile: the tensor's scale, the bias, the residual.
ANNIE_INLINE void linear_finish(const linear_job *job, long tile, long row, f32x16 sum) {
    const annie_linear *linear = job->linear;
    long first = tile * tile_rows, lanes = linear->rows - first;
    float *y = job->y + row * job->ldy + first;
    if (linear->tile_scales != NULL && linear->format == ANNIE_WEIGHT_NVFP4) sum *= linear->tile_scales[tile];
    if (lanes >= tile_rows) {
        if (linear->bias != NULL) sum += f32x16_load(linear->bias + first);
        if (job->accumulate) sum += f32x16_load(y);
        f32x16_store(y, sum);
    } else {
        if (linear->bias != NULL) sum += f32x16_load_first(linear->bias + first, lanes);
        if (job->accumulate) sum += f32x16_load_first(y, lanes);
        f32x16_store_first(y, sum, lanes);
    }
}

extern const linear_kernels linear_portable;
#if defined(__x86_64__)
extern const linear_kernels linear_avx2;
extern const linear_kernels linear_avx512;
#endif

#endif
