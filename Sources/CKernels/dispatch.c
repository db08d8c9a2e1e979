#include "dispatch.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>

static bool has(unsigned word, int bit) { return (word >> bit & 1) != 0; }

// A set counts only when the operating system saves its registers too.
static annie_isa detect(void) {
    unsigned a, b, c, d;
    if (__get_cpuid(1, &a, &b, &c, &d) == 0 || !has(c, 27) || !has(c, 12) || !has(c, 29)) return ANNIE_ISA_PORTABLE;
    unsigned saved, unused;
    __asm__ volatile("xgetbv" : "=a"(saved), "=d"(unused) : "c"(0));
    if ((saved & 0x06) != 0x06) return ANNIE_ISA_PORTABLE;
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return ANNIE_ISA_PORTABLE;
    if (!has(b, 3) || !has(b, 5) || !has(b, 8)) return ANNIE_ISA_PORTABLE;  // BMI, AVX2, BMI2
    bool foundation = has(b, 16) && has(b, 17) && has(b, 30) && has(b, 31);  // F, DQ, BW, VL
    bool vbmi_and_vnni = has(c, 1) && has(c, 11);
    unsigned a1, b1, c1, d1;
    bool bf16 = __get_cpuid_count(7, 1, &a1, &b1, &c1, &d1) != 0 && has(a1, 5);
    return (saved & 0xE6) == 0xE6 && foundation && vbmi_and_vnni && bf16 ? ANNIE_ISA_AVX512 : ANNIE_ISA_AVX2;
}
#else
static annie_isa detect(void) { return ANNIE_ISA_PORTABLE; }
#endif

static kernel_table tables[3];
static annie_isa best;
static _Atomic(const kernel_table *) current;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static annie_isa requested(annie_isa fallback) {
    const char *name = getenv("ANNIE_ISA");
    if (name == NULL) return fallback;
    for (annie_isa isa = ANNIE_ISA_PORTABLE; isa <= fallback; isa++)
        if (strcmp(name, annie_isa_name(isa)) == 0) return isa;
    return fallback;
}

static void prepare(void) {
    best = detect();
    tables[0] = (kernel_table){ANNIE_ISA_PORTABLE,   linear_portable,      nvfp4_portable,
                               attention_portable, elementwise_portable, logits_portable, recurrent_portable,
                               recurrent_backward_portable};
#if defined(__x86_64__)
    tables[1] = (kernel_table){ANNIE_ISA_AVX2,   linear_avx2,      nvfp4_avx2,
                               attention_avx2, elementwise_avx2, logits_avx2, recurrent_avx2,
                               recurrent_backward_avx2};
    tables[2] = (kernel_table){ANNIE_ISA_AVX512,   linear_avx512,    nvfp4_avx512,
                               attention_avx512, elementwise_avx512, logits_avx512, recurrent_avx512,
                               recurrent_backward_avx512};
#endif
    atomic_store(&current, &tables[requested(best)]);
}

const kernel_table *annie_kernels_current(void) {
    const kernel_table *table = atomic_load_explicit(&current, memory_order_acquire);
    if (table != NULL) return table;
    pthread_once(&once, prepare);
    return atomic_load_explicit(&current, memory_order_acquire);
}

annie_isa annie_isa_best(void) {
    annie_kernels_current();
    return best;
}

annie_isa annie_isa_current(void) { return annie_kernels_current()->isa; }

annie_isa annie_isa_select(annie_isa isa) {
    annie_kernels_current();
    annie_isa chosen = isa < best ? isa : best;
    if (chosen < ANNIE_ISA_PORTABLE || chosen > ANNIE_ISA_AVX512) chosen = ANNIE_ISA_PORTABLE;
    atomic_store(&current, &tables[chosen]);
    return chosen;
}

const char *annie_isa_name(annie_isa isa) {
    switch (isa) {
    case ANNIE_ISA_PORTABLE: return "portable";
    case ANNIE_ISA_AVX2: return "avx2";
    case ANNIE_ISA_AVX512: return "avx512";
    }
    return "unknown";
}
