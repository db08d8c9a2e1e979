// Products in AVX2. Integer sums are exact and scaled in the same order as in AVX-512, so int8 input gives the same
// bits there and here.
#include "convert_int8_body.h"
#include "linear_f32_body.h"

#if defined(__x86_64__)
#include <immintrin.h>

ANNIE_LINEAR_F32_FUNCTIONS(avx2, ANNIE_TARGET_AVX2)

#pragma clang attribute push(ANNIE_TARGET_AVX2, apply_to = function)

// A tile is two halves of eight rows.
enum { half_rows = 8, half_bytes = 32 };

static void convert_int8_avx2(void *block, long r, long rows, const float *x, long columns, bool for_nvfp4) {
    convert_int8_body(block, r, rows, x, columns, for_nvfp4);
}

ANNIE_INLINE __m256i four_columns(const char *codes) {
    int32_t bits;
    memcpy(&bits, codes, sizeof bits);
    return _mm256_set1_epi32(bits);
}

ANNIE_INLINE float row_scale(const char *group, long r, long rows) {
    return ((const float *)(group + rows * (int8_codes_bytes + int8_offsets_bytes)))[r];
}

// Sixteen columns of eight rows as four vectors of bytes weight + 12.
ANNIE_INLINE void expand_half_block(__m256i quads[4], const char *block) {
    const __m256i table = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(12, 13, 14, 15, 16, 18, 20, 24, 12, 11, 10, 9, 8, 6, 4, 0));
    const __m256i nibble = _mm256_set1_epi8(15);
#pragma clang loop unroll(full)
    for (int j = 0; j < 2; j++) {
        __m256i bytes = _mm256_loadu_si256((const __m256i *)(block + j * 64));
        quads[2 * j] = _mm256_shuffle_epi8(table, _mm256_and_si256(bytes, nibble));
        quads[2 * j + 1] = _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(bytes, 4), nibble));
    }
}

ANNIE_INLINE __m256 expand_half_scales(const char *scales) {
    __m256i wide = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)scales));
    return _mm256_mul_ps(_mm256_castsi256_ps(_mm256_slli_epi32(wide, 20)), _mm256_set1_ps(0x1p119f));
}

// Sixteen columns: four sums of two products each stay below 2^15.
ANNIE_INLINE __m256 half_block_sum(const __m256i quads[4], const char *codes, int32_t offset) {
    __m256i sum = _mm256_maddubs_epi16(quads[0], four_columns(codes));
#pragma clang loop unroll(full)
    for (int i = 1; i < 4; i++)
        sum = _mm256_add_epi16(sum, _mm256_maddubs_epi16(quads[i], four_columns(codes + i * 4)));
    __m256i wide = _mm256_madd_epi16(sum, _mm256_set1_epi16(1));
    return _mm256_cvtepi32_ps(_mm256_add_epi32(wide, _mm256_set1_epi32(offset)));
}

ANNIE_INLINE void nvfp4_int8_half(float *out, const linear_job *job, const char *tile, const char *x, long half,
                                  const int rows) {
    __m256 totals[rows_per_block];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) totals[r] = _mm256_setzero_ps();
    for (long g = groups_of(job->linear->columns); g > 0; g--, tile += nvfp4_group_bytes, x += rows * int8_row_bytes) {
        __m256 sums[rows_per_block];
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++) sums[r] = _mm256_setzero_ps();
#pragma clang loop unroll(disable)
        for (int b = 0; b < 4; b++) {
            __m256i quads[4];
            expand_half_block(quads, tile + b * nvfp4_block_bytes + half * half_bytes);
            __m256 scales = expand_half_scales(tile + nvfp4_scales_offset + b * 16 + half * half_rows);
#pragma clang loop unroll(full)
            for (int r = 0; r < rows; r++) {
                int32_t offset = ((const int32_t *)(x + rows * int8_codes_bytes))[b * rows + r];
                __m256 sum = half_block_sum(quads, x + r * int8_codes_bytes + b * 16, offset);
                sums[r] = _mm256_fmadd_ps(sum, scales, sums[r]);
            }
        }
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++)
            totals[r] = _mm256_fmadd_ps(sums[r], _mm256_set1_ps(row_scale(x, r, rows)), totals[r]);
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) _mm256_storeu_ps(out + r * tile_rows + half * half_rows, totals[r]);
}

// |w| times x with w's sign: both factors then fit vpmaddubsw without overflow, even -128.
ANNIE_INLINE void int8_int8_half(float *out, const linear_job *job, const char *tile, const char *x, long half,
                                 const int rows) {
    const char *scales = tile + half * half_rows * 2;
    const char *codes = tile + int8_scales_bytes(job->linear->columns) + half * half_bytes;
    __m256 totals[rows_per_block];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) totals[r] = _mm256_setzero_ps();
    for (long g = groups_of(job->linear->columns); g > 0; g--) {
        __m256i sums[rows_per_block];
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++) sums[r] = _mm256_setzero_si256();
#pragma clang loop unroll_count(2)
        for (int i = 0; i < 16; i++) {
            __m256i biased = _mm256_loadu_si256((const __m256i *)(codes + i * 64));
            __m256i w = _mm256_xor_si256(biased, _mm256_set1_epi8(-128)), magnitude = _mm256_abs_epi8(w);
#pragma clang loop unroll(full)
            for (int r = 0; r < rows; r++) {
                __m256i signed_x = _mm256_sign_epi8(four_columns(x + r * int8_codes_bytes + i * 4), w);
                __m256i two = _mm256_maddubs_epi16(magnitude, signed_x);
                sums[r] = _mm256_add_epi32(sums[r], _mm256_madd_epi16(two, _mm256_set1_epi16(1)));
            }
        }
        __m256i wide = _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)scales));
        __m256 w_scales = _mm256_castsi256_ps(_mm256_slli_epi32(wide, 16));
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++) {
            __m256 scaled = _mm256_mul_ps(_mm256_cvtepi32_ps(sums[r]), w_scales);
            totals[r] = _mm256_fmadd_ps(scaled, _mm256_set1_ps(row_scale(x, r, rows)), totals[r]);
        }
        codes += int8_group_bytes;
        scales += 32;
        x += rows * int8_row_bytes;
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) _mm256_storeu_ps(out + r * tile_rows + half * half_rows, totals[r]);
}

ANNIE_INLINE void multiply_tiles(const linear_job *job, long t0, long t1, long b0, long b1, const int rows) {
    for (long t = t0; t < t1; t++)
        for (long b = b0; b < b1; b++) {
            float out[rows_per_block * tile_rows];
            const char *tile = (const char *)job->linear->packed + (size_t)t * job->tile_size;
            for (long half = 0; half < 2; half++) {
                if (job->linear->format == ANNIE_WEIGHT_NVFP4)
                    nvfp4_int8_half(out, job, tile, block_of(job, b), half, rows);
                else
                    int8_int8_half(out, job, tile, block_of(job, b), half, rows);
            }
            for (long r = 0; r < rows_of_block(job, b); r++)
                linear_finish(job, t, b * rows + r, out + r * tile_rows);
        }
}

static void multiply_avx2(const linear_job *job, long t0, long t1, long b0, long b1) {
    ANNIE_FOR_ROWS_IN_BLOCK(multiply_tiles, job, t0, t1, b0, b1)
}

#pragma clang attribute pop

const linear_kernels linear_avx2 = {
    .to_rounded = convert_rounded_avx2,
    .to_int8 = convert_int8_avx2,
    .f32 = {f32_f32_avx2, bf16_f32_avx2, int8_f32_avx2, nvfp4_f32_avx2},
    .int8 = {[ANNIE_WEIGHT_INT8] = multiply_avx2, [ANNIE_WEIGHT_NVFP4] = multiply_avx2},
};
#endif
