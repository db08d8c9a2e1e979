// Products with f32 input: a group of columns of a few tiles is expanded to f32, then every row runs over it with one
// multiply-add per column, in the order of the columns. Included by each instruction set's file, under its target.
#ifndef ANNIE_LINEAR_F32_BODY_H
#define ANNIE_LINEAR_F32_BODY_H

#include "linear.h"

enum { f32_tiles_at_once = 4 };

// Columns first ..< first+count of a tile as f32 [count][16]. first is a multiple of 64.
ANNIE_INLINE void expand_group(float *panel, annie_weight_format format, const char *tile, long columns, long first,
                               long count) {
    long group = first / group_columns;
    if (format == ANNIE_WEIGHT_F32) {
        memcpy(panel, tile + first * 64, (size_t)count * 64);
    } else if (format == ANNIE_WEIGHT_BF16) {
        for (long k = 0; k < count; k++) {
            u32x16 pair;
            memcpy(&pair, tile + (first + k) / 2 * 64, 64);
            f32x16_store(panel + k * 16, f32x16_from_bits(k % 2 == 0 ? pair << 16 : pair & 0xFFFF0000u));
        }
    } else if (format == ANNIE_WEIGHT_INT8) {
        f32x16 scale = f32x16_from_bf16((const uint16_t *)(tile + group * 32));
        const char *codes = tile + int8_scales_bytes(columns) + group * int8_group_bytes;
        for (long k = 0; k < count; k++) {
            u32x16 quad;
            memcpy(&quad, codes + k / 4 * 64, 64);
            i32x16 value = __builtin_convertvector((quad >> (uint32_t)(k % 4 * 8)) & 0xFF, i32x16) - 128;
            f32x16_store(panel + k * 16, __builtin_convertvector(value, f32x16) * scale);
        }
    } else {
        const char *record = tile + group * nvfp4_group_bytes;
        for (long k = 0; k < count; k++) {
            long block = k / 16, in_block = k % 16;
            u32x16 eight;
            memcpy(&eight, record + block * nvfp4_block_bytes + in_block / 8 * 64, 64);
            // The magnitude's two exponent bits and one mantissa bit, moved to where a float has them; 2^126 puts the
            // exponent right and makes a normal number of 0.5.
            u32x16 code = eight >> (uint32_t)(in_block % 4 * 8 + in_block % 8 / 4 * 4);
            f32x16 value = f32x16_from_bits(((code & 7) << 22) | ((code & 8) << 28)) * 0x1p126f;
            f32x16 scale = f32x16_from_e4m3((const uint8_t *)record + nvfp4_scales_offset + block * 16);
            f32x16_store(panel + k * 16, value * scale);
        }
    }
}

ANNIE_INLINE const float *row_at(const float *x, long r, size_t stride) {
    return (const float *)((const char *)x + (size_t)r * stride);
}

// sums[r][t] += over count columns. x: the first of `rows` rows, at the group's first column.
ANNIE_INLINE void multiply_group(float *sums, long sums_stride, const float *panel, const float *x, size_t x_stride,
                                 long count, const int rows, const int tiles) {
    f32x16 sum[4][f32_tiles_at_once];
    const float *row[4];
    for (int r = 0; r < rows; r++) {
        row[r] = row_at(x, r, x_stride);
        for (int t = 0; t < tiles; t++) sum[r][t] = f32x16_load(sums + r * sums_stride + t * 16);
    }
    for (long k = 0; k < count; k++)
        for (int t = 0; t < tiles; t++) {
            f32x16 w = f32x16_load(panel + t * (group_columns * 16) + k * 16);
            for (int r = 0; r < rows; r++) sum[r][t] = w * row[r][k] + sum[r][t];
        }
    for (int r = 0; r < rows; r++)
        for (int t = 0; t < tiles; t++) f32x16_store(sums + r * sums_stride + t * 16, sum[r][t]);
}

ANNIE_INLINE void multiply_rows(float *sums, const float *panel, const float *x, size_t stride, long count, long rows,
                                const int tiles) {
    long r = 0;
    for (; r + 4 <= rows; r += 4)
        multiply_group(sums + r * 64, 64, panel, row_at(x, r, stride), stride, count, 4, tiles);
    for (; r < rows; r++)
        multiply_group(sums + r * 64, 64, panel, row_at(x, r, stride), stride, count, 1, tiles);
}

ANNIE_INLINE void linear_f32_tiles(const linear_job *job, annie_weight_format format, long t0, long t1, long b0,
                                   long b1) {
    float panel[f32_tiles_at_once][group_columns * 16];
    float sums[linear_rows_at_once][f32_tiles_at_once * 16];
    long columns = job->linear->columns;
    long r0 = b0 * job->rows_in_block, r1 = b1 * job->rows_in_block < job->m ? b1 * job->rows_in_block : job->m;
    for (long t = t0; t < t1; t += f32_tiles_at_once) {
        long tiles = t1 - t < f32_tiles_at_once ? t1 - t : f32_tiles_at_once;
        memset(sums, 0, (size_t)(r1 - r0) * sizeof sums[0]);
        for (long first = 0; first < columns; first += group_columns) {
            long count = columns - first < group_columns ? columns - first : group_columns;
            for (long i = 0; i < tiles; i++)
                expand_group(panel[i], format, (const char *)job->linear->packed + (size_t)(t + i) * job->tile_size,
                             columns, first, count);
            const float *x = (const float *)((const char *)job->activations + (size_t)r0 * job->row_bytes) + first;
            if (tiles == f32_tiles_at_once) {
                multiply_rows(sums[0], panel[0], x, job->row_bytes, count, r1 - r0, f32_tiles_at_once);
            } else {
                for (long i = 0; i < tiles; i++)
                    multiply_rows(sums[0] + i * 16, panel[i], x, job->row_bytes, count, r1 - r0, 1);
            }
        }
        for (long r = r0; r < r1; r++)
            for (long i = 0; i < tiles; i++) linear_finish(job, t + i, r, sums[r - r0] + i * 16);
    }
}

ANNIE_INLINE void convert_rounded_body(void *block, long r, const float *x, long columns) {
    if (x == NULL) return;
    float *out = (float *)((char *)block + (size_t)r * rounded_up_to_64((size_t)columns * sizeof(float)));
    long i = 0;
    for (; i + 16 <= columns; i += 16) f32x16_store(out + i, f32x16_rounded_to_bf16(f32x16_load(x + i)));
    if (i < columns) {
        f32x16 rest = f32x16_rounded_to_bf16(f32x16_load_first(x + i, columns - i));
        f32x16_store_first(out + i, rest, columns - i);
    }
}

// Four kernels and the rounding, for one target.
#define ANNIE_LINEAR_F32_FUNCTIONS(suffix, target)                                                                     \
    target static void f32_f32_##suffix(const linear_job *job, long t0, long t1, long b0, long b1) {                   \
        linear_f32_tiles(job, ANNIE_WEIGHT_F32, t0, t1, b0, b1);                                                       \
    }                                                                                                                  \
    target static void bf16_f32_##suffix(const linear_job *job, long t0, long t1, long b0, long b1) {                  \
        linear_f32_tiles(job, ANNIE_WEIGHT_BF16, t0, t1, b0, b1);                                                      \
    }                                                                                                                  \
    target static void int8_f32_##suffix(const linear_job *job, long t0, long t1, long b0, long b1) {                  \
        linear_f32_tiles(job, ANNIE_WEIGHT_INT8, t0, t1, b0, b1);                                                      \
    }                                                                                                                  \
    target static void nvfp4_f32_##suffix(const linear_job *job, long t0, long t1, long b0, long b1) {                 \
        linear_f32_tiles(job, ANNIE_WEIGHT_NVFP4, t0, t1, b0, b1);                                                     \
    }                                                                                                                  \
    target static void convert_rounded_##suffix(void *block, long r, long rows, const float *x, long columns,          \
                                                bool for_nvfp4) {                                                      \
        (void)rows;                                                                                                    \
        (void)for_nvfp4;                                                                                               \
        convert_rounded_body(block, r, x, columns);                                                                    \
    }

#endif
