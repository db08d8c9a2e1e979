// One row of a packed matrix, decoded the plain way.
#include "layout.h"
#include "numbers.h"

static float nvfp4_weight(const uint8_t *tile, long lane, long k) {
    const uint8_t *group = tile + k / group_columns * nvfp4_group_bytes;
    long block = k % group_columns / 16, in_block = k % 16;
    int byte = group[block * nvfp4_block_bytes + in_block / 8 * 64 + lane * 4 + in_block % 4];
    int code = in_block % 8 < 4 ? byte : byte >> 4;
    return 0.5f * (float)doubled_e2m1(code) * annie_f32_from_e4m3(group[nvfp4_scales_offset + block * 16 + lane]);
}

static float int8_weight(const uint8_t *tile, long columns, long lane, long k) {
    long group = k / group_columns, in_group = k % group_columns;
    const uint8_t *codes = tile + int8_scales_bytes(columns) + group * int8_group_bytes;
    uint16_t scale;
    memcpy(&scale, tile + group * 32 + lane * 2, 2);
    return (float)(codes[in_group / 4 * 64 + lane * 4 + in_group % 4] - 128) * f32_from_bf16(scale);
}

void annie_packed_row_f32(float *out, annie_weight_format format, const void *packed, long row, long columns,
                          const float *tile_scales) {
    long lane = row % tile_rows;
    const uint8_t *tile = (const uint8_t *)packed + (size_t)(row / tile_rows) * tile_bytes(format, columns);
    float scale = tile_scales != NULL && format == ANNIE_WEIGHT_NVFP4 ? tile_scales[row / tile_rows] : 1.0f;
    for (long k = 0; k < columns; k++) {
        uint16_t half;
        switch (format) {
        case ANNIE_WEIGHT_F32: memcpy(&out[k], tile + k * 64 + lane * 4, 4); break;
        case ANNIE_WEIGHT_BF16:
            memcpy(&half, tile + k / 2 * 64 + lane * 4 + k % 2 * 2, 2);
            out[k] = f32_from_bf16(half);
            break;
        case ANNIE_WEIGHT_INT8: out[k] = int8_weight(tile, columns, lane, k); break;
        case ANNIE_WEIGHT_NVFP4: out[k] = nvfp4_weight(tile, lane, k) * scale; break;
        }
    }
}
