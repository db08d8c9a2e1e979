// What attention over bf16 and int8 pages shares in AVX-512.
#ifndef ANNIE_ATTENTION_AVX512_H
#define ANNIE_ATTENTION_AVX512_H

#include <immintrin.h>

#include "attention_body.h"

void attend_int8_avx512(const attention_task *task);

#pragma clang attribute push(ANNIE_TARGET_AVX512, apply_to = function)

enum { groups_per_page = ANNIE_PAGE_TOKENS / 16, groups_per_chunk = ANNIE_ATTENTION_CHUNK / 16 };

ANNIE_INLINE __m512 page_mask(__m512 scores, long group, long visible) {
    __m512i position = _mm512_add_epi32(_mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
                                        _mm512_set1_epi32((int)group * 16));
    __mmask16 seen = _mm512_cmplt_epi32_mask(position, _mm512_set1_epi32((int)visible));
    return _mm512_mask_blend_ps(seen, _mm512_set1_ps(-INFINITY), scores);
}

// What is read next, while this page is worked on: pages are not neighbours, so the hardware would not ask for it.
// (Twice the speed from memory; asking for more than a page ahead gains nothing.)
ANNIE_INLINE void prefetch_lines(const char *next, long line, const int lines) {
    for (int i = 0; i < lines; i++) _mm_prefetch(next + (line + i) * 64, _MM_HINT_T0);
}

#pragma clang attribute pop
#endif
