#include "numbers.h"

#include <stdatomic.h>

#include "annie_kernels.h"
#include "layout.h"

uint16_t annie_bf16_from_f32(float value) { return bf16_from_f32(value); }

void annie_bf16_from_f32_array(uint16_t *out, const float *in, size_t count) {
    for (size_t i = 0; i < count; i++) out[i] = bf16_from_f32(in[i]);
}

void annie_f32_from_bf16_array(float *out, const uint16_t *in, size_t count) {
    for (size_t i = 0; i < count; i++) out[i] = f32_from_bf16(in[i]);
}

void annie_f32_from_f16_array(float *out, const uint16_t *in, size_t count) {
    for (size_t i = 0; i < count; i++) {
        uint32_t sign = (uint32_t)(in[i] & 0x8000) << 16, magnitude = in[i] & 0x7FFF;
        uint32_t special = magnitude >= 0x7C00 ? 0x70000000u : 0;  // infinities and NaN keep the largest exponent
        float value = f32_from_bits((magnitude << 13) + special);
        // 2^112 moves the exponent's bias, and makes subnormals normal.
        uint32_t bits = special != 0 ? bits_from_f32(value) : bits_from_f32(value * 0x1p112f);
        out[i] = f32_from_bits(bits | sign);
    }
}

float annie_f32_from_e4m3(uint8_t byte) { return f32_from_e4m3(byte); }
uint8_t annie_e4m3_from_f32(float value) { return e4m3_from_f32(value); }

// The magnitude's bits order as the magnitudes do, with NaN above all.
typedef struct {
    const void *in;
    size_t count;
    _Atomic uint32_t largest;
} amax_search;

enum { amax_chunk = 65536 };

static void raise_to(_Atomic uint32_t *largest, uint32_t bits) {
    uint32_t seen = atomic_load_explicit(largest, memory_order_relaxed);
    while (seen < bits && !atomic_compare_exchange_weak_explicit(largest, &seen, bits, memory_order_relaxed,
                                                                 memory_order_relaxed)) {}
}

static void amax_f32_chunk(void *context, long chunk) {
    amax_search *search = context;
    size_t first = (size_t)chunk * amax_chunk, last = first + amax_chunk;
    if (last > search->count) last = search->count;
    const float *in = search->in;
    uint32_t largest = 0;
    for (size_t i = first; i < last; i++) {
        uint32_t bits = bits_from_f32(in[i]) & 0x7FFFFFFF;
        largest = bits > largest ? bits : largest;
    }
    raise_to(&search->largest, largest);
}

static void amax_bf16_chunk(void *context, long chunk) {
    amax_search *search = context;
    size_t first = (size_t)chunk * amax_chunk, last = first + amax_chunk;
    if (last > search->count) last = search->count;
    const uint16_t *in = search->in;
    uint16_t largest = 0;
    for (size_t i = first; i < last; i++) {
        uint16_t bits = in[i] & 0x7FFF;
        largest = bits > largest ? bits : largest;
    }
    raise_to(&search->largest, (uint32_t)largest << 16);
}

static float amax(annie_pool *pool, annie_task task, const void *in, size_t count) {
    amax_search search = {.in = in, .count = count};
    atomic_init(&search.largest, 0);
    annie_pool_run(pool, (long)((count + amax_chunk - 1) / amax_chunk), task, &search);
    return f32_from_bits(atomic_load(&search.largest));
}

float annie_amax_f32(annie_pool *pool, const float *in, size_t count) { return amax(pool, amax_f32_chunk, in, count); }

float annie_amax_bf16(annie_pool *pool, const uint16_t *in, size_t count) {
    return amax(pool, amax_bf16_chunk, in, count);
}
