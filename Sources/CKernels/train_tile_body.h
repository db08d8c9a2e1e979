// A tile of a product in the compiler's vectors: up to 6 rows by `width` * 16 columns at once.
#ifndef ANNIE_TRAIN_TILE_BODY_H
#define ANNIE_TRAIN_TILE_BODY_H

#include "train.h"

ANNIE_INLINE u32x16 u32x16_load(const void *p) {
    u32x16 v;
    memcpy(&v, p, sizeof v);
    return v;
}

ANNIE_INLINE void multiply_unit(f32x16 *sum, uint32_t left, u32x16 right, const bool is_bf16) {
    if (is_bf16) {
        u32x16 both = (u32x16)left;
        *sum += f32x16_from_bits(both << 16) * f32x16_from_bits(right << 16);
        *sum += f32x16_from_bits(both & 0xFFFF0000u) * f32x16_from_bits(right & 0xFFFF0000u);
    } else {
        *sum += f32x16_from_bits((u32x16)left) * f32x16_from_bits(right);
    }
}

ANNIE_INLINE void store_tile_lanes(const train_tile *tile, long row, long column, f32x16 sum) {
    float *out = tile->out + row * tile->ldo + column;
    const float *addend = tile->addend == NULL ? NULL : tile->addend + row * tile->lda + column;
    long left = tile->columns - column;
    sum *= tile->alpha;
    if (left >= 16) {
        f32x16_store(out, addend != NULL ? sum + f32x16_load(addend) : sum);
    } else if (left > 0) {
        f32x16_store_first(out, addend != NULL ? sum + f32x16_load_first(addend, left) : sum, left);
    }
}

ANNIE_INLINE void multiply_columns(const train_tile *tile, long column, const int rows, const int width,
                                   const bool is_bf16) {
    f32x16 sums[most_tile_rows][4];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (int w = 0; w < width; w++) sums[r][w] = (f32x16)0.0f;
    const char *right = tile->right + column * 4;
    for (long u = 0; u < tile->units; u++, right += panel_unit_bytes) {
        u32x16 b[4];
#pragma clang loop unroll(full)
        for (int w = 0; w < width; w++) b[w] = u32x16_load(right + w * 64);
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++) {
            uint32_t a;
            memcpy(&a, tile->left + r * tile->left_stride + u * 4, 4);
#pragma clang loop unroll(full)
            for (int w = 0; w < width; w++) multiply_unit(&sums[r][w], a, b[w], is_bf16);
        }
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (int w = 0; w < width; w++) store_tile_lanes(tile, r, column + w * 16, sums[r][w]);
}

ANNIE_INLINE void multiply_tile(const train_tile *tile, const int width, const bool is_bf16) {
    for (long column = 0; column < tile->columns; column += width * 16) {
        switch (tile->rows) {
        case 1: multiply_columns(tile, column, 1, width, is_bf16); break;
        case 2: multiply_columns(tile, column, 2, width, is_bf16); break;
        case 3: multiply_columns(tile, column, 3, width, is_bf16); break;
        case 4: multiply_columns(tile, column, 4, width, is_bf16); break;
        case 5: multiply_columns(tile, column, 5, width, is_bf16); break;
        default: multiply_columns(tile, column, 6, width, is_bf16); break;
        }
    }
}

#endif
