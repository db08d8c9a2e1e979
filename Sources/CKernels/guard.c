// Memory that is dealt out from larger pieces, told to the address sanitiser: what is not dealt out may not be touched.
#include "annie_kernels.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ANNIE_ADDRESS_SANITIZER 1
#endif
#endif

#ifdef ANNIE_ADDRESS_SANITIZER
void __asan_poison_memory_region(void const volatile *address, size_t size);
void __asan_unpoison_memory_region(void const volatile *address, size_t size);

size_t annie_guard_bytes(void) { return 64; }
void annie_guard(void *p, size_t bytes) { __asan_poison_memory_region(p, bytes); }
void annie_unguard(void *p, size_t bytes) { __asan_unpoison_memory_region(p, bytes); }
#else
size_t annie_guard_bytes(void) { return 0; }
void annie_guard(void *p, size_t bytes) { (void)p, (void)bytes; }
void annie_unguard(void *p, size_t bytes) { (void)p, (void)bytes; }
#endif
