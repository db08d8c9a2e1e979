// How one product is handed to the kernels of an instruction set.
#ifndef ANNIE_LINEAR_H
#define ANNIE_LINEAR_H

#include "layout.h"

// Input rows are converted in blocks of at most rows_per_block, so that a kernel finds everything about its rows behind
// one pointer. Rows of a block beyond the last row of the input are zeros.
enum { rows_per_block = 8, blocks_at_once = 16, linear_rows_at_once = rows_per_block * blocks_at_once };
// With more blocks than these, keeping weights that were expanded costs less than expanding them again for each block.
enum { most_streaming_blocks = 3 };

// A product whose input is already in the form the kernels read.
typedef struct {
    const annie_linear *linear;
    const void *activations;
    size_t block_bytes;  // of a converted block; f32 input is read as it is, row_bytes apart
    size_t row_bytes;
    long m, rows_in_block;
    float *y;
    long ldy;
    bool accumulate;
    size_t tile_size;    // bytes of a packed tile
} linear_job;

// A block of int8 rows: for each group of 64 columns the codes [row][64], the offsets int32 [4][row], the scales f32
// [row]. Offsets are -12 * sum of the codes of 16 columns for NVFP4, and for INT8 -128 * sum of all 64 in the first:
// weights are stored with 12 or 128 added, so that they are unsigned, and starting an integer sum at the offset takes
// that away again.
enum { int8_codes_bytes = 64, int8_offsets_bytes = 16, int8_row_bytes = 84 };

// A block of bf16 rows: for each pair of columns [row][2], in the order the weights' kernel reads pairs.
enum { bf16_group_row_bytes = 128 };

// Computes tiles t0 ..< t1 for blocks b0 ..< b1 (at most blocks_at_once of them).
typedef void (*linear_kernel)(const linear_job *job, long t0, long t1, long b0, long b1);

// Converts row r of a block; x NULL: a row of zeros.
typedef void (*convert_row)(void *block, long r, long rows_in_block, const float *x, long columns, bool for_nvfp4);

typedef struct {
    convert_row to_rounded;  // to bf16's precision, kept as f32 [row][columns]: for the f32 kernels
    convert_row to_int8;
    convert_row to_bf16;     // NULL: the f32 kernels do bf16 activations
    linear_kernel f32[4];    // by weight format
    linear_kernel bf16[4];   // NULL where to_bf16 is
    linear_kernel int8[4];   // only ANNIE_WEIGHT_INT8 and ANNIE_WEIGHT_NVFP4
} linear_kernels;

ANNIE_INLINE const char *block_of(const linear_job *job, long block) {
    return (const char *)job->activations + (size_t)block * job->block_bytes;
}

// Rows of a block that are rows of the input.
ANNIE_INLINE long rows_of_block(const linear_job *job, long block) {
    long left = job->m - block * job->rows_in_block;
    return left < job->rows_in_block ? left : job->rows_in_block;
}

// What is left to do with a finished sum of a tile: the tensor's scale, the bias, the residual. (A pointer to the sum,
// because a vector cannot be passed to a function with another target attribute, inlined or not.)
ANNIE_INLINE void linear_finish(const linear_job *job, long tile, long row, const void *finished) {
    const annie_linear *linear = job->linear;
    f32x16 sum = f32x16_load(finished);
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

// A kernel is compiled for each number of rows in a block, so that its sums stay in registers.
#define ANNIE_FOR_ROWS_IN_BLOCK(kernel, job, t0, t1, b0, b1)                                                           \
    switch ((job)->rows_in_block) {                                                                                    \
    case 1: kernel(job, t0, t1, b0, b1, 1); break;                                                                     \
    case 2: kernel(job, t0, t1, b0, b1, 2); break;                                                                     \
    case 3: kernel(job, t0, t1, b0, b1, 3); break;                                                                     \
    case 4: kernel(job, t0, t1, b0, b1, 4); break;                                                                     \
    case 5: kernel(job, t0, t1, b0, b1, 5); break;                                                                     \
    case 6: kernel(job, t0, t1, b0, b1, 6); break;                                                                     \
    case 7: kernel(job, t0, t1, b0, b1, 7); break;                                                                     \
    default: kernel(job, t0, t1, b0, b1, 8); break;                                                                    \
    }

extern const linear_kernels linear_portable;
#if defined(__x86_64__)
extern const linear_kernels linear_avx2;
extern const linear_kernels linear_avx512;
#endif

#endif
