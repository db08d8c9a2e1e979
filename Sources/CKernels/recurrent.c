#include "dispatch.h"
#include "recurrent_body.h"

ANNIE_RECURRENT_FUNCTIONS(portable, )
#if defined(__x86_64__)
ANNIE_RECURRENT_FUNCTIONS(avx2, ANNIE_TARGET_AVX2)
ANNIE_RECURRENT_FUNCTIONS(avx512, ANNIE_TARGET_AVX512)
#endif
