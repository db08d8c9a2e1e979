// Row-major weights into tiles (layout.h). A tile is built by one thread, so packing scales with the pool.
#include "layout.h"
#include "numbers.h"

typedef struct {
    char *packed;  // the first tile written
    const void *w, *scales;
    long rows, columns;
    size_t tile_size;
} packing;

static void run(annie_pool *pool, annie_task task, annie_weight_format format, void *packed, long first_tile,
                const void *w, const void *scales, long rows, long columns) {
    if (rows <= 0 || columns <= 0) return;
    size_t size = tile_bytes(format, columns);
    packing p = {(char *)packed + (size_t)first_tile * size, w, scales, rows, columns, size};
    annie_pool_run(pool, divided_up(rows, tile_rows), task, &p);
}

// The tile's memory, zeroed, and how many of its rows exist.
static char *open_tile(const packing *p, long tile, long *rows) {
    char *out = p->packed + (size_t)tile * p->tile_size;
    memset(out, 0, p->tile_size);
    *rows = p->rows - tile * tile_rows < tile_rows ? p->rows - tile * tile_rows : tile_rows;
    return out;
}

size_t annie_packed_size(annie_weight_format format, long rows, long columns) {
    if (rows <= 0 || columns <= 0) return 0;
    return (size_t)divided_up(rows, tile_rows) * tile_bytes(format, columns);
}

static void pack_f32_tile(void *context, long tile) {
    const packing *p = context;
    long rows;
    float *out = (float *)open_tile(p, tile, &rows);
    const float *w = (const float *)p->w + tile * tile_rows * p->columns;
    for (long r = 0; r < rows; r++)
        for (long k = 0; k < p->columns; k++) out[k * 16 + r] = w[r * p->columns + k];
}

void annie_pack_f32(annie_pool *pool, void *packed, long first_tile, const float *w, long rows, long columns) {
    run(pool, pack_f32_tile, ANNIE_WEIGHT_F32, packed, first_tile, w, NULL, rows, columns);
}

static void pack_bf16_tile(void *context, long tile) {
    const packing *p = context;
    long rows;
    uint16_t *out = (uint16_t *)open_tile(p, tile, &rows);
    const uint16_t *w = (const uint16_t *)p->w + tile * tile_rows * p->columns;
    for (long r = 0; r < rows; r++) {
        const uint16_t *row = w + r * p->columns;
        long k = 0;
        for (; k + 2 <= p->columns; k += 2) memcpy(out + k * 16 + r * 2, row + k, 4);
        if (k < p->columns) out[k * 16 + r * 2] = row[k];
    }
}

void annie_pack_bf16(annie_pool *pool, void *packed, long first_tile, const uint16_t *w, long rows, long columns) {
    run(pool, pack_bf16_tile, ANNIE_WEIGHT_BF16, packed, first_tile, w, NULL, rows, columns);
}

// Puts 64 columns (or the row's last few) of one row into its lane.
static void put_int8_group(char *tile, long columns, long group, long lane, const int8_t values[group_columns],
                           uint16_t scale) {
    memcpy(tile + group * 32 + lane * 2, &scale, 2);
    uint8_t *codes = (uint8_t *)tile + int8_scales_bytes(columns) + group * int8_group_bytes + lane * 4;
    for (int quad = 0; quad < 16; quad++)
        for (int i = 0; i < 4; i++) codes[quad * 64 + i] = (uint8_t)(values[quad * 4 + i] + 128);
}

// Zero is stored as 128, so absent columns and rows must be written too.
static void clear_int8_codes(char *tile, long columns) {
    memset(tile + int8_scales_bytes(columns), 128, (size_t)groups_of(columns) * int8_group_bytes);
}

static void pack_int8_tile(void *context, long tile) {
    const packing *p = context;
    long rows, groups = groups_of(p->columns);
    char *out = open_tile(p, tile, &rows);
    clear_int8_codes(out, p->columns);
    for (long r = 0; r < rows; r++) {
        const int8_t *row = (const int8_t *)p->w + (tile * tile_rows + r) * p->columns;
        const uint16_t *scales = (const uint16_t *)p->scales + (tile * tile_rows + r) * groups;
        for (long g = 0; g < groups; g++) {
            long left = p->columns - g * group_columns;
            int8_t values[group_columns] = {0};
            memcpy(values, row + g * group_columns, (size_t)(left < group_columns ? left : group_columns));
            put_int8_group(out, p->columns, g, r, values, scales[g]);
        }
    }
}

void annie_pack_int8(annie_pool *pool, void *packed, long first_tile, const int8_t *w, const uint16_t *scales,
                     long rows, long columns) {
    run(pool, pack_int8_tile, ANNIE_WEIGHT_INT8, packed, first_tile, w, scales, rows, columns);
}

static uint16_t quantize_int8_group(int8_t values[group_columns], const uint16_t *w, long count) {
    float x[group_columns] = {0}, amax = 0;
    for (long k = 0; k < count; k++) {
        x[k] = f32_from_bf16(w[k]);
        float magnitude = x[k] < 0 ? -x[k] : x[k];
        amax = magnitude > amax ? magnitude : amax;
    }
    uint16_t scale = annie_bf16_from_f32(amax / 127.0f);
    float step = f32_from_bf16(scale);
    if (!(step > 0)) step = 1.0f;
    for (int k = 0; k < group_columns; k++) {
        float q = x[k] / step;
        q = q > 127.0f ? 127.0f : q;
        q = q > -127.0f ? q : -127.0f;
        values[k] = (int8_t)((int32_t)(bits_from_f32(q + 12582912.0f) - 0x4B400000u));
    }
    return scale;
}

static void pack_int8_from_bf16_tile(void *context, long tile) {
    const packing *p = context;
    long rows, groups = groups_of(p->columns);
    char *out = open_tile(p, tile, &rows);
    clear_int8_codes(out, p->columns);
    for (long r = 0; r < rows; r++)
        for (long g = 0; g < groups; g++) {
            long left = p->columns - g * group_columns;
            const uint16_t *w = (const uint16_t *)p->w + (tile * tile_rows + r) * p->columns + g * group_columns;
            int8_t values[group_columns];
            uint16_t scale = quantize_int8_group(values, w, left < group_columns ? left : group_columns);
            put_int8_group(out, p->columns, g, r, values, scale);
        }
}

void annie_pack_int8_from_bf16(annie_pool *pool, void *packed, long first_tile, const uint16_t *w, long rows,
                               long columns) {
    run(pool, pack_int8_from_bf16_tile, ANNIE_WEIGHT_INT8, packed, first_tile, w, NULL, rows, columns);
}

// In each 32-bit half, nibbles 0 1 2 3 4 5 6 7 become 0 4 1 5 2 6 3 7.
static uint64_t interleave_nibbles(uint64_t x) {
    x = (x & 0xFF0000FFFF0000FFu) | (x & 0x00FF000000FF0000u) >> 8 | (x & 0x0000FF000000FF00u) << 8;
    return (x & 0xF00FF00FF00FF00Fu) | (x & 0x0F000F000F000F00u) >> 4 | (x & 0x00F000F000F000F0u) << 4;
}

static void pack_nvfp4_tile(void *context, long tile) {
    const packing *p = context;
    long rows, blocks = p->columns / 16;
    char *out = open_tile(p, tile, &rows);
    for (long r = 0; r < rows; r++) {
        const uint8_t *codes = (const uint8_t *)p->w + (tile * tile_rows + r) * (p->columns / 2);
        const uint8_t *scales = (const uint8_t *)p->scales + (tile * tile_rows + r) * blocks;
        for (long b = 0; b < blocks; b++) {
            uint64_t nibbles;
            memcpy(&nibbles, codes + b * 8, 8);
            if (scales[b] & 0x80) nibbles ^= 0x8888888888888888u;
            nibbles = interleave_nibbles(nibbles);
            char *group = out + b / 4 * nvfp4_group_bytes, *block = group + b % 4 * nvfp4_block_bytes;
            uint32_t low = (uint32_t)nibbles, high = (uint32_t)(nibbles >> 32);
            memcpy(block + r * 4, &low, 4);
            memcpy(block + 64 + r * 4, &high, 4);
            group[nvfp4_scales_offset + b % 4 * 16 + r] = (char)(scales[b] & 0x7F);
        }
    }
}

void annie_pack_nvfp4(annie_pool *pool, void *packed, long first_tile, const uint8_t *codes, const uint8_t *scales,
                      long rows, long columns) {
    run(pool, pack_nvfp4_tile, ANNIE_WEIGHT_NVFP4, packed, first_tile, codes, scales, rows, columns);
}
