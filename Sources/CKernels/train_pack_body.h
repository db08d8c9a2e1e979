// Sources to packed units, 16 by 16.
#ifndef ANNIE_TRAIN_PACK_BODY_H
#define ANNIE_TRAIN_PACK_BODY_H

#include "numbers.h"
#include "train_tile_body.h"

ANNIE_INLINE u32x16 bf16_bits(f32x16 v) { return f32x16_bits(f32x16_rounded_to_bf16(v)); }

ANNIE_INLINE uint32_t source_value(annie_train_source source, long row, long column, const bool is_bf16) {
    if (source.is_bf16) {
        uint16_t half = ((const uint16_t *)source.values)[row * source.stride + column];
        return is_bf16 ? half : (uint32_t)half << 16;
    }
    float value = ((const float *)source.values)[row * source.stride + column];
    return is_bf16 ? bf16_from_f32(value) : bits_from_f32(value);
}

// 16 units along a row: unit u holds columns u (fp32), or 2u and 2u + 1 (bf16).
ANNIE_INLINE u32x16 units_along(annie_train_source source, long row, long unit, long columns, const bool is_bf16) {
    const long per_unit = is_bf16 ? 2 : 1;
    long column = unit * per_unit;
    if (column + 16 * per_unit > columns) {
        uint32_t lanes[16] = {0};
        for (long i = 0; i < 16; i++)
            for (long j = 0; j < per_unit; j++)
                if (column + i * per_unit + j < columns)
                    lanes[i] |= source_value(source, row, column + i * per_unit + j, is_bf16) << (16 * j);
        return u32x16_load(lanes);
    }
    if (source.is_bf16) {
        const uint16_t *p = (const uint16_t *)source.values + row * source.stride + column;
        return is_bf16 ? u32x16_load(p) : f32x16_bits(f32x16_from_bf16(p));
    }
    const float *p = (const float *)source.values + row * source.stride + column;
    if (!is_bf16) return u32x16_load(p);
    u32x16 a = bf16_bits(f32x16_load(p)), b = bf16_bits(f32x16_load(p + 16));
    u32x16 even = __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    u32x16 odd = __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
    return even >> 16 | odd;
}

// 16 columns of one unit of rows: row u (fp32), or rows 2u and 2u + 1 (bf16).
ANNIE_INLINE u32x16 units_across(annie_train_source source, long unit, long column, long rows, long columns,
                                 const bool is_bf16) {
    long row = is_bf16 ? unit * 2 : unit;
    if (column + 16 > columns || (is_bf16 && row + 1 >= rows)) {
        uint32_t lanes[16] = {0};
        for (long i = 0; i < 16 && column + i < columns; i++) {
            lanes[i] = source_value(source, row, column + i, is_bf16);
            if (is_bf16 && row + 1 < rows) lanes[i] |= source_value(source, row + 1, column + i, is_bf16) << 16;
        }
        return u32x16_load(lanes);
    }
    if (source.is_bf16) {
        const uint16_t *p = (const uint16_t *)source.values + row * source.stride + column;
        if (!is_bf16) return f32x16_bits(f32x16_from_bf16(p));
        return f32x16_bits(f32x16_from_bf16(p)) >> 16 | f32x16_bits(f32x16_from_bf16(p + source.stride));
    }
    const float *p = (const float *)source.values + row * source.stride + column;
    if (!is_bf16) return u32x16_load(p);
    return bf16_bits(f32x16_load(p)) >> 16 | bf16_bits(f32x16_load(p + source.stride));
}

// One step of a transpose: exchanges blocks of `distance` lanes between rows that far apart.
#define ANNIE_EXCHANGE(distance, ...)                                                                                  \
    for (int i = 0; i < 16; i++)                                                                                       \
        if ((i & distance) == 0) {                                                                                     \
            u32x16 low = v[i], high = v[i + distance];                                                                 \
            v[i] = __builtin_shufflevector(low, high, __VA_ARGS__);                                                    \
            v[i + distance] = __builtin_shufflevector(low, high, ANNIE_OTHER_##distance);                              \
        }
#define ANNIE_ONE_1 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30
#define ANNIE_OTHER_1 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31
#define ANNIE_ONE_2 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29
#define ANNIE_OTHER_2 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31
#define ANNIE_ONE_4 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27
#define ANNIE_OTHER_4 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31
#define ANNIE_ONE_8 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23
#define ANNIE_OTHER_8 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31

ANNIE_INLINE void transpose_units(u32x16 *v) {
#pragma clang loop unroll(full)
    ANNIE_EXCHANGE(1, ANNIE_ONE_1)
#pragma clang loop unroll(full)
    ANNIE_EXCHANGE(2, ANNIE_ONE_2)
#pragma clang loop unroll(full)
    ANNIE_EXCHANGE(4, ANNIE_ONE_4)
#pragma clang loop unroll(full)
    ANNIE_EXCHANGE(8, ANNIE_ONE_8)
}

// Where 16 others (rows of left, columns of right) of one unit, or 16 units of one other, go.
ANNIE_INLINE char *left_address(char *out, long row, long unit, long units) { return out + (row * units + unit) * 4; }
ANNIE_INLINE char *right_address(char *out, long unit, long column, long units) {
    return out + ((column / panel_columns * units + unit) * panel_columns + column % panel_columns) * 4;
}

// Others are the rows of a left operand or the columns of a right one. Where the source's rows are the others, units lie
// along them; otherwise its rows are the depth.
typedef struct {
    long first, last, others;           // a multiple of 16 first
    long first_unit, last_unit, units;  // a multiple of 16 first
    long depth;
} train_packing;

ANNIE_INLINE bool lies_along(train_form form) { return form == form_left || form == form_right_transposed; }
ANNIE_INLINE bool is_left(train_form form) { return form == form_left || form == form_left_transposed; }

ANNIE_INLINE train_packing packing_of(train_form form, const long per_unit, long rows, long columns, train_block b) {
    train_packing p = lies_along(form)
                          ? (train_packing){b.first_row, b.last_row, rows, b.first_column, b.last_column, 0, columns}
                          : (train_packing){b.first_column, b.last_column, columns, b.first_row, b.last_row, 0, rows};
    p.units = divided_up(p.depth, per_unit);
    p.first_unit /= per_unit;
    p.last_unit = p.last_unit < p.depth ? p.last_unit / per_unit : p.units;
    long end = is_left(form) ? p.others : rounded_up_to_panel(p.others);
    if (p.last > end) p.last = end;
    return p;
}

ANNIE_INLINE void pack_body(const bool is_bf16, const train_form form, char *out, annie_train_source source,
                            train_packing p) {
    for (long unit = p.first_unit; unit < p.last_unit; unit += 16)
        for (long other = p.first; other < p.last; other += 16) {
            u32x16 v[16];
            for (int i = 0; i < 16; i++) {
                if (lies_along(form))
                    v[i] = other + i < p.others ? units_along(source, other + i, unit, p.depth, is_bf16) : (u32x16)0u;
                else
                    v[i] = unit + i < p.units ? units_across(source, unit + i, other, p.depth, p.others, is_bf16)
                                              : (u32x16)0u;
            }
            if (lies_along(form) != is_left(form)) transpose_units(v);
            for (int i = 0; i < 16; i++) {
                if (is_left(form)) {
                    if (other + i >= p.others) break;
                    long left = p.units - unit;
                    memcpy(left_address(out, other + i, unit, p.units), &v[i], (size_t)(left < 16 ? left : 16) * 4);
                } else {
                    if (unit + i >= p.units) break;
                    memcpy(right_address(out, unit + i, other, p.units), &v[i], 64);
                }
            }
        }
}

ANNIE_INLINE void pack_form(const bool is_bf16, train_form form, char *out, annie_train_source source, long rows,
                            long columns, train_block block) {
    train_packing p = packing_of(form, is_bf16 ? 2 : 1, rows, columns, block);
    switch (form) {
    case form_left: pack_body(is_bf16, form_left, out, source, p); break;
    case form_left_transposed: pack_body(is_bf16, form_left_transposed, out, source, p); break;
    case form_right: pack_body(is_bf16, form_right, out, source, p); break;
    case form_right_transposed: pack_body(is_bf16, form_right_transposed, out, source, p); break;
    }
}

#define ANNIE_TRAIN_FUNCTIONS(suffix, target, width)                                                                   \
    target static void pack_f32_##suffix(train_form form, char *out, annie_train_source source, long rows,             \
                                         long columns, train_block block) {                                            \
        pack_form(false, form, out, source, rows, columns, block);                                                     \
    }                                                                                                                  \
    target static void tile_f32_##suffix(const train_tile *tile) { multiply_tile(tile, width, false); }

// For what has no instructions for bf16.
#define ANNIE_TRAIN_BF16_FUNCTIONS(suffix, target)                                                                     \
    target static void pack_bf16_##suffix(train_form form, char *out, annie_train_source source, long rows,            \
                                          long columns, train_block block) {                                           \
        pack_form(true, form, out, source, rows, columns, block);                                                      \
    }                                                                                                                  \
    target static void tile_bf16_##suffix(const train_tile *tile) { multiply_tile(tile, 1, true); }

#endif
