// Packing of training's bf16 operands: vcvtne2ps2bf16 rounds two vectors at once. It takes subnormal fp32 values for zeros,
// as vdpbf16ps does with its operands, so that no product is another for it.
#include "train_pack_body.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(ANNIE_TARGET_AVX512, apply_to = function)

ANNIE_INLINE uint32_t first_lanes(long count) {
    return count >= 32 ? 0xFFFFFFFFu : count <= 0 ? 0 : (1u << count) - 1;
}

// 16 units along a row.
ANNIE_INLINE __m512i bf16_along(annie_train_source source, long row, long unit, long columns) {
    long column = unit * 2, index = row * source.stride + column;
    if (source.is_bf16)
        return _mm512_maskz_loadu_epi16(first_lanes(columns - column), (const uint16_t *)source.values + index);
    const float *p = (const float *)source.values + index;
    __m512 low = _mm512_maskz_loadu_ps((__mmask16)first_lanes(columns - column), p);
    __m512 high = _mm512_maskz_loadu_ps((__mmask16)first_lanes(columns - column - 16), p + 16);
    return (__m512i)_mm512_cvtne2ps_pbh(high, low);
}

// 16 columns of rows 2u and 2u + 1, in pairs.
ANNIE_INLINE __m512i bf16_across(annie_train_source source, long unit, long column, long rows, long columns) {
    static const uint16_t in_pairs[32] = {0, 16, 1, 17, 2,  18, 3,  19, 4,  20, 5,  21, 6,  22, 7,  23,
                                          8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31};
    long row = unit * 2, index = row * source.stride + column;
    __mmask16 mask = (__mmask16)first_lanes(columns - column), next = row + 1 < rows ? mask : 0;
    __m512i both;
    if (source.is_bf16) {
        const uint16_t *p = (const uint16_t *)source.values + index;
        both = _mm512_inserti64x4(_mm512_castsi256_si512(_mm256_maskz_loadu_epi16(mask, p)),
                                  _mm256_maskz_loadu_epi16(next, p + source.stride), 1);
    } else {
        const float *p = (const float *)source.values + index;
        both = (__m512i)_mm512_cvtne2ps_pbh(_mm512_maskz_loadu_ps(next, p + source.stride),
                                            _mm512_maskz_loadu_ps(mask, p));
    }
    return _mm512_permutexvar_epi16(_mm512_loadu_si512(in_pairs), both);
}

// Rows become columns: neighbours first, then pairs, then quarters of the vectors.
ANNIE_INLINE void transpose(__m512i *v) {
    __m512i t[16], u[16];
#pragma clang loop unroll(full)
    for (int i = 0; i < 16; i += 2) {
        t[i] = _mm512_unpacklo_epi32(v[i], v[i + 1]);
        t[i + 1] = _mm512_unpackhi_epi32(v[i], v[i + 1]);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < 16; i += 4)
#pragma clang loop unroll(full)
        for (int j = 0; j < 2; j++) {
            u[i + 2 * j] = _mm512_unpacklo_epi64(t[i + j], t[i + 2 + j]);
            u[i + 2 * j + 1] = _mm512_unpackhi_epi64(t[i + j], t[i + 2 + j]);
        }
    // Quarter k of u[4 r + j] holds column 4 k + j of rows 4 r to 4 r + 3.
#pragma clang loop unroll(full)
    for (int j = 0; j < 4; j++) {
        __m512i even = _mm512_shuffle_i32x4(u[j], u[4 + j], 0x88), odd = _mm512_shuffle_i32x4(u[j], u[4 + j], 0xDD);
        __m512i even2 = _mm512_shuffle_i32x4(u[8 + j], u[12 + j], 0x88);
        __m512i odd2 = _mm512_shuffle_i32x4(u[8 + j], u[12 + j], 0xDD);
        v[j] = _mm512_shuffle_i32x4(even, even2, 0x88);
        v[4 + j] = _mm512_shuffle_i32x4(odd, odd2, 0x88);
        v[8 + j] = _mm512_shuffle_i32x4(even, even2, 0xDD);
        v[12 + j] = _mm512_shuffle_i32x4(odd, odd2, 0xDD);
    }
}

// 16 units, or as many as there are, to where whole lines lie.
ANNIE_INLINE void store_units(char *out, long count, __m512i units, const bool streams) {
    if (count < 16)
        _mm512_mask_storeu_epi32(out, (__mmask16)first_lanes(count), units);
    else if (streams && ((uintptr_t)out & 63) == 0)
        _mm512_stream_si512((__m512i *)out, units);
    else
        _mm512_storeu_si512(out, units);
}

ANNIE_INLINE void pack_left(char *out, annie_train_source source, train_packing p, const bool streams) {
    for (long row = p.first; row < p.last; row++)
        for (long unit = p.first_unit; unit < p.last_unit; unit += 16)
            store_units(left_address(out, row, unit, p.units), p.units - unit, bf16_along(source, row, unit, p.depth),
                        streams);
}

ANNIE_INLINE void pack_left_transposed(char *out, annie_train_source source, train_packing p, const bool streams) {
    for (long unit = p.first_unit; unit < p.last_unit; unit += 16)
        for (long other = p.first; other < p.last; other += 16) {
            __m512i v[16];
#pragma clang loop unroll(full)
            for (int i = 0; i < 16; i++)
                v[i] = unit + i < p.units ? bf16_across(source, unit + i, other, p.depth, p.others)
                                          : _mm512_setzero_si512();
            transpose(v);
            for (int i = 0; i < 16 && other + i < p.others; i++)
                store_units(left_address(out, other + i, unit, p.units), p.units - unit, v[i], streams);
        }
}

// The rows of a unit that comes soon, for columns that are a small part of them: no prefetcher sees what is read next. A
// prefetch of what is not there does nothing.
ANNIE_INLINE void expect_unit(annie_train_source source, long unit, train_packing p) {
    long size = source.is_bf16 ? 2 : 4, last = p.last < p.others ? p.last : p.others;
    for (long row = unit * 2; row < unit * 2 + 2; row++) {
        const char *from = (const char *)source.values + (row * source.stride + p.first) * size;
        for (long offset = 0; offset < (last - p.first) * size; offset += 64) _mm_prefetch(from + offset, _MM_HINT_T0);
    }
}

ANNIE_INLINE void pack_right(char *out, annie_train_source source, train_packing p, const bool streams) {
    for (long unit = p.first_unit; unit < p.last_unit; unit++) {
        if (!streams) expect_unit(source, unit + 4, p);
        long other = p.first, whole = unit * 2 + 1 < p.depth ? p.others - panel_columns : -1;
        for (; other <= whole && other < p.last; other += panel_columns) {
            char *panel = right_address(out, unit, other, p.units);
#pragma clang loop unroll(full)
            for (int i = 0; i < panel_columns; i += 16)
                store_units(panel + i * 4, 16, bf16_across(source, unit, other + i, unit * 2 + 2, other + i + 16),
                            streams);
        }
        for (; other < p.last; other += 16)
            store_units(right_address(out, unit, other, p.units), 16,
                        bf16_across(source, unit, other, p.depth, p.others), streams);
    }
}

ANNIE_INLINE void pack_right_transposed(char *out, annie_train_source source, train_packing p, const bool streams) {
    // Along the rows, so that each is read in one run.
    for (long other = p.first; other < p.last; other += 16)
        for (long unit = p.first_unit; unit < p.last_unit; unit += 16) {
            __m512i v[16];
#pragma clang loop unroll(full)
            for (int i = 0; i < 16; i++)
                v[i] = other + i < p.others ? bf16_along(source, other + i, unit, p.depth) : _mm512_setzero_si512();
            transpose(v);
            for (int i = 0; i < 16 && unit + i < p.units; i++)
                store_units(right_address(out, unit + i, other, p.units), 16, v[i], streams);
        }
}

ANNIE_INLINE void pack_form_to(char *out, train_form form, annie_train_source source, train_packing p,
                               const bool streams) {
    switch (form) {
    case form_left: pack_left(out, source, p, streams); break;
    case form_left_transposed: pack_left_transposed(out, source, p, streams); break;
    case form_right: pack_right(out, source, p, streams); break;
    case form_right_transposed: pack_right_transposed(out, source, p, streams); break;
    }
}

void train_pack_bf16_avx512(train_form form, char *out, annie_train_source source, long rows, long columns,
                            train_block block) {
    train_packing p = packing_of(form, 2, rows, columns, block);
    if (!block.streams) return pack_form_to(out, form, source, p, false);
    pack_form_to(out, form, source, p, true);
    _mm_sfence();  // before another thread is told that they are there
}

#pragma clang attribute pop
#endif
