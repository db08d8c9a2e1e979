// convert_int8_body.h in AVX-512: the same bytes.
#include "linear_avx512.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(ANNIE_TARGET_AVX512, apply_to = function)

// Four vectors of integers as one of bytes, in order.
ANNIE_INLINE __m512i bytes_of(const __m512i v[4]) {
    __m512i packed = _mm512_packs_epi16(_mm512_packs_epi32(v[0], v[1]), _mm512_packs_epi32(v[2], v[3]));
    return _mm512_permutexvar_epi32(_mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15), packed);
}

// The sums of each sixteen bytes.
ANNIE_INLINE __m128i sums_of_blocks(__m512i bytes) {
    __m512i s = _mm512_dpbusd_epi32(_mm512_setzero_si512(), _mm512_set1_epi8(1), bytes);
    s = _mm512_add_epi32(s, _mm512_shuffle_epi32(s, 0xB1));
    s = _mm512_add_epi32(s, _mm512_shuffle_epi32(s, 0x4E));
    return _mm512_castsi512_si128(_mm512_permutexvar_epi32(_mm512_castsi128_si512(_mm_setr_epi32(0, 4, 8, 12)), s));
}

// Infinities and NaN win the maximum of the bits, and reach the result through the scale.
ANNIE_INLINE __m512i quantize_group(float *scale, const __m512 v[4]) {
    __m512i largest = _mm512_setzero_si512();
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; i++) largest = _mm512_max_epu32(largest, _mm512_castps_si512(_mm512_abs_ps(v[i])));
    float amax;
    uint32_t bits = _mm512_reduce_max_epu32(largest);
    memcpy(&amax, &bits, sizeof amax);
    *scale = amax / 127.0f;
    __m512 inverse = _mm512_set1_ps(amax >= 0x1p-100f && amax <= 0x1.fffffep127f ? 127.0f / amax : 0.0f);
    __m512i integers[4];
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; i++) integers[i] = _mm512_cvtps_epi32(_mm512_mul_ps(v[i], inverse));
    return bytes_of(integers);
}

ANNIE_INLINE void load_group(__m512 v[4], const float *x, long left) {
    if (left >= group_columns) {
#pragma clang loop unroll(full)
        for (int i = 0; i < 4; i++) v[i] = _mm512_loadu_ps(x + i * 16);
        return;
    }
    uint64_t present = (1ull << left) - 1;
#pragma clang loop unroll(full)
    for (int i = 0; i < 4; i++) v[i] = _mm512_maskz_loadu_ps((__mmask16)(present >> (i * 16)), x + i * 16);
}

void convert_int8_avx512(void *block, long r, long rows, const float *x, long columns, bool for_nvfp4) {
    char *group = block;
    for (long first = 0; first < columns; first += group_columns, group += rows * int8_row_bytes) {
        __m512 v[4] = {_mm512_setzero_ps(), _mm512_setzero_ps(), _mm512_setzero_ps(), _mm512_setzero_ps()};
        if (x != NULL) load_group(v, x + first, columns - first);
        int32_t *offsets = (int32_t *)(group + rows * int8_codes_bytes) + r;
        float *scales = (float *)(group + rows * (int8_codes_bytes + int8_offsets_bytes));
        __m512i codes = quantize_group(&scales[r], v);
        _mm512_storeu_si512(group + r * int8_codes_bytes, codes);
        __m128i sums = sums_of_blocks(codes);
        if (for_nvfp4) {
            __m128i four = _mm_slli_epi32(sums, 2);
            sums = _mm_sub_epi32(_mm_setzero_si128(), _mm_add_epi32(four, _mm_slli_epi32(sums, 3)));
            offsets[0] = _mm_cvtsi128_si32(sums);
            offsets[rows] = _mm_extract_epi32(sums, 1);
            offsets[2 * rows] = _mm_extract_epi32(sums, 2);
            offsets[3 * rows] = _mm_extract_epi32(sums, 3);
        } else {
            sums = _mm_add_epi32(sums, _mm_shuffle_epi32(sums, 0xB1));
            sums = _mm_add_epi32(sums, _mm_shuffle_epi32(sums, 0x4E));
            offsets[0] = -128 * _mm_cvtsi128_si32(sums);
        }
    }
}

#pragma clang attribute pop
#endif
