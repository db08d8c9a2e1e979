// How fast this machine reads memory: the ceiling of decoding.
#include <stdatomic.h>
#include <time.h>

#include "annie_kernels.h"
#include "vectors.h"

enum { bytes_per_chunk = 1 << 20 };

typedef struct {
    const char *buffer;
    size_t bytes;
    _Atomic uint32_t sink;  // keeps the reads from being optimised away
} reading;

ANNIE_INLINE uint32_t read_body(const char *p, size_t bytes) {
    u32x16 sums[4] = {(u32x16)0u, (u32x16)0u, (u32x16)0u, (u32x16)0u};
    for (size_t i = 0; i + 256 <= bytes; i += 256)
        for (int j = 0; j < 4; j++) {
            u32x16 v;
            memcpy(&v, p + i + j * 64, 64);
            sums[j] += v;
        }
    return __builtin_reduce_add((sums[0] ^ sums[1]) ^ (sums[2] ^ sums[3]));
}

static uint32_t read_portable(const char *p, size_t bytes) { return read_body(p, bytes); }
#if defined(__x86_64__)
ANNIE_TARGET_AVX512 static uint32_t read_avx512(const char *p, size_t bytes) { return read_body(p, bytes); }
#endif

static void read_chunk(void *context, long chunk) {
    reading *r = context;
    size_t first = (size_t)chunk * bytes_per_chunk;
    size_t bytes = r->bytes - first < bytes_per_chunk ? r->bytes - first : bytes_per_chunk;
    uint32_t sum;
#if defined(__x86_64__)
    if (annie_isa_current() == ANNIE_ISA_AVX512)
        sum = read_avx512(r->buffer + first, bytes);
    else
#endif
        sum = read_portable(r->buffer + first, bytes);
    atomic_fetch_add_explicit(&r->sink, sum, memory_order_relaxed);
}

double annie_measure_bandwidth(annie_pool *pool, const void *buffer, size_t bytes, int repeats) {
    reading r = {.buffer = buffer, .bytes = bytes};
    double best = 0;
    for (int i = 0; i < repeats; i++) {
        struct timespec start, end;
        clock_gettime(CLOCK_MONOTONIC, &start);
        annie_pool_run(pool, (long)((bytes + bytes_per_chunk - 1) / bytes_per_chunk), read_chunk, &r);
        clock_gettime(CLOCK_MONOTONIC, &end);
        double seconds = (double)(end.tv_sec - start.tv_sec) + 1e-9 * (double)(end.tv_nsec - start.tv_nsec);
        if (seconds > 0 && (double)bytes / seconds > best) best = (double)bytes / seconds;
    }
    return best;
}
