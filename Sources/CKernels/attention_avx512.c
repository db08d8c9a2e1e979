#if defined(__x86_64__)
#include "attention_body.h"

ANNIE_ATTENTION_FUNCTIONS(avx512, ANNIE_TARGET_AVX512)
#endif
