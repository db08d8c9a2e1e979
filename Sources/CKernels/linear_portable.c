// Products in plain C: what every other form is tested against.
#include "linear_f32_body.h"
#include "convert_int8_body.h"

ANNIE_LINEAR_F32_FUNCTIONS(portable, )

static void convert_int8_portable(void *block, long r, long rows, const float *x, long columns, bool for_nvfp4) {
    convert_int8_body(block, r, rows, x, columns, for_nvfp4);
}

// A group's codes and scale of one row of a block.
static const int8_t *codes_of(const linear_job *job, const char *block, long group, long r) {
    return (const int8_t *)block + (group * int8_row_bytes * job->rows_in_block) + r * int8_codes_bytes;
}

static float scale_of(const linear_job *job, const char *block, long group, long r) {
    const char *scales = block + (group * int8_row_bytes + int8_codes_bytes + int8_offsets_bytes) * job->rows_in_block;
    return ((const float *)scales)[r];
}

static f32x16 nvfp4_block_sum(const uint8_t *codes, const int8_t *x) {
    int32_t sums[16] = {0};
    for (int j = 0; j < 2; j++)
        for (int row = 0; row < tile_rows; row++)
            for (int i = 0; i < 4; i++) {
                int byte = codes[j * 64 + row * 4 + i];
                sums[row] += doubled_e2m1(byte) * x[j * 8 + i] + doubled_e2m1(byte >> 4) * x[j * 8 + 4 + i];
            }
    i32x16 integers;
    memcpy(&integers, sums, sizeof integers);
    return __builtin_convertvector(integers, f32x16);
}

static void nvfp4_int8_row(const linear_job *job, long t, const char *block, long r, long row) {
    const uint8_t *group = (const uint8_t *)job->linear->packed + (size_t)t * job->tile_size;
    f32x16 sum = (f32x16)0.0f;
    for (long g = 0; g < groups_of(job->linear->columns); g++, group += nvfp4_group_bytes) {
        const int8_t *x = codes_of(job, block, g, r);
        f32x16 group_sum = (f32x16)0.0f;
        for (int b = 0; b < 4; b++) {
            f32x16 scale = f32x16_from_e4m3(group + nvfp4_scales_offset + b * 16) * 0.5f;
            group_sum = nvfp4_block_sum(group + b * nvfp4_block_bytes, x + b * 16) * scale + group_sum;
        }
        sum = group_sum * scale_of(job, block, g, r) + sum;
    }
    linear_finish(job, t, row, &sum);
}

static f32x16 int8_group_sum(const uint8_t *codes, const int8_t *x) {
    int32_t sums[16] = {0};
    for (int k = 0; k < group_columns; k++)
        for (int row = 0; row < tile_rows; row++) sums[row] += (codes[k / 4 * 64 + row * 4 + k % 4] - 128) * x[k];
    i32x16 integers;
    memcpy(&integers, sums, sizeof integers);
    return __builtin_convertvector(integers, f32x16);
}

static void int8_int8_row(const linear_job *job, long t, const char *block, long r, long row) {
    const uint8_t *tile = (const uint8_t *)job->linear->packed + (size_t)t * job->tile_size;
    const uint8_t *codes = tile + int8_scales_bytes(job->linear->columns);
    f32x16 sum = (f32x16)0.0f;
    for (long g = 0; g < groups_of(job->linear->columns); g++) {
        f32x16 group_sum = int8_group_sum(codes + g * int8_group_bytes, codes_of(job, block, g, r));
        sum = group_sum * f32x16_from_bf16((const uint16_t *)(tile + g * 32)) * scale_of(job, block, g, r) + sum;
    }
    linear_finish(job, t, row, &sum);
}

typedef void (*row_kernel)(const linear_job *job, long t, const char *block, long r, long row);

static void each_row(const linear_job *job, long t0, long t1, long b0, long b1, row_kernel kernel) {
    for (long t = t0; t < t1; t++)
        for (long b = b0; b < b1; b++)
            for (long r = 0; r < rows_of_block(job, b); r++)
                kernel(job, t, block_of(job, b), r, b * job->rows_in_block + r);
}

static void nvfp4_int8_portable(const linear_job *job, long t0, long t1, long b0, long b1) {
    each_row(job, t0, t1, b0, b1, nvfp4_int8_row);
}

static void int8_int8_portable(const linear_job *job, long t0, long t1, long b0, long b1) {
    each_row(job, t0, t1, b0, b1, int8_int8_row);
}

const linear_kernels linear_portable = {
    .to_rounded = convert_rounded_portable,
    .to_int8 = convert_int8_portable,
    .f32 = {f32_f32_portable, bf16_f32_portable, int8_f32_portable, nvfp4_f32_portable},
    .int8 = {[ANNIE_WEIGHT_INT8] = int8_int8_portable, [ANNIE_WEIGHT_NVFP4] = nvfp4_int8_portable},
};
