// Where things lie in packed matrices. A tile is 16 output rows; lane r of every vector is row r of the tile.
//
// F32    [columns][16]
// BF16   [columns/2 rounded up][16][2]
// INT8   scales bf16 [groups][16], padded to 64 bytes, then [groups][16 quads][16][4]: byte = weight + 128
// NVFP4  [groups] of 576 bytes: four blocks of 16 columns as two vectors of 64 bytes [16 rows][4 bytes], then four rows
//        of 16 e4m3 scales. Byte i of vector j holds column 8j+i of the block low, column 8j+4+i high. Scales are
//        never negative: packing moves their sign into the codes.
//
// A group is 64 columns; columns beyond the matrix are zeros.
#ifndef ANNIE_LAYOUT_H
#define ANNIE_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

#include "annie_kernels.h"
#include "vectors.h"

enum {
    tile_rows = 16,
    group_columns = 64,
    nvfp4_group_bytes = 576,
    nvfp4_block_bytes = 128,
    nvfp4_scales_offset = 512,
    int8_group_bytes = 1024,
    longest_head = 256
};

ANNIE_INLINE long divided_up(long a, long b) { return (a + b - 1) / b; }
ANNIE_INLINE size_t rounded_up_to_64(size_t bytes) { return (bytes + 63) & ~(size_t)63; }
ANNIE_INLINE long groups_of(long columns) { return divided_up(columns, group_columns); }

ANNIE_INLINE size_t int8_scales_bytes(long columns) { return rounded_up_to_64((size_t)groups_of(columns) * 32); }

ANNIE_INLINE size_t tile_bytes(annie_weight_format format, long columns) {
    switch (format) {
    case ANNIE_WEIGHT_F32: return (size_t)columns * 64;
    case ANNIE_WEIGHT_BF16: return (size_t)divided_up(columns, 2) * 64;
    case ANNIE_WEIGHT_INT8: return int8_scales_bytes(columns) + (size_t)groups_of(columns) * int8_group_bytes;
    case ANNIE_WEIGHT_NVFP4: return (size_t)groups_of(columns) * nvfp4_group_bytes;
    }
    return 0;
}

// Twice the value of an e2m1 code, an integer.
ANNIE_INLINE int doubled_e2m1(int code) {
    static const int8_t table[16] = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};
    return table[code & 15];
}

#endif
