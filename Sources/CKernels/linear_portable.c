// Products in plain C: what every other form is tested against.
#include "linear_f32_body.h"
#include "quantize_row_body.h"

ANNIE_LINEAR_F32_FUNCTIONS(portable, )

static void quantize_row_portable(void *record, const float *x, long columns, bool for_nvfp4) {
    quantize_row_body(record, x, columns, for_nvfp4);
}

static void add_nvfp4_block(int32_t sums[16], const uint8_t *block, const int8_t *x) {
    for (int j = 0; j < 2; j++)
        for (int row = 0; row < tile_rows; row++)
            for (int i = 0; i < 4; i++) {
                int byte = block[j * 64 + row * 4 + i];
                sums[row] += doubled_e2m1(byte) * x[j * 8 + i] + doubled_e2m1(byte >> 4) * x[j * 8 + 4 + i];
            }
}

static void nvfp4_int8_portable(const linear_job *job, long t0, long t1, long r0, long r1) {
    int8_row_layout layout = int8_row_layout_of(job->linear->columns);
    long groups = layout.padded / group_columns;
    for (long t = t0; t < t1; t++) {
        const uint8_t *tile = (const uint8_t *)job->linear->packed + (size_t)t * job->tile_size;
        for (long r = r0; r < r1; r++) {
            const char *record = (const char *)job->activations + (size_t)r * job->stride;
            const float *scales = (const float *)(record + layout.scales);
            f32x16 sum = (f32x16)0.0f;
            for (long g = 0; g < groups; g++) {
                const uint8_t *group = tile + g * nvfp4_group_bytes;
                f32x16 group_sum = (f32x16)0.0f;
                for (int b = 0; b < 4; b++) {
                    int32_t integers[16] = {0};
                    add_nvfp4_block(integers, group + b * nvfp4_block_bytes,
                                    (const int8_t *)record + g * group_columns + b * 16);
                    i32x16 block;
                    memcpy(&block, integers, sizeof block);
                    f32x16 scale = f32x16_from_e4m3(group + nvfp4_scales_offset + b * 16) * 0.5f;
                    group_sum = __builtin_convertvector(block, f32x16) * scale + group_sum;
                }
                sum = group_sum * scales[g] + sum;
            }
            linear_finish(job, t, r, sum);
        }
    }
}

static void int8_int8_portable(const linear_job *job, long t0, long t1, long r0, long r1) {
    int8_row_layout layout = int8_row_layout_of(job->linear->columns);
    long groups = layout.padded / group_columns;
    for (long t = t0; t < t1; t++) {
        const uint8_t *tile = (const uint8_t *)job->linear->packed + (size_t)t * job->tile_size;
        const uint8_t *codes = tile + int8_scales_bytes(job->linear->columns);
        for (long r = r0; r < r1; r++) {
            const char *record = (const char *)job->activations + (size_t)r * job->stride;
            const float *scales = (const float *)(record + layout.scales);
            f32x16 sum = (f32x16)0.0f;
            for (long g = 0; g < groups; g++) {
                const uint8_t *group = codes + g * int8_group_bytes;
                const int8_t *x = (const int8_t *)record + g * group_columns;
                int32_t integers[16] = {0};
                for (int k = 0; k < group_columns; k++)
                    for (int row = 0; row < tile_rows; row++)
                        integers[row] += (group[k / 4 * 64 + row * 4 + k % 4] - 128) * x[k];
                i32x16 block;
                memcpy(&block, integers, sizeof block);
                f32x16 scaled = __builtin_convertvector(block, f32x16)
                                * f32x16_from_bf16((const uint16_t *)(tile + g * 32));
                sum = scaled * scales[g] + sum;
            }
            linear_finish(job, t, r, sum);
        }
    }
}

const linear_kernels linear_portable = {
    .round_row = round_row_portable,
    .quantize_row = quantize_row_portable,
    .f32 = {f32_f32_portable, bf16_f32_portable, int8_f32_portable, nvfp4_f32_portable},
    .int8 = {[ANNIE_WEIGHT_INT8] = int8_int8_portable, [ANNIE_WEIGHT_NVFP4] = nvfp4_int8_portable},
};
