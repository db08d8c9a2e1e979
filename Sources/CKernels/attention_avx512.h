// What attention over bf16 and int8 pages shares in AVX-512.
#ifndef ANNIE_ATTENTION_AVX512_H
#define ANNIE_ATTENTION_AVX512_H

#include <immintrin.h>

#include "attention_body.h"

void attend_int8_avx512(const attention_task *task);

#pragma clang attribute push(ANNIE_TARGET_AVX512, apply_to = function)

enum { groups_per_page = ANNIE_PAGE_TOKENS / 16, groups_per_chunk = ANNIE_ATTENTION_CHUNK / 16 };

// 2^x for x <= 0, relative error 1.1e-7 (a minimax polynomial on [-1/2, 1/2]); 0 for -infinity, NaN stays NaN.
ANNIE_INLINE __m512 exp2_of(__m512 x) {
    x = _mm512_max_ps(_mm512_set1_ps(-200.0f), x);
    __m512 n = _mm512_roundscale_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC), r = _mm512_sub_ps(x, n);
    __m512 p = _mm512_set1_ps(0.001326472731f);
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(0.009671512991f));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(0.05550733581f));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(0.2402224243f));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(0.6931470037f));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(1.0f));
    return _mm512_scalef_ps(p, n);
}

// Lanes of a group of 16 keys that a row sees.
ANNIE_INLINE __mmask16 seen(long visible, long group) {
    long lanes = visible - group * 16;
    return lanes >= 16 ? 0xFFFF : lanes <= 0 ? 0 : (__mmask16)((1u << lanes) - 1);
}

// What is read next, while this page is worked on: pages are not neighbours, so the hardware would not ask for it.
// (Twice the speed from memory; asking for more than a page ahead gains nothing.)
ANNIE_INLINE void prefetch_lines(const char *next, long line, const int lines) {
    for (int i = 0; i < lines; i++) _mm_prefetch(next + (line + i) * 64, _MM_HINT_T0);
}

#pragma clang attribute pop
#endif
